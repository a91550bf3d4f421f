package datasets

import "slices"

// catalog lists public sets by their hub id. Sizes are those of the hub's
// files; a part without labels there (most GLUE test parts) is not counted.
var catalog = []Card{
	{Name: "sst2", Kind: Classify, HubID: "stanfordnlp/sst2", Labels: 2, Sizes: parts(67349, 872, 0),
		Description: "Sentences and phrases of film reviews, positive or negative", Licence: "not stated", Source: "Socher et al. 2013"},
	{Name: "imdb", Kind: Classify, HubID: "stanfordnlp/imdb", Labels: 2, Sizes: parts(25000, 0, 25000),
		Description: "Whole film reviews, positive or negative", Licence: "not stated", Source: "Maas et al. 2011"},
	{Name: "rotten-tomatoes", Kind: Classify, HubID: "cornell-movie-review-data/rotten_tomatoes", Labels: 2, Sizes: parts(8530, 1066, 1066),
		Description: "Sentences of film reviews, positive or negative", Licence: "not stated", Source: "Pang and Lee 2005"},
	{Name: "trec", Kind: Classify, HubID: "CogComp/trec", Labels: 6, Sizes: parts(5452, 0, 500),
		Description: "Questions by the type of their answer", Licence: "not stated", Source: "Li and Roth 2002"},
	{Name: "ag-news", Kind: Classify, HubID: "fancyzhx/ag_news", Labels: 4, Sizes: parts(120000, 0, 7600),
		Description: "News by topic: world, sports, business, science and technology", Licence: "not stated", Source: "Zhang, Zhao and LeCun 2015"},
	{Name: "cola", Kind: Classify, HubID: "nyu-mll/glue", Config: "cola", Labels: 2, Sizes: parts(8551, 1043, 0),
		Description: "Sentences that are grammatical or not", Licence: "not stated", Source: "Warstadt, Singh and Bowman 2019"},
	{Name: "mrpc", Kind: Pair, HubID: "nyu-mll/glue", Config: "mrpc", Labels: 2, Sizes: parts(3668, 408, 1725),
		Description: "Pairs of news sentences that say the same or not", Licence: "not stated", Source: "Dolan and Brockett 2005"},
	{Name: "rte", Kind: Pair, HubID: "nyu-mll/glue", Config: "rte", Labels: 2, Sizes: parts(2490, 277, 0),
		Description: "Does the first sentence entail the second", Licence: "not stated", Source: "Dagan, Glickman and Magnini 2006"},
	{Name: "stsb", Kind: Regress, HubID: "nyu-mll/glue", Config: "stsb", Sizes: parts(5749, 1500, 0),
		Description: "How alike two sentences are, 0 to 5", Licence: "not stated", Source: "Cer et al. 2017"},
	{Name: "clinc150", Kind: Classify, HubID: "clinc/clinc_oos", Config: "plus", Labels: 151, Sizes: parts(15250, 3100, 5500),
		Description: "Requests to an assistant: 150 intents and out of scope", Licence: "CC-BY-3.0", Source: "Larson et al. 2019"},
	{Name: "banking77", Kind: Classify, HubID: "PolyAI/banking77", Labels: 77, Sizes: parts(10003, 0, 3080),
		Description: "Questions to a bank, 77 intents", Licence: "CC-BY-4.0", Source: "Casanueva et al. 2020"},
	{Name: "sms-spam", Kind: Classify, HubID: "ucirvine/sms_spam", Labels: 2, Sizes: parts(5574, 0, 0),
		Description: "Text messages, spam or not", Licence: "not stated", Source: "Almeida, Hidalgo and Yamakami 2011"},
	{Name: "subj", Kind: Classify, HubID: "SetFit/subj", Labels: 2, Sizes: parts(8000, 0, 2000),
		Description: "Sentences about films, subjective or objective", Licence: "not stated", Source: "Pang and Lee 2004"},
	{Name: "go-emotions", Kind: MultiLabel, HubID: "google-research-datasets/go_emotions", Config: "simplified", Labels: 28, Sizes: parts(43410, 5426, 5427),
		Description: "Comments of a forum: 27 emotions and neutral, one or more each", Licence: "Apache-2.0", Source: "Demszky et al. 2020"},
	{Name: "wnut17", Kind: Tag, HubID: "leondz/wnut_17", Labels: 13, Sizes: parts(3394, 1009, 1287),
		Description: "Rare and new names in posts, six types", Licence: "CC-BY-4.0", Source: "Derczynski et al. 2017"},
	{Name: "conll2003", Kind: Tag, HubID: "eriktks/conll2003", Labels: 9, Sizes: parts(14041, 3250, 3453),
		Description: "Names in news: people, organisations, places, others", Licence: "research only", Source: "Tjong Kim Sang and De Meulder 2003"},
	{Name: "squad", Kind: QA, HubID: "rajpurkar/squad", Sizes: parts(87599, 10570, 0),
		Description: "Questions answered by a span of an encyclopedia paragraph", Licence: "CC-BY-SA-4.0", Source: "Rajpurkar et al. 2016"},
	{Name: "squad-v2", Kind: QA, HubID: "rajpurkar/squad_v2", Sizes: parts(130319, 11873, 0),
		Description: "SQuAD with questions that the paragraph does not answer", Licence: "CC-BY-SA-4.0", Source: "Rajpurkar, Jia and Liang 2018"},
	{Name: "xquad-en", Kind: QA, HubID: "google/xquad", Config: "xquad.en", Sizes: parts(0, 1190, 0),
		Description: "240 paragraphs of SQuAD, also translated to ten languages", Licence: "CC-BY-SA-4.0", Source: "Artetxe, Ruder and Yogatama 2020"},
	{Name: "tatoeba-en-fr", Kind: Translate, HubID: "Helsinki-NLP/tatoeba", Config: "en-fr", Sizes: parts(0, 0, 0),
		Description: "Everyday sentences with their translations", Licence: "CC-BY-2.0", Source: "Tatoeba project"},
	{Name: "lambada", Kind: Text, HubID: "cimec/lambada", Sizes: parts(2662, 4869, 5153),
		Description: "Passages whose last word needs the whole passage", Licence: "CC-BY-4.0", Source: "Paperno et al. 2016"},
	{Name: "wikitext2", Kind: Text, HubID: "Salesforce/wikitext", Config: "wikitext-2-raw-v1", Sizes: parts(36718, 3760, 4358),
		Description: "Good encyclopedia articles, for language models", Licence: "CC-BY-SA-3.0", Source: "Merity et al. 2016"},
}

// parts writes sizes, leaving out parts that do not exist.
func parts(train, dev, test int) map[Part]int {
	sizes := map[Part]int{}
	for p, n := range map[Part]int{Train: train, Dev: dev, Test: test} {
		if n > 0 {
			sizes[p] = n
		}
	}
	return sizes
}

// Catalog returns the cards of public sets that can be fetched from the hub,
// by kind and name.
func Catalog() []Card {
	cards := slices.Clone(catalog)
	slices.SortStableFunc(cards, byKind)
	return cards
}
