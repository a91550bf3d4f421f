package labs

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"defrost/engine"
)

// Progress is how far a person has come with a lab, as it is kept on disk.
type Progress struct {
	Lab    string   `json:"lab"`
	Answer string   `json:"answer,omitempty"` // to the question before the runs: the number of a choice, from 1, or a number
	Runs   []string `json:"runs,omitempty"`   // folders of the runs begun, "" for none, in the lab's order
	Check  int      `json:"check,omitempty"`  // answer to the question after them, from 1; 0 for none
}

// Progress reads how far the person has come; nothing yet is no error.
func (l Lab) Progress() (Progress, error) {
	fresh := l.untouched()
	path, err := l.file()
	if err != nil {
		return fresh, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	var p Progress
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return fresh, fmt.Errorf("lab: reading progress from %s: %w", path, err)
	}
	if p.Answer != "" && l.refuses(p.Answer) != nil || p.Check < 0 || p.Check > len(l.Check.Choices) {
		return fresh, nil // answers to questions that the lab no longer asks
	}
	p.Runs = append(p.Runs, make([]string, max(0, len(l.Runs)-len(p.Runs)))...)[:len(l.Runs)]
	return p, nil
}

// untouched is the progress of who has not begun.
func (l Lab) untouched() Progress {
	return Progress{Lab: l.Name, Runs: make([]string, len(l.Runs))}
}

// file is where the progress of the lab is kept. Labs of files have their own, whatever they are called.
func (l Lab) file() (string, error) {
	dir, err := Folder()
	if err != nil {
		return "", err
	}
	name := l.Name
	if l.Path != "" {
		h := fnv.New32a()
		h.Write([]byte(l.Path))
		name += fmt.Sprintf("-%08x", h.Sum32())
	}
	return filepath.Join(dir, name+".json"), nil
}

// save replaces the file of the progress in one step.
func (l Lab) save(p Progress) error {
	path, err := l.file()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(data, '\n'))
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("lab: writing %s: %w", path, err)
	}
	return nil
}

// Answer commits to an answer, once, before the runs.
func (l Lab) Answer(p Progress, answer string) (Progress, error) {
	answer = strings.TrimSuffix(strings.TrimSpace(answer), "%")
	switch {
	case p.Answer == answer && answer != "":
		return p, nil
	case p.Answer != "":
		return p, fmt.Errorf("lab: %s was answered with %s before its runs, which stays; starting over forgets it", l.Name, p.Answer)
	}
	if err := l.refuses(answer); err != nil {
		return p, err
	}
	p.Answer = answer
	return p, l.save(p)
}

// refuses says why the question has no such answer.
func (l Lab) refuses(answer string) error {
	if l.Predict.Number != "" {
		x, err := strconv.ParseFloat(answer, 64)
		if err != nil || math.IsNaN(x) || x < -100 || x > 100 {
			return fmt.Errorf("lab: answer is %q, expected a number of percent, -100 to 100", answer)
		}
		return nil
	}
	return within("answer", answer, len(l.Predict.Choices))
}

// within refuses what is not the number of one of n answers.
func within(what, answer string, n int) error {
	if i, err := strconv.Atoi(answer); err != nil || i < 1 || i > n {
		return fmt.Errorf("lab: %s is %q, expected 1 to %d", what, answer, n)
	}
	return nil
}

// Said is an answer in words.
func (l Lab) Said(answer string) string {
	if l.Predict.Number != "" {
		return answer + " percent"
	}
	if i, err := strconv.Atoi(answer); err == nil && i >= 1 && i <= len(l.Predict.Choices) {
		return l.Predict.Choices[i-1].Say
	}
	return answer
}

// CheckAnswer answers the question after the runs and says whether that was right.
func (l Lab) CheckAnswer(p Progress, answer string) (Progress, error) {
	if err := within("check", strings.TrimSpace(answer), len(l.Check.Choices)); err != nil {
		return p, err
	}
	p.Check, _ = strconv.Atoi(strings.TrimSpace(answer))
	return p, l.save(p)
}

// Right is the number of the right answer, from 1.
func (c Check) Right() int {
	for i, o := range c.Choices {
		if o.Right {
			return i + 1
		}
	}
	return 0
}

// Again forgets answers and runs, so that the lab begins anew. The run folders stay.
func (l Lab) Again() (Progress, error) {
	p := l.untouched()
	return p, l.save(p)
}

// A Standing is how far one run of a lab is.
type Standing struct {
	engine.Summary
	Begun bool
}

// Standings says how far every run is. A folder that is gone, or that holds another recipe because the
// lab was changed, counts as not begun.
func (l Lab) Standings(p Progress) []Standing {
	list := make([]Standing, len(l.Runs))
	for i, dir := range p.Runs {
		if dir == "" || i >= len(l.Runs) {
			continue
		}
		sum, err := engine.Store{}.Find(dir)
		if err == nil && sum.Recipe == l.Runs[i].Recipe {
			list[i] = Standing{sum, true}
		}
	}
	return list
}

// A State is how far a lab is as a whole.
type State int

// The states of a lab. Ran is one whose runs have all finished, Done one whose last question was
// answered too.
const (
	New State = iota
	Begun
	Ran
	Done
)

// String is the state in words.
func (s State) String() string {
	return [...]string{"not begun", "under way", "check yourself", "done"}[s]
}

// State says how far the lab is.
func (l Lab) State(p Progress) State {
	if p.Answer == "" {
		return New
	}
	for _, s := range l.Standings(p) {
		if !s.Finished {
			return Begun
		}
	}
	if p.Check == 0 {
		return Ran
	}
	return Done
}
