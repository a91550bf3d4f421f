package backbone

func robertaCards() []Card {
	return []Card{
		{
			Name: "roberta-base", Title: "RoBERTa base: BERT trained longer on more", Family: "roberta", Repo: "FacebookAI/roberta-base", Year: 2019,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 50265, Params: 124055040, Bytes: 498789732, Licence: "MIT", Tasks: encoderTasks,
			Scores: []Score{{"SST-2 dev", 94.8, "Liu et al. 2019"}},
		},
		{
			Name: "roberta-large", Title: "RoBERTa large", Family: "roberta", Repo: "FacebookAI/roberta-large", Year: 2019,
			Layers: 24, Width: 1024, Heads: 16, Vocabulary: 50265, Params: 354310144, Bytes: 1421648228, Licence: "MIT", Tasks: encoderTasks,
		},
		{
			Name: "distilroberta-base", Title: "DistilRoBERTa: half of RoBERTa's layers", Family: "roberta", Repo: "distilbert/distilroberta-base", Year: 2019,
			Layers: 6, Width: 768, Heads: 12, Vocabulary: 50265, Params: 81527808, Bytes: 328680804, Licence: "Apache-2.0", Tasks: encoderTasks,
		},
	}
}
