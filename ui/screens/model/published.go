package model

// A result is a published figure of a backbone this workbench can teach about, even where it is too
// large to run here.
type result struct{ family, what, value, source string }

// published are the figures people compare against. GPT-3's question answering is measured without
// any training: none, one or a few examples stand in the prompt.
var published = []result{
	{"bert", "GLUE", "82.1", "Devlin 2019"},
	{"bert", "SQuAD 2.0 F1", "86.3", "BERT large"},
	{"elmo", "SQuAD F1", "85.8", "Peters 2018"},
	{"elmo", "NER F1", "92.2", "Peters 2018"},
	{"gpt3", "QA F1, zero-shot", "81.5", "Brown 2020"},
	{"gpt3", "QA F1, one-shot", "84.0", "Brown 2020"},
	{"gpt3", "QA F1, few-shot", "85.0", "Brown 2020"},
	{"gpt3", "TriviaQA, zero-shot", "64.3", "Brown 2020"},
	{"gpt3", "LAMBADA, zero-shot", "76.2", "Brown 2020"},
}
