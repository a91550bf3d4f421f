package command

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/checkpoint"
	"defrost/engine/enginetest"
)

// A refusal is a command line that must fail with one line that says what is wrong.
type refusal struct {
	name string
	args []string
	code int
	says []string // parts of the message
}

func (r refusal) check(t *testing.T) {
	t.Helper()
	got := do(t, "", r.args...)
	if got.code != r.code {
		t.Errorf("got code %d, want %d", got.code, r.code)
	}
	if strings.Count(got.err, "\n") != 1 || !strings.HasPrefix(got.err, "defrost: ") || strings.Contains(got.err, "panic") {
		t.Errorf("got %q on standard error, want one line", got.err)
	}
	for _, part := range r.says {
		if !strings.Contains(got.err, part) {
			t.Errorf("got %q, want it to say %q", got.err, part)
		}
	}
}

func TestWrongUsageIsRefusedWithCodeTwo(t *testing.T) {
	home(t)
	for _, r := range []refusal{
		{"unknown command", []string{"nope"}, exitUsage, []string{"nope"}},
		{"unknown flag", []string{"train", "--nope"}, exitUsage, []string{"--nope"}},
		{"value that is no number", []string{"train", "--lr", "fast"}, exitUsage, []string{"fast", "--lr"}},
		{"argument too many", []string{"train", "films"}, exitUsage, []string{"found 1", "expected none"}},
		{"missing argument", []string{"predict"}, exitUsage, []string{"predict"}},
		{"nothing to verify", []string{"verify"}, exitUsage, []string{"one or more folders"}},
		{"learning rate 0", []string{"train", "--lr", "0"}, exitUsage, []string{"lr is 0"}},
		{"negative learning rate", []string{"train", "--lr", "-0.1"}, exitUsage, []string{"lr is -0.1"}},
		{"learning rate NaN", []string{"train", "--lr", "NaN"}, exitUsage, []string{"lr is NaN"}},
		{"no backbone", []string{"train", "--backbone", ""}, exitUsage, []string{"backbone is"}},
		{"no data", []string{"train", "--data", ""}, exitUsage, []string{"data is"}},
		{"batch 0", []string{"train", "--batch", "0"}, exitUsage, []string{"batch is 0"}},
		{"unknown head", []string{"train", "--head", "tail"}, exitUsage, []string{"tail", "linear"}},
		{"unknown precision", []string{"train", "--precision", "f8"}, exitUsage, []string{"f8", "f32"}},
		{"negative threads", []string{"version", "--threads", "-1"}, exitUsage, []string{"--threads is -1"}},
		{"no teacher", []string{"pretrain", "--corpus", "a.txt", "--out", "b"}, exitUsage, []string{"--teacher"}},
		{"heads that do not divide", []string{"pretrain", "--teacher", "t", "--corpus", "a", "--out", "b", "--heads", "3"}, exitUsage, []string{"width is 256"}},
		{"word after data", []string{"data", "films"}, exitUsage, []string{"show"}},
	} {
		t.Run(r.name, r.check)
	}
}

func TestMissingThingsAreNamed(t *testing.T) {
	home(t)
	file := filepath.Join(t.TempDir(), "file")
	enginetest.Write(t, file, "x")
	for _, r := range []refusal{
		{"recipe", []string{"train", "--recipe", "none.yaml"}, exitFailed, []string{"none.yaml"}},
		{"backbone of train", []string{"train", "--backbone", "no-bert"}, exitFailed, []string{"no-bert", "defrost models"}},
		{"backbone of inspect", []string{"inspect", "no-bert"}, exitFailed, []string{"no-bert", "defrost models"}},
		{"backbone of tokenize", []string{"tokenize", "no-bert"}, exitFailed, []string{"no-bert", "defrost models"}},
		{"backbone to pull", []string{"pull", "no-bert"}, exitFailed, []string{"no-bert", "ORG/REPO"}},
		{"backbone not pulled", []string{"inspect", "bert-base-uncased"}, exitFailed, []string{"defrost pull bert-base-uncased"}},
		{"file for a folder", []string{"inspect", file}, exitFailed, []string{file, "expected a folder"}},
		{"folder without a model", []string{"inspect", t.TempDir()}, exitFailed, []string{"config.json"}},
		{"data", []string{"train", "--backbone", enginetest.Bert(t), "--data", "none.csv"}, exitFailed, []string{"none.csv"}},
		{"folder for data", []string{"data", "show", t.TempDir()}, exitFailed, []string{"train"}},
		{"run", []string{"predict", "no-run", "hello"}, exitFailed, []string{"no-run", "defrost runs"}},
		{"run to resume", []string{"resume", "no-run"}, exitFailed, []string{"no-run", "defrost runs"}},
		{"run to start from", small(t, "--from", "no-run"), exitFailed, []string{"no-run", "defrost runs"}},
		{"teacher", []string{"pretrain", "--teacher", "none", "--corpus", file, "--out", t.TempDir()}, exitFailed, []string{"teacher", "none"}},
		{"reference", []string{"verify", t.TempDir()}, exitFailed, []string{"golden.safetensors"}},
		{"folder below a file", small(t, "--out", filepath.Join(file, "run")), exitFailed, []string{file}},
	} {
		t.Run(r.name, r.check)
	}
}

func TestBrokenDataIsRefused(t *testing.T) {
	home(t)
	rows, err := os.ReadFile(enginetest.Reviews(t, 20))
	if err != nil {
		t.Fatal(err)
	}
	good := string(rows)
	cases := []struct {
		name, text string
		args       []string
		says       []string
	}{
		{"row with too few columns", good + "only text\n", nil, []string{":22", "found", "expected"}},
		{"one class only", "text,label\n" + strings.Repeat("the film was good,yes\n", 10), nil, []string{"yes", "expected"}},
		{"empty text column", "text,label\n" + strings.Repeat(",yes\n,no\n", 10), nil, []string{"text", "expected"}},
		{"no rows", "text,label\n", nil, []string{"no rows"}},
		{"no such column", good, []string{"--text", "words"}, []string{"words"}},
		{"batch larger than the data", good, []string{"--batch", "64"}, []string{"batch is 64", "training examples"}},
		{"unknown layer in freeze", good, []string{"--freeze", "encoder.99"}, []string{"encoder.99", "encoder.1"}},
		{"unknown layer in train", good, []string{"--train", "attic"}, []string{"attic", "encoder.1"}},
		{"everything frozen", good, []string{"--freeze", "all"}, []string{"nothing learns"}},
		{"sequence longer than the positions", good, []string{"--max-length", "100"}, []string{"max_length is 100", "32"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.csv")
			enginetest.Write(t, path, c.text)
			args := []string{"train", "--backbone", enginetest.Bert(t), "--data", path, "--batch", "4", "--max-length", "16"}
			refusal{c.name, append(args, c.args...), exitFailed, c.says}.check(t)
		})
	}
	if out := succeeded(t, "", "runs", "--json"); out != "" {
		t.Errorf("got runs %s, want none: nothing was begun", out)
	}
}

// spoil changes the bytes of a file.
func spoil(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	enginetest.Write(t, path, string(change(bytes.Clone(data))))
}

func TestBrokenWeightsAreRefused(t *testing.T) {
	home(t)
	weights := func(dir string) string { return filepath.Join(dir, "model.safetensors") }
	for _, c := range []struct {
		name   string
		damage func(dir string)
		says   []string
	}{
		{"cut short", func(dir string) {
			spoil(t, weights(dir), func(b []byte) []byte { return b[:len(b)-5] })
		}, []string{"model.safetensors"}},
		{"header longer than the file", func(dir string) {
			spoil(t, weights(dir), func(b []byte) []byte { binary.LittleEndian.PutUint64(b, 1<<40); return b })
		}, []string{"model.safetensors", "header"}},
		{"empty", func(dir string) { enginetest.Write(t, weights(dir), "") }, []string{"model.safetensors"}},
		{"missing", func(dir string) { os.Remove(weights(dir)) }, []string{"model.safetensors"}},
		{"tensor of another shape", func(dir string) {
			list := enginetest.Weights(t, dir)
			list[0].Shape, list[0].Data = []int{2, 3}, make([]float32, 6)
			enginetest.SaveWeights(t, dir, list)
		}, []string{"[2 3]", "expected [29 16]"}},
		{"NaN", func(dir string) {
			list := enginetest.Weights(t, dir)
			list[3].Data[1] = float32(math.NaN())
			enginetest.SaveWeights(t, dir, list)
		}, []string{"NaN"}},
		{"tensors of something else", func(dir string) {
			enginetest.SaveWeights(t, dir, []checkpoint.Tensor{{Name: "stranger", Shape: []int{1}, Data: []float32{1}}})
		}, []string{"stranger"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := enginetest.Bert(t)
			c.damage(dir)
			refusal{c.name, []string{"inspect", dir}, exitFailed, append(c.says, dir)}.check(t)
			args := []string{"train", "--backbone", dir, "--data", enginetest.Reviews(t, 40), "--max-length", "16"}
			refusal{c.name, args, exitFailed, c.says}.check(t)
		})
	}
}
