package backbone

// embeddedCards are the backbones that ship with the binary; each folder's README.md says how it
// was made.
func embeddedCards() []Card {
	return []Card{
		{
			Name: "pocket-bert", Title: "A small BERT that ships inside Defrost", Family: "bert", Year: 2026,
			Layers: 4, Width: 256, Heads: 4, Vocabulary: 9216, Params: 5617920, Bytes: 11242600,
			Licence: "Apache-2.0", Embedded: true, Tasks: encoderTasks,
		},
		{
			Name: "pocket-elmo", Title: "A small ELMo that ships inside Defrost", Family: "elmo", Year: 2026,
			Layers: 2, Width: 256, Params: 4676308, Bytes: 9355488,
			Licence: "Apache-2.0", Embedded: true, Tasks: wordTasks,
			Notes: "Reads any word by its characters. Give it a higher learning rate than a transformer: 0.001.",
		},
		{
			Name: "pocket-glove", Title: "Word vectors that ship inside Defrost", Family: "vectors", Year: 2026,
			Width: 128, Vocabulary: 30002, Params: 3840256, Bytes: 7680640,
			Licence: "Apache-2.0", Embedded: true, Tasks: wordTasks,
			Notes: "One vector a word, whatever stands around it. Give it a BiLSTM head and a higher learning rate than a transformer: 0.002.",
		},
	}
}
