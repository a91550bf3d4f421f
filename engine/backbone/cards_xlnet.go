package backbone

func xlnetCards() []Card {
	return []Card{
		{
			Name: "xlnet-base-cased", Title: "XLNet base: relative positions, trained on permutations", Family: "xlnet", Repo: "xlnet/xlnet-base-cased", Year: 2019,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 32000, Params: 117308160, Bytes: 467001344, Licence: "MIT", Tasks: encoderTasks,
			Scores: []Score{{"SST-2 dev", 94.7, "secondary source"}},
			Notes:  "Has no longest sequence: it knows distances, not places.",
		},
		{
			Name: "xlnet-large-cased", Title: "XLNet large", Family: "xlnet", Repo: "xlnet/xlnet-large-cased", Year: 2019,
			Layers: 24, Width: 1024, Heads: 16, Vocabulary: 32000, Params: 361317376, Bytes: 1441203200, Licence: "MIT", Tasks: encoderTasks,
			Scores: []Score{{"IMDB error", 3.8, "Yang et al. 2019"}},
		},
	}
}
