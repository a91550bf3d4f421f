package engine

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A point is one scalar of an event file.
type point struct {
	tag  string
	step int64
	wall float64
	y    float32
}

// points reads an event file the way its writer makes it: no field but those is expected.
func points(t *testing.T, path string) []point {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []point
	for len(data) > 0 {
		n := binary.LittleEndian.Uint64(data)
		event := data[12 : 12+n]
		data = data[16+n:]
		wall := math.Float64frombits(binary.LittleEndian.Uint64(event[1:]))
		if event[9] != 2<<3 {
			continue // the version
		}
		step, used := binary.Uvarint(event[10:])
		_, size := binary.Uvarint(event[11+used:])
		for values := event[11+used+size:]; len(values) > 0; {
			whole, size := binary.Uvarint(values[1:])
			v := values[1+size : 1+size+int(whole)]
			values = values[1+size+int(whole):]
			end := 2 + int(v[1])
			list = append(list, point{string(v[2:end]), int64(step), wall, math.Float32frombits(binary.LittleEndian.Uint32(v[end+1:]))})
		}
	}
	return list
}

// boardFile is the one event file of a run.
func boardFile(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, tensorboardDir, "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v (%v), want one event file", found, err)
	}
	return found[0]
}

// under are the steps and values of a tag.
func under(list []point, tag string) (steps []int64, values []float32) {
	for _, p := range list {
		if p.tag == tag {
			steps, values = append(steps, p.step), append(values, p.y)
		}
	}
	return steps, values
}

// agree compares an event file with events.jsonl, scalar by scalar.
func agree(t *testing.T, dir string) {
	t.Helper()
	events, _, err := reopen(dir)
	if err != nil {
		t.Fatal(err)
	}
	var want []point
	for _, e := range events {
		step, values := scalars(e)
		for _, v := range values {
			p := point{v.Tag, int64(step), 0, float32(v.Value)}
			if steps, _ := under(want, p.tag); !slices.Contains(steps, p.step) {
				want = append(want, p)
			}
		}
	}
	got := points(t, boardFile(t, dir))
	for i := range got {
		got[i].wall = 0
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("got %d scalars %v\nwant %d %v", len(got), got, len(want), want)
	}
}

func TestTensorBoardFileHoldsWhatTheEventsHold(t *testing.T) {
	run, err := Start(context.Background(), smallRecipe(t), StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	agree(t, run.Dir)
	list := points(t, boardFile(t, run.Dir))
	if steps, _ := under(list, "train/loss"); len(steps) != 14 {
		t.Errorf("got losses of steps %v, want 14", steps)
	}
	if steps, _ := under(list, "dev/accuracy"); !slices.Equal(steps, []int64{7, 14}) {
		t.Errorf("got dev accuracies of steps %v, want 7 and 14", steps)
	}
	if _, moved := under(list, "layer_drift/embeddings"); len(moved) != 2 {
		t.Errorf("got drifts %v, want one per evaluation", moved)
	}
}

func TestResumedRunGoesOnInItsTensorBoardFile(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	run, err := Start(ctx, smallRecipe(t), StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	run.Wheel.Pause() // long before the data is read, so that the run waits at its first step
	run.Wheel.StepOnce()
	for step := 0; step == 0; {
		<-run.Log.Wait(0)
		all, _ := run.Log.Since(0)
		for _, s := range of[Step](all) {
			step = s.Step
		}
	}
	cancel()
	if _, err := run.Wait(); err == nil {
		t.Fatal("got no error, want a run that was cancelled while it waited")
	}
	first := boardFile(t, run.Dir)
	tear(t, first)
	again, err := Resume(context.Background(), run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := boardFile(t, run.Dir); got != first {
		t.Errorf("the resumed run writes %s, want %s", got, first)
	}
	agree(t, run.Dir)
}

// tear cuts the last bytes of a file, as a crash may.
func tear(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, info.Size()-5)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestRunOfLongAgoGetsTheSameTensorBoardFile(t *testing.T) {
	run, err := Start(context.Background(), smallRecipe(t), StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	path := boardFile(t, run.Dir)
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	made, err := WriteTensorBoard(run.Dir)
	if err != nil || made != path {
		t.Fatalf("got %s (%v), want %s", made, err, path)
	}
	got, err := os.ReadFile(path)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %d bytes (%v), want the %d that the run wrote", len(got), err, len(want))
	}
}

func TestTensorBoardFileOfATrainingRunIsItsOwn(t *testing.T) {
	dir := t.TempDir()
	held, err := lockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.release()
	if _, err := WriteTensorBoard(dir); err == nil || !strings.Contains(err.Error(), "is training") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestStepsTakenBackStandOnceInTheTensorBoardFile(t *testing.T) {
	dir := t.TempDir()
	b, log := newBoard(dir), NewLog()
	defer b.close()
	for _, e := range []Event{
		Step{Step: 1, Loss: 1}, Step{Step: 2, Loss: 2}, Evaluated{Step: 2, Split: "dev", Loss: 9},
		Step{Step: 3, Loss: 3}, Evaluated{Step: 3, Split: "dev", Loss: 8},
		Steered{Step: 1, Action: "rewind"}, Step{Step: 2, Loss: 4}, Step{Step: 3, Loss: 5},
	} {
		log.Append(e)
		if err := b.follow(e, log); err != nil {
			t.Fatal(err)
		}
	}
	list := points(t, boardFile(t, dir))
	if steps, losses := under(list, "train/loss"); !slices.Equal(steps, []int64{1, 2, 3}) || !slices.Equal(losses, []float32{1, 4, 5}) {
		t.Errorf("got losses %v at steps %v, want 1 4 5 at 1 2 3", losses, steps)
	}
	if steps, _ := under(list, "dev/loss"); len(steps) != 0 {
		t.Errorf("got evaluations at %v, want those taken back gone", steps)
	}
}

func TestStepsTakenBackAndNotDoneAgainAreGone(t *testing.T) {
	dir := t.TempDir()
	b, log := newBoard(dir), NewLog()
	defer b.close()
	layers := []LayerState{{Name: "head", Drift: 0.5}}
	for _, e := range []Event{
		Step{Step: 1}, Measured{Step: 1, Layers: layers}, Evaluated{Step: 1, Split: "dev", Layers: layers},
		Step{Step: 2}, Measured{Step: 2, Layers: layers}, Steered{Step: 1, Action: "rewind"}, Evaluated{Step: 1, Split: "test"},
	} {
		log.Append(e)
		if err := b.follow(e, log); err != nil {
			t.Fatal(err)
		}
	}
	list := points(t, boardFile(t, dir))
	for _, tag := range []string{"train/loss", "layer_drift/head", "dev/loss", "test/loss"} {
		if steps, _ := under(list, tag); !slices.Equal(steps, []int64{1}) {
			t.Errorf("%s: got steps %v, want 1 once", tag, steps)
		}
	}
}

func TestClockOfTheTensorBoardFileRunsWhileTheRunTrains(t *testing.T) {
	dir := t.TempDir()
	f := &folder{dir: dir}
	if err := f.writeJSON(environmentFile, map[string]string{"started": "2026-01-02T03:04:05Z"}); err != nil {
		t.Fatal(err)
	}
	b, log := newBoard(dir), NewLog()
	defer b.close()
	for _, e := range []Event{Step{Step: 1, Seconds: 0.5}, Evaluated{Step: 1, Split: "dev", Seconds: 2}, Step{Step: 2, Seconds: 2.25}} {
		log.Append(e)
		if err := b.follow(e, log); err != nil {
			t.Fatal(err)
		}
	}
	const start = 1767323045
	var got []float64
	for _, p := range points(t, boardFile(t, dir)) {
		if p.tag == "train/loss" || p.tag == "dev/loss" {
			got = append(got, p.wall-start)
		}
	}
	if want := []float64{0.5, 2, 2.25}; !slices.Equal(got, want) {
		t.Errorf("got %v seconds after the start, want %v", got, want)
	}
}

func TestRunGoesOnWithoutATensorBoardFileItCannotWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, tensorboardDir), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := Start(context.Background(), smallRecipe(t), StartOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Errorf("the run failed: %v", err)
	}
	past, _, err := reopen(dir)
	if err != nil {
		t.Fatal(err)
	}
	notes := 0
	for _, n := range of[Note](past) {
		if len(n.Text) > 12 && n.Text[:12] == "tensorboard:" {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("got %d notes about the file, want 1", notes)
	}
}
