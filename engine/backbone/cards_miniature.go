package backbone

// miniatureCards are BERTs for machines without a GPU: Turc et al. 2019 and Wang et al. 2020.
func miniatureCards() []Card {
	return []Card{
		{
			Name: "bert-tiny", Title: "BERT tiny: 2 layers of 128, lower-cased", Family: "bert", Repo: "google/bert_uncased_L-2_H-128_A-2", Year: 2019,
			Layers: 2, Width: 128, Heads: 2, Vocabulary: 30522, Params: 4385920, Bytes: 17733872, Licence: "Apache-2.0", Tasks: encoderTasks,
			Notes: "Trains in seconds: for trying things out.",
		},
		{
			Name: "bert-mini", Title: "BERT mini: 4 layers of 256, lower-cased", Family: "bert", Repo: "google/bert_uncased_L-4_H-256_A-4", Year: 2019,
			Layers: 4, Width: 256, Heads: 4, Vocabulary: 30522, Params: 11170560, Bytes: 45071600, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{{"SST-2 test", 85.9, "Turc et al. 2019"}},
		},
		{
			Name: "bert-small", Title: "BERT small: 4 layers of 512, lower-cased", Family: "bert", Repo: "google/bert_uncased_L-4_H-512_A-8", Year: 2019,
			Layers: 4, Width: 512, Heads: 8, Vocabulary: 30522, Params: 28763648, Bytes: 116235504, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{{"SST-2 test", 89.7, "Turc et al. 2019"}},
		},
		{
			Name: "bert-medium", Title: "BERT medium: 8 layers of 512, lower-cased", Family: "bert", Repo: "google/bert_uncased_L-8_H-512_A-8", Year: 2019,
			Layers: 8, Width: 512, Heads: 8, Vocabulary: 30522, Params: 41373184, Bytes: 166673648, Licence: "Apache-2.0", Tasks: encoderTasks,
		},
		{
			Name: "minilm-l6", Title: "MiniLM: 6 layers of 384, distilled from BERT", Family: "bert", Repo: "nreimers/MiniLM-L6-H384-uncased", Year: 2020,
			Layers: 6, Width: 384, Heads: 12, Vocabulary: 30522, Params: 22713216, Bytes: 90852864, Licence: "MIT", Tasks: encoderTasks,
			Notes: "Half the layers of the published 12-layer MiniLM.",
		},
		{
			Name: "all-minilm-l6-v2", Title: "MiniLM trained for sentence embeddings", Family: "bert", Repo: "sentence-transformers/all-MiniLM-L6-v2", Year: 2021,
			Layers: 6, Width: 384, Heads: 12, Vocabulary: 30522, Params: 22713216, Bytes: 90852864, Licence: "Apache-2.0", Tasks: encoderTasks,
			Notes: "Made for the mean of all tokens: take pooling mean.",
		},
	}
}
