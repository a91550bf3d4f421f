package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"defrost/engine"
	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/enginetest"
	"defrost/themes"
	"defrost/ui/shared"
)

// playable writes a finished run of a small random BERT with two labels into the store: what a
// training leaves behind, without the training. Weights are far from 0, so that tokens matter.
func playable(t testing.TB, id string, seed uint64, age time.Duration) {
	t.Helper()
	dir := filepath.Join(os.Getenv("DEFROST_HOME"), "runs", id)
	best := filepath.Join(dir, "checkpoints", "best")
	base := enginetest.Bert(t)
	if err := os.CopyFS(best, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	bb, _, err := backbone.Describe(os.DirFS(base))
	if err != nil {
		t.Fatal(err)
	}
	var tensors []checkpoint.Tensor
	for _, p := range backbone.Params(bb) {
		p.Std = 0.4
		p.Reset(seed)
		tensors = append(tensors, checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	head := checkpoint.Tensor{Name: "classifier.weight", Shape: []int{2, 16}, Data: make([]float32, 32)}
	for i := range head.Data {
		head.Data[i] = (float32(int(seed+uint64(7*i))%5) - 2) / 5
	}
	enginetest.SaveWeights(t, best, append(tensors, head, checkpoint.Tensor{Name: "classifier.bias", Shape: []int{2}, Data: make([]float32, 2)}))
	r := recipe()
	r.Backbone, r.Scratch, r.Data, r.MaxLength = base, false, enginetest.Reviews(t, 40), 24
	files := map[string]string{
		"recipe.yaml":                r.YAML(),
		"checkpoints/best/task.json": `{"task": "sentiment", "labels": ["negative", "positive"], "head": "linear", "pool": "mean", "max_length": 24}`, "checkpoints/best/state.json": "{}",
		"events.jsonl":     lines(t, engine.Started{Run: id, Dir: dir, Recipe: r, Task: "sentiment"}, engine.Finished{Run: id, Dir: dir, Metrics: map[string]engine.Number{"dev_accuracy": 0.87}}),
		"environment.json": fmt.Sprintf(`{"started": %q}`, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Add(-age).Format(time.RFC3339)),
	}
	for name, text := range files {
		enginetest.Write(t, filepath.Join(dir, name), text)
	}
}

// lines is events as a run's log holds them.
func lines(t testing.TB, events ...engine.Event) string {
	t.Helper()
	var b strings.Builder
	for _, e := range events {
		line, err := engine.MarshalEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// atPlay is the workbench on the screen where networks are tried, with two runs, asked about words
// that they know.
func atPlay(t testing.TB) *driver {
	t.Helper()
	d := drive(t)
	playable(t, "tiny-reviews-02", 11, 0)
	playable(t, "tiny-reviews-01", 5, time.Hour)
	d.Press("7").Expect("tiny-reviews-02").Press("i", "ctrl+u").Paste("the film was bad").Press("enter")
	return d.Expect("rests on").Expect("looks at")
}

// Scenes of the screen, by the keys that lead to them.
var playScenes = []struct {
	name string
	keys []string
}{
	{"play", []string{"right", "right", "right", "right"}},
	{"play-gradient", []string{"s", "right", "L", "H"}},
	{"play-second", []string{"B", "down", "down", "enter", "right"}},
	{"play-choose", []string{"o"}},
	{"play-typing", []string{"i", " ", "a", "n", "d"}},
}

func TestPlayingLooksAsRecorded(t *testing.T) {
	for _, scene := range playScenes {
		t.Run(scene.name, func(t *testing.T) {
			d := atPlay(t).Press(scene.keys...)
			for _, size := range [][2]int{{80, 24}, {120, 34}} {
				d.app.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden(t, fmt.Sprintf("%s-%dx%d.txt", scene.name, size[0], size[1]), d.app.View())
			}
			d.app.renderer.SetColorProfile(termenv.TrueColor)
			d.app.setTheme(d.app.session.Styles.Theme)
			golden(t, scene.name+"-120x34.ansi", d.app.View())
		})
	}
}

func TestPlayingIsNotDrawnPastTheEdge(t *testing.T) {
	for _, scene := range append(playScenes[:len(playScenes):len(playScenes)], struct {
		name string
		keys []string
	}{"before and after", []string{"n", "z"}}) {
		t.Run(scene.name, func(t *testing.T) {
			d := atPlay(t).Press(scene.keys...)
			for i, name := range themes.Names() {
				theme, err := themes.Get(name)
				if err != nil {
					t.Fatal(err)
				}
				d.app.setTheme(theme)
				sweep(t, d.app, i == 0)
			}
		})
	}
}

// share is what the screen says of a label: the percentage at the end of its bar.
func share(d *driver, label string) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if at := strings.Index(l, label+" "); at >= 0 && strings.Contains(l, "%") && strings.ContainsAny(l, "·█▏▎▍▌▋▊▉") {
			return l[at : strings.Index(l, "%")+1]
		}
	}
	return ""
}

// TestBarsMoveAsOneTypes is the way of a newcomer: train, turn to the screen, type, and see what the
// run says change with the text.
func TestBarsMoveAsOneTypes(t *testing.T) {
	d := drive(t)
	r := &d.app.session.Recipe
	r.Backbone, r.Scratch, r.Data, r.Epochs, r.MaxLength, r.Batch = enginetest.Bert(t), false, enginetest.Reviews(t, 40), 6, 24, 4
	r.LR, r.HeadLR = 0.01, 0.01
	d.do(shared.OpenModel(d.app.session.Context(), r.Backbone))
	d.do(shared.OpenData(shared.SourceOf(*r)))
	d.settle().Press("r")
	d.until(func() bool { return d.app.session.Status.Phase == shared.Finished }, "the end of the run")
	d.settle().Press("7").Expect("what it says").Press("i", "ctrl+u").Type("a good film")
	d.Expect("▸ yes").Expect("what yes rests on")
	first := share(d, "yes")
	d.Press("ctrl+u").Type("a bad and ugly film").Expect("▸ no").Expect("what no rests on")
	if second := share(d, "yes"); first == "" || second == first {
		t.Errorf("the bar of yes says %q for praise and %q for blame", first, second)
	}
}

func TestTokensAreWeighedInTwoWays(t *testing.T) {
	d := atPlay(t).Expect("occlusion").Expect("arrows move among the tokens")
	d.Press("right", "right").Expect(`without "film"`)
	d.Press("s").Expect("gradient x input").Expect(`"film" pulls the score`)
	d.Press("s").Expect("occlusion")
}

func TestAttentionIsReadByLayerHeadAndToken(t *testing.T) {
	d := atPlay(t).Expect("layer 2 of 2, mean of heads").Expect("[CLS] looks at")
	d.Press("right").Expect("the looks at")
	d.Press("L").Expect("layer 1 of 2").Press("H").Expect("head 1 of 2").Press("H").Expect("head 2 of 2").Press("H").Expect("mean of heads")
	d.Press("end").Expect("[SEP] looks at").Press("right").Expect("[SEP] looks at").Press("home").Expect("[CLS] looks at")
}

func TestTwoRunsAnswerOneText(t *testing.T) {
	d := atPlay(t).Press("B").Expect("who is B?").Expect("A answers alone")
	d.Press("down", "down", "enter").Expect("A tiny-reviews-02").Expect("B tiny-reviews-01")
	if s := d.Screen(); !strings.Contains(s, "both say ") && !strings.Contains(s, "they differ: A says ") {
		t.Errorf("the answers are not compared:\n%s", s)
	}
	d.Press("B", "home", "enter").Refuse("B tiny-reviews-01").Expect("tiny-reviews-02")
	d.Press("B", "esc").Refuse("who is B?")
}

func TestTheChosenRunStaysThoughANewerOneEnds(t *testing.T) {
	d := atPlay(t).Press("o").Expect("who is A?").Press("down", "enter").Expect("tiny-reviews-01")
	playable(t, "tiny-reviews-03", 3, -time.Hour)
	d.Press("1", "7").Expect("tiny-reviews-01").Refuse("tiny-reviews-03")
	d.Press("o").Expect("tiny-reviews-03")
}

func TestNearestExamplesAreShownBeforeAndAfter(t *testing.T) {
	d := atPlay(t).Expect("An untrained head").Press("n")
	d.Expect("before: ").Expect("after: ").Expect("the film was")
	d.Press("i").Type(" and dull").Press("enter").Expect("before: ")
}

func TestRunsThatCannotBeOpenedSayWhy(t *testing.T) {
	d := drive(t)
	playable(t, "tiny-reviews-02", 11, 0)
	best := filepath.Join(os.Getenv("DEFROST_HOME"), "runs", "tiny-reviews-02", "checkpoints", "best")
	enginetest.Write(t, filepath.Join(best, "model.safetensors"), "not a file of weights")
	d.Press("7").Expect("o chooses another").Press("o").Expect("who is A?").Press("esc")
	d.Press("n", "enter", "s", "L", "H", "right", "i", "ctrl+u").Type("still typing").Press("esc").Expect("still typing")
}

func TestBackboneAloneSaysWhichKeyTrainsIt(t *testing.T) {
	d := drive(t)
	d.app.session.Recipe.Backbone = enginetest.Bert(t)
	d.Press("7").Expect("r trains it").Expect("words like ").Expect("[CLS]").Expect("looks at").Press("n").Expect("needs a run")
}

func TestExamplesOfTheDataAreTried(t *testing.T) {
	d := atPlay(t).Press("d").Expect("an example of films, labelled ").Press("d").Expect("labelled ")
	if text := d.app.session.Data.Test[1].Text; !strings.Contains(d.Screen(), text[:20]) {
		t.Errorf("%q is not on the screen:\n%s", text, d.Screen())
	}
}

func TestCausalBackboneWritesOn(t *testing.T) {
	d := drive(t)
	d.app.session.Recipe.Backbone = enginetest.Backbone(t, "gpt2")
	d.Press("7").Expect("what comes next").Expect("enter lets the network write")
	d.Press("i", "ctrl+u").Type("the film was").Press("enter")
	for range 6 {
		d.Press("+")
	}
	d.Expect("temperature 1.2").Press("enter").settle().Expect("the film was | ").Expect("tokens, temperature 1.2")
	d.Press("-", "-", "-", "-", "-", "-", "-").Expect("the likeliest token every time")
	d.Press("enter").settle().Press("i").Type(" very").Press("enter").Expect("> the film was very")
}

// TestKeysThatComeFasterThanAnswersAreAllHeard sends keys, sizes and mouse noise without waiting.
func TestKeysThatComeFasterThanAnswersAreAllHeard(t *testing.T) {
	d := atPlay(t).Press("i", "ctrl+u")
	for i, r := range strings.Repeat("the good and the bad film ", 4) {
		d.send(keyMsg(string(r)))
		d.send(tea.WindowSizeMsg{Width: 1 + i*37%200, Height: 1 + i*13%50})
		d.send(tea.MouseMsg{X: i % 90, Y: i % 30, Action: tea.MouseActionMotion})
		_ = d.app.View()
	}
	d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
	d.settle().Press("esc").Expect("24 tokens").Expect("what ")
}

func TestAMillionCharactersArePasted(t *testing.T) {
	d := atPlay(t).Press("i", "ctrl+u")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("good film ", 100_000)), Paste: true})
	d.settle().Press("esc").Expect("24 tokens")
}

func TestWhatIsSaidIsExported(t *testing.T) {
	atPlay(t).Press("e").Expect("export play as").Press("m").Expect("play-1.md")
	got := string(exported(t, "play-1.md"))
	for _, want := range []string{"## the film was bad", "tiny-reviews-02 says negative", "| negative |", "rests on: occlusion", "| film |", "where it looks"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestEveryFamilyIsTriedWithoutARun(t *testing.T) {
	for _, family := range enginetest.Families() {
		t.Run(family, func(t *testing.T) {
			d := drive(t)
			d.app.session.Recipe.Backbone = enginetest.Backbone(t, family)
			says, looks := "words like ", "looks at"
			switch family {
			case "gpt2", "openai-gpt":
				says = "what comes next"
			case "elmo", "vectors":
				looks = "has no attention"
			}
			d.Press("7").Expect("tokens ").Press("i", "ctrl+u").Paste("the film").Press("enter")
			d.Expect(says).Expect(looks).Refuse("o chooses another").Press("right", "left", "d").Expect(says)
		})
	}
}
