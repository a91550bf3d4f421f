package backbone

func distilbertCards() []Card {
	return []Card{
		{
			Name: "distilbert-base-uncased", Title: "DistilBERT, lower-cased: half of BERT's layers", Family: "distilbert", Repo: "distilbert/distilbert-base-uncased", Year: 2019,
			Layers: 6, Width: 768, Heads: 12, Vocabulary: 30522, Params: 66362880, Bytes: 267942120, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{{"SST-2 dev", 91.3, "Sanh et al. 2019"}, {"SQuAD 1.1 F1", 86.9, "Sanh et al. 2019"}},
			Notes:  "Nearly BERT at half the cost.",
		},
		{
			Name: "distilbert-base-cased", Title: "DistilBERT, with capitals", Family: "distilbert", Repo: "distilbert/distilbert-base-cased", Year: 2019,
			Layers: 6, Width: 768, Heads: 12, Vocabulary: 28996, Params: 65190912, Bytes: 263248144, Licence: "Apache-2.0", Tasks: encoderTasks,
		},
	}
}
