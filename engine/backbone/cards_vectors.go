package backbone

import "fmt"

// gloveArchive holds the vectors of all four widths.
const gloveArchive = "https://nlp.stanford.edu/data/glove.6B.zip"

// gloveWords is the vocabulary of glove.6B.
const gloveWords = 400000

func vectorCards() []Card {
	var list []Card
	for _, width := range []int{50, 100, 200, 300} {
		list = append(list, Card{
			Name: fmt.Sprintf("glove.6B.%dd", width), Title: fmt.Sprintf("GloVe vectors of %d, from 6 billion words", width),
			Family: "vectors", Files: []string{gloveArchive}, Year: 2014, Width: width, Vocabulary: gloveWords,
			Params: gloveWords * width, Bytes: 4 * gloveWords * int64(width), Licence: "PDDL-1.0", Tasks: wordTasks,
			Notes: fmt.Sprintf("One vector a word, whatever stands around it: the baseline. The archive's glove.6B.%dd.txt.", width),
		})
	}
	return list
}
