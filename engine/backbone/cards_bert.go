package backbone

func bertCards() []Card {
	return []Card{
		{
			Name: "bert-base-uncased", Title: "BERT base, English, lower-cased", Family: "bert", Repo: "google-bert/bert-base-uncased", Year: 2018,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 30522, Params: 109482240, Bytes: 440449768, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{
				{"GLUE (BERT large)", 82.1, "Devlin et al. 2019"}, {"SQuAD 1.1 F1", 88.4, "Devlin et al. 2019"},
				{"SQuAD 2.0 F1 (BERT large)", 86.3, "secondary source"}, {"SST-2 dev", 92.7, "Sanh et al. 2019"},
			},
			Notes: "The reference of its kind: start here when the machine has the memory.",
		},
		{
			Name: "bert-base-cased", Title: "BERT base, English, with capitals", Family: "bert", Repo: "google-bert/bert-base-cased", Year: 2018,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 28996, Params: 108310272, Bytes: 435731736, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{{"CoNLL-2003 F1", 92.4, "Devlin et al. 2019"}},
			Notes:  "Capitals help to find names.",
		},
		{
			Name: "bert-large-uncased", Title: "BERT large, English, lower-cased", Family: "bert", Repo: "google-bert/bert-large-uncased", Year: 2018,
			Layers: 24, Width: 1024, Heads: 16, Vocabulary: 30522, Params: 335141888, Bytes: 1344904432, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{
				{"GLUE", 82.1, "Devlin et al. 2019"}, {"SQuAD 2.0 F1", 86.3, "secondary source"}, {"IMDB error", 4.5, "Yang et al. 2019"},
			},
			Notes: "Some seeds fail on small sets: warm up longer, or restart.",
		},
		{
			Name: "bert-large-cased", Title: "BERT large, English, with capitals", Family: "bert", Repo: "google-bert/bert-large-cased", Year: 2018,
			Layers: 24, Width: 1024, Heads: 16, Vocabulary: 28996, Params: 333579264, Bytes: 1338647832, Licence: "Apache-2.0", Tasks: encoderTasks,
		},
	}
}
