package backbone

// promptedCards are models whose weights were not published: whoever runs them answers prompts.
func promptedCards() []Card {
	const source = "Brown et al. 2020"
	return []Card{
		{
			Name: "gpt3", Title: "GPT-3: prompted, never trained here", Family: "gpt3", Year: 2020,
			Layers: 96, Width: 12288, Heads: 96, Params: 175e9, Context: 2048, Licence: "not published", Prompted: true, Tasks: spokenTasks,
			Scores: []Score{
				{"LAMBADA zero-shot", 76.2, source}, {"LAMBADA one-shot", 72.5, source}, {"LAMBADA few-shot", 86.4, source},
				{"SuperGLUE few-shot", 71.8, source}, {"BoolQ few-shot", 76.4, source}, {"RTE few-shot", 69.0, source},
				{"CoQA F1 few-shot", 85.0, source}, {"SQuAD 2.0 F1 few-shot", 69.8, source}, {"TriviaQA few-shot", 71.2, source},
			},
			Notes: "Read 300 billion tokens. Its weights are not published: only prompting is possible, no training, over any endpoint that speaks OpenAI's API (defrost zeroshot --backbone endpoint:MODEL).",
		},
	}
}
