package pretrain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/nn"
)

// Shapes as small as they come, one for each objective.
var shapes = map[string]string{
	"bilm": `{"model_type": "elmo", "lstm": {"dim": 12, "projection_dim": 8, "n_layers": 2, "cell_clip": 3, "proj_clip": 3,
		"use_skip_connections": true}, "char_cnn": {"embedding": {"dim": 4}, "filters": [[1, 8], [3, 8]], "n_highway": 1,
		"n_characters": 262, "max_characters_per_token": 50, "activation": "relu"}}`,
	"clm": `{"model_type": "gpt2", "vocab_size": 1, "n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 64}`,
	"mlm": `{"model_type": "bert", "vocab_size": 1, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
		"intermediate_size": 32, "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu"}`,
}

// regularText is sentences that can be told from a few words.
func regularText() []Source {
	s := Source{Path: "regular.txt"}
	animals, sounds := []string{"dog", "cat", "cow", "bird"}, []string{"barks", "purrs", "moos", "sings"}
	for i := range 600 {
		s.Sentences = append(s.Sentences, fmt.Sprintf("The %s near the old house always %s at night.", animals[i%4], sounds[i%4]))
	}
	return []Source{s}
}

func languageOptions(t *testing.T, objective string) LanguageOptions {
	t.Helper()
	o := DefaultLanguageOptions()
	o.Objective, o.Config, o.Corpus, o.Out = objective, []byte(shapes[objective]), regularText(), t.TempDir()
	o.Vocabulary, o.Candidates, o.Tokens, o.BatchTokens, o.EvalTokens, o.LR = 300, 8, 8000, 128, 2000, 2e-2
	return o
}

// TestPerplexityFallsUnderEveryObjective runs each to its end, with words drawn for the loss and
// passes added up.
func TestPerplexityFallsUnderEveryObjective(t *testing.T) {
	for objective := range shapes {
		t.Run(objective, func(t *testing.T) {
			o := languageOptions(t, objective)
			o.Accumulate, o.BatchTokens = 2, 64
			var measured []float64
			if err := Language(context.Background(), o, func(p Progress) {
				if p.Dev > 0 {
					measured = append(measured, p.Perplexity)
				}
			}); err != nil {
				t.Fatal(err)
			}
			if len(measured) < 4 {
				t.Fatalf("got %d measurements, want 4", len(measured))
			}
			for i := range measured[1:] {
				if measured[i+1] >= measured[i] {
					t.Errorf("got perplexities %v, want them to fall", measured)
					break
				}
			}
			if files, _ := filepath.Glob(filepath.Join(o.Out, optimizerFile)); len(files) > 0 {
				t.Errorf("got %v in the folder of a run that is over, want it removed", files)
			}
			if _, _, err := backbone.Describe(os.DirFS(o.Out)); err != nil {
				t.Error(err)
			}
		})
	}
}

// losses are those of n steps.
func losses(t *testing.T, l *learner, n int) []float64 {
	t.Helper()
	var list []float64
	for range n {
		loss, err := l.learn()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, loss)
	}
	return list
}

func started(t *testing.T, o LanguageOptions) *learner {
	t.Helper()
	l, err := newLearner(o, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestAKilledRunGoesOnWithTheSameLosses leaves a run between two checkpoints and starts it again.
func TestAKilledRunGoesOnWithTheSameLosses(t *testing.T) {
	for objective := range shapes {
		t.Run(objective, func(t *testing.T) {
			want := losses(t, started(t, languageOptions(t, objective)), 24)

			o := languageOptions(t, objective)
			killed := started(t, o)
			losses(t, killed, 10)
			if err := killed.save(false); err != nil {
				t.Fatal(err)
			}
			losses(t, killed, 5) // lost with the process
			if got := losses(t, started(t, o), 14); !slices.Equal(got, want[10:]) {
				t.Errorf("got losses %v, want %v", got, want[10:])
			}
		})
	}
}

func TestAnInterruptedRunSaysHowToGoOn(t *testing.T) {
	o := languageOptions(t, "clm")
	ctx, cancel := context.WithCancel(context.Background())
	o.ReportEvery = 0
	err := Language(ctx, o, func(Progress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v, want one of an interruption", err)
	}
	if err := Language(context.Background(), o, func(Progress) {}); err != nil {
		t.Errorf("got error %v from the same command again", err)
	}
}

func TestTimeEndsARun(t *testing.T) {
	o := languageOptions(t, "clm")
	o.Tokens, o.Time = 0, time.Millisecond
	if err := Language(context.Background(), o, func(Progress) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(o.Out, weightsFile)); err != nil {
		t.Error(err)
	}
}

// TestACheckpointGoesOnWhereItsTrainingEnded continues a trained model on the same text.
func TestACheckpointGoesOnWhereItsTrainingEnded(t *testing.T) {
	for _, objective := range []string{"mlm", "clm"} {
		t.Run(objective, func(t *testing.T) {
			o := languageOptions(t, objective)
			if err := Language(context.Background(), o, func(Progress) {}); err != nil {
				t.Fatal(err)
			}
			config, err := backbone.Config(os.DirFS(o.Out))
			if err != nil {
				t.Fatal(err)
			}
			fresh := started(t, languageOptions(t, objective))
			again := languageOptions(t, objective)
			again.Config, again.Start = config, os.DirFS(o.Out)
			before, err := fresh.measure()
			if err != nil {
				t.Fatal(err)
			}
			after, err := started(t, again).measure()
			if err != nil {
				t.Fatal(err)
			}
			if after > before-1 {
				t.Errorf("got a held-out loss of %v from the checkpoint and %v from scratch, want it lower by 1", after, before)
			}
		})
	}
}

func TestAnObjectiveRefusesABackboneThatCannotDoIt(t *testing.T) {
	for objective, other := range map[string]string{"bilm": "clm", "clm": "mlm", "mlm": "clm"} {
		o := languageOptions(t, objective)
		o.Config = []byte(shapes[other])
		if _, err := newLearner(o, nil); err == nil {
			t.Errorf("%s with %s: got no error", objective, other)
		}
	}
}

// TestHeldSpellingDoesNotMove trains with the character network as a teacher would have left it.
func TestHeldSpellingDoesNotMove(t *testing.T) {
	o := languageOptions(t, "bilm")
	o.Teacher = os.DirFS(t.TempDir()) // read by begin alone, which a resumed run does not call
	l := &learner{o: o}
	if err := l.open(); err != nil {
		t.Fatal(err)
	}
	train, _ := Mix(o.Corpus, 7, 10)
	var err error
	if l.tok, err = l.obj.prepare(train); err != nil {
		t.Fatal(err)
	}
	l.stream = &stream{texts: train, seed: 7, tokens: o.BatchTokens, read: l.obj.sequence}
	if err := l.build(); err != nil {
		t.Fatal(err)
	}
	was := copies(spelling(l.bb))
	losses(t, l, 3)
	for i, p := range spelling(l.bb) {
		if !slices.Equal(p.Value, was[i]) {
			t.Errorf("%s moved", p.Name)
		}
	}
}

func copies(params []*nn.Param) (values [][]float32) {
	for _, p := range params {
		values = append(values, slices.Clone(p.Value))
	}
	return values
}
