package task

import (
	"testing"

	"defrost/datasets"
)

func TestWhatFitsIsWhatIsNotRefused(t *testing.T) {
	sets := map[string]*datasets.Dataset{}
	for _, name := range []string{"films", "ner", "qa", "enfr"} {
		d, err := datasets.Open(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sets[name] = d
	}
	sets["text"] = &datasets.Dataset{Name: "text", Kind: datasets.Text, Train: []datasets.Example{{Text: "one two"}}}
	sets["lists"] = &datasets.Dataset{Name: "lists", Kind: datasets.MultiLabel, Labels: []string{"a", "b"}, Train: []datasets.Example{{Text: "x", Labels: []string{"a", "b"}}, {Text: "y", Labels: []string{}}}}
	many := &datasets.Dataset{Name: "many", Kind: datasets.Classify, Labels: []string{"a", "a|b"}, Train: []datasets.Example{{Text: "x", Label: "a|b"}, {Text: "y", Label: "a"}}}
	for _, name := range append(Names(), "") {
		for _, d := range sets {
			if name == "multilabel" && d.Kind == datasets.Classify {
				d = many // films have one label each
			}
			for _, kind := range []string{"linear", "mlp", "bilstm", "crf", "bilstm-crf"} {
				for _, layers := range []int{0, 2} {
					o := HeadOptions{Kind: kind, Pool: "mean", Width: 4, Layers: layers}
					tk, err := New(name, d, Options{})
					if err == nil {
						_, err = tk.NewHead(o)
					}
					if got := Fits(name, d.Kind, o); got != (err == nil) {
						t.Errorf("%q on %s with %s on %d layers: got %v, and %v", name, d.Name, kind, layers, got, err)
					}
				}
			}
		}
	}
	speaks := HeadOptions{Kind: "linear", Layers: 2, Output: &Output{}}
	if !Fits("", datasets.MultiLabel, HeadOptions{Kind: "linear"}) {
		t.Error("lists of labels have no task of their own")
	}
	if !Fits("", datasets.Text, speaks) || !Fits("lastword", datasets.Text, speaks) || Fits("lastword", datasets.Tag, speaks) {
		t.Error("a backbone with an output layer is not offered running text alone")
	}
}
