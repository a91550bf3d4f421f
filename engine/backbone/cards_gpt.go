package backbone

func gptCards() []Card {
	return []Card{
		{
			Name: "openai-gpt", Title: "GPT: the first causal model that was fine-tuned", Family: "openai-gpt", Repo: "openai-community/openai-gpt", Year: 2018,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 40478, Params: 116534784, Bytes: 478722048, Licence: "MIT", Tasks: causalTasks,
			Scores: []Score{{"SST-2 test", 91.3, "Radford et al. 2018"}},
		},
		{
			Name: "gpt2", Title: "GPT-2 small", Family: "gpt2", Repo: "openai-community/gpt2", Year: 2019,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 50257, Params: 124439808, Bytes: 548090880, Licence: "MIT", Tasks: causalTasks,
			Scores: []Score{{"LAMBADA zero-shot", 46.0, "Radford et al. 2019"}},
		},
		{
			Name: "gpt2-medium", Title: "GPT-2 medium", Family: "gpt2", Repo: "openai-community/gpt2-medium", Year: 2019,
			Layers: 24, Width: 1024, Heads: 16, Vocabulary: 50257, Params: 354823168, Bytes: 1519955968, Licence: "MIT", Tasks: causalTasks,
		},
		{
			Name: "distilgpt2", Title: "DistilGPT-2: half of GPT-2's layers", Family: "gpt2", Repo: "distilbert/distilgpt2", Year: 2019,
			Layers: 6, Width: 768, Heads: 12, Vocabulary: 50257, Params: 81912576, Bytes: 352816128, Licence: "Apache-2.0", Tasks: causalTasks,
		},
	}
}
