package command

import (
	"context"
	"fmt"

	"defrost/engine"
)

// similarity compares cosines with what people say.
func (a *asked) similarity(ctx context.Context) error {
	pairs, err := readFile(a.f.similarity, engine.ReadWordPairs)
	if err != nil {
		return err
	}
	var named []string
	for _, p := range pairs {
		named = append(named, p.A, p.B)
	}
	s, err := a.space(ctx, false, named...)
	if err != nil {
		return err
	}
	score := s.Similarity(pairs)
	if a.f.json {
		return a.p.printJSON(score)
	}
	_, err = fmt.Fprintf(a.p.Out, "Spearman %.4f over %d of %d pairs\n", score.Spearman, score.Covered, score.Pairs)
	return err
}

// analogies answers a benchmark section by section.
func (a *asked) analogies(ctx context.Context) error {
	sections, err := readFile(a.f.analogies, engine.ReadAnalogies)
	if err != nil {
		return err
	}
	var named []string
	for _, section := range sections {
		for _, q := range section.Questions {
			named = append(named, q[:]...)
		}
	}
	s, err := a.space(ctx, true, named...)
	if err != nil {
		return err
	}
	scores, err := s.Analogies(ctx, sections)
	if err != nil {
		return err
	}
	total := engine.TotalAnalogies(scores)
	if a.f.json {
		return a.p.printJSON(map[string]any{"sections": scores, "total": total})
	}
	t := newTable(a.p.Out, "SECTION", "QUESTIONS", "COVERED", "RIGHT", "ACCURACY")
	for _, s := range append(scores, total) {
		t.row(s.Name, fmt.Sprint(s.Questions), fmt.Sprint(s.Covered), fmt.Sprint(s.Right), fmt.Sprintf("%.1f%%", 100*s.Accuracy()))
	}
	return t.done()
}

// A place is a word in a sentence, as --json prints it.
type place struct {
	Text    string  `json:"text"`
	Start   int     `json:"start"` // bytes
	End     int     `json:"end"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Nearest int     `json:"nearest"` // index of the place most alike, -1 without another
	Cosine  float64 `json:"cosine"`  // with that place
}

// inContext shows a word in the lines of standard input.
func (a *asked) inContext(ctx context.Context) error {
	var texts []string
	gather := func(_ int, line string) error { texts = append(texts, line); return ctx.Err() }
	if err := eachLine(a.p.In, gather, func() error { return nil }); err != nil {
		return err
	}
	m, err := engine.OpenModel(ctx, a.name)
	if err == nil {
		err = m.Load(0, false)
	}
	if err != nil {
		return err
	}
	found, err := m.InContext(ctx, a.f.context, texts, a.f.layer)
	if err != nil {
		return err
	}
	c, err := engine.CompareContexts(found)
	if err != nil {
		return err
	}
	places := make([]place, len(found))
	for i, o := range found {
		places[i] = place{texts[o.Text], o.Start, o.End, c.Plane.X[i], c.Plane.Y[i], c.Nearest[i], c.Cosine[i]}
	}
	if a.f.json {
		return a.p.printJSON(map[string]any{"word": a.f.context, "places": places, "mean_cosine": c.Mean, "explained": c.Plane.Explained})
	}
	return a.places(places, c)
}

func (a *asked) places(places []place, c engine.Contexts) error {
	t := newTable(a.p.Out, "PLACE", "X", "Y", "NEAREST", "COSINE", "TEXT")
	for i, o := range places {
		nearest, cosine := "", ""
		if o.Nearest >= 0 {
			nearest, cosine = fmt.Sprint(o.Nearest+1), fmt.Sprintf("%.3f", o.Cosine)
		}
		t.row(fmt.Sprint(i+1), fmt.Sprintf("%.2f", o.X), fmt.Sprintf("%.2f", o.Y), nearest, cosine, o.Text)
	}
	if err := t.done(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.p.Out, "mean cosine %.3f; x and y show %.0f%% of the differences\n", c.Mean, 100*(c.Plane.Explained[0]+c.Plane.Explained[1]))
	return err
}
