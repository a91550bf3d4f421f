package backbone

// elmoAddress is where AllenNLP keeps ELMo's files, a folder and file name for each size.
const elmoAddress = "https://allennlp.s3.amazonaws.com/models/elmo/"

// elmoFiles are the options and the weights of one size.
func elmoFiles(folder, name string) []string {
	base := elmoAddress + folder + "/elmo_" + name
	return []string{base + "_options.json", base + "_weights.hdf5"}
}

// elmoMix is the parameters that Defrost adds to the published ones: the scalar mix of three
// layers, and its scale.
const elmoMix = 4

// elmoCard is a size of ELMo; width is that of both directions together.
func elmoCard(name, title, folder, file string, width, published int) Card {
	return Card{
		Name: name, Title: title, Family: "elmo", Files: elmoFiles(folder, file), Year: 2018, Layers: 2, Width: width,
		Params: published + elmoMix, Bytes: 4 * int64(published), Licence: "Apache-2.0", Tasks: wordTasks,
	}
}

func elmoCards() []Card {
	const small, medium, original = "2x1024_128_2048cnn_1xhighway", "2x2048_256_2048cnn_1xhighway", "2x4096_512_2048cnn_2xhighway"
	list := []Card{
		elmoCard("elmo-small", "ELMo small: two LSTMs over characters", small, small, 256, 13593296),
		elmoCard("elmo-medium", "ELMo medium", medium, medium, 512, 28027728),
		elmoCard("elmo", "ELMo: contextual vectors before transformers", original, original, 1024, 93600848),
		elmoCard("elmo-5.5b", "ELMo trained on 5.5 billion words", original+"_5.5B", original+"_5.5B", 1024, 93600848),
	}
	list[2].Scores = []Score{{"SQuAD 1.1 F1", 85.8, "Peters et al. 2018"}, {"CoNLL-2003 F1", 92.2, "Peters et al. 2018"}}
	list[2].Notes = "Reads any word by its characters. Published results freeze it and train a network above the mix."
	return list
}
