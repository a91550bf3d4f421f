package shared

import (
	"context"
	"errors"
	"fmt"
	"io"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"defrost/datasets"
	"defrost/engine"
)

// A Session is what the screens share: the recipe being made, what it names, and the run being
// followed. It is only touched inside Update; whatever takes time is done in commands.
type Session struct {
	Keys   *Keys
	Styles Styles
	Recipe engine.Recipe
	Cards  []engine.Card // the catalogue, nil until it was listed

	Model  *engine.Model // of Recipe.Backbone; nil while it is opened or when it cannot be
	Data   *datasets.Dataset
	Budget *engine.Budget // of Recipe; nil until it was planned
	Why    Troubles

	Run     *engine.Run // the run being followed, nil before the first
	Status  Status
	Top     string    // the screen being looked at
	Plain   bool      // the terminal wants ASCII only
	Out     io.Writer // the terminal, for the clipboard; nil has none
	NoProbe bool      // never measure an epoch
	Rivals  []any     // the backbones that one key sets against each other

	ctx      context.Context
	halt     context.CancelFunc // of the run being followed
	follows  []*follow          // every run whose events are heard
	trials   *engine.Trials     // the comparison that trains, nil for none
	endAll   context.CancelFunc // of the comparison
	past     []engine.Recipe
	planning bool
	pace     pace
}

// Troubles say why something of a session is missing.
type Troubles struct{ Model, Data, Budget error }

// NewSession begins with a recipe; ctx ends its runs.
func NewSession(ctx context.Context, keys *Keys, styles Styles, r engine.Recipe) *Session {
	return &Session{Keys: keys, Styles: styles, Recipe: r, ctx: ctx, pace: pace{period: Frame}, Rivals: []any{"pocket-bert", "pocket-elmo"}}
}

// Messages of the session. RecipeMsg, ModelMsg, DataMsg and BudgetMsg say that the recipe or what
// it names is new; a screen reads the session for the rest.
type (
	RecipeMsg struct{}
	CardsMsg  struct {
		Backbones   []engine.Card
		Inside, Hub []datasets.Card // data sets of the program and of the hub
	}
	ModelMsg struct {
		Name  string
		Model *engine.Model
		Err   error
	}
	DataMsg struct {
		Source Source
		Data   *datasets.Dataset
		Err    error
	}
	BudgetMsg struct {
		Recipe engine.Recipe
		Budget engine.Budget
		Err    error
	}
	RunMsg struct {
		Run  *engine.Run
		Err  error
		halt context.CancelFunc
	}
)

// Load lists the catalogue and opens what the recipe names.
func (s *Session) Load() tea.Cmd {
	return tea.Batch(ListCards, OpenModel(s.ctx, s.Recipe.Backbone), OpenData(SourceOf(s.Recipe)))
}

// ListCards lists what there is to choose from.
func ListCards() tea.Msg {
	return CardsMsg{engine.Backbones(), datasets.Embedded(), datasets.Catalog()}
}

// OpenModel opens a backbone's configuration and tokenizer; no weights are read.
func OpenModel(ctx context.Context, name string) tea.Cmd {
	return func() tea.Msg {
		m, err := engine.OpenModel(ctx, name)
		return ModelMsg{name, m, err}
	}
}

// A Source is the part of a recipe that says which examples there are.
type Source struct {
	Name, Also, Text, Pair, Label string
	Limit                         int
	Seed                          int64
	SkipBadRows                   bool
}

// SourceOf is the source a recipe names.
func SourceOf(r engine.Recipe) Source {
	return Source{r.Data, r.Also, r.Text, r.Pair, r.Label, r.Limit, r.Seed, r.SkipBadRows}
}

// options are those of a recipe with this source.
func (s Source) options() datasets.Options {
	r := engine.Recipe{Also: s.Also, Text: s.Text, Pair: s.Pair, Label: s.Label, Limit: s.Limit, Seed: s.Seed, SkipBadRows: s.SkipBadRows}
	return r.DataOptions()
}

// Change edits the recipe, so that Undo can take it back, and looks again at what it names.
func (s *Session) Change(edit func(*engine.Recipe)) tea.Cmd {
	was := s.Recipe
	edit(&s.Recipe)
	if s.Recipe == was {
		return nil
	}
	s.past = append(s.past, was)
	return s.renew(was)
}

// Undo takes back the last change.
func (s *Session) Undo() tea.Cmd {
	if len(s.past) == 0 {
		return Say("nothing to undo")
	}
	was := s.Recipe
	s.Recipe, s.past = s.past[len(s.past)-1], s.past[:len(s.past)-1]
	return tea.Batch(s.renew(was), Say("undone"))
}

// renew opens what differs from the recipe before, or plans at once.
func (s *Session) renew(was engine.Recipe) tea.Cmd {
	cmds := []tea.Cmd{func() tea.Msg { return RecipeMsg{} }}
	if s.Recipe.Backbone != was.Backbone {
		s.Model, s.Budget, s.Why.Model = nil, nil, nil
		cmds = append(cmds, OpenModel(s.ctx, s.Recipe.Backbone))
	}
	if SourceOf(s.Recipe) != SourceOf(was) {
		s.Data, s.Budget, s.Why.Data = nil, nil, nil
		cmds = append(cmds, OpenData(SourceOf(s.Recipe)))
	}
	return tea.Batch(append(cmds, s.plan())...)
}

// plan computes the budget of the recipe; one at a time, and again when the recipe has changed.
func (s *Session) plan() tea.Cmd {
	if s.planning || s.Model == nil || s.Data == nil {
		return nil
	}
	s.planning = true
	m, d, r := s.Model, s.Data, s.Recipe
	return func() tea.Msg {
		if err := r.Check(); err != nil {
			return BudgetMsg{Recipe: r, Err: err}
		}
		b, err := engine.Plan(m, d, r)
		return BudgetMsg{r, b, err}
	}
}

// Update takes the news that every screen shares, before the screens hear them.
func (s *Session) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case CardsMsg:
		s.Cards = msg.Backbones
	case ModelMsg:
		if msg.Name == s.Recipe.Backbone {
			s.Model, s.Why.Model = msg.Model, msg.Err
			return s.plan()
		}
	case ReadingMsg:
		return msg.reading.listen
	case DataMsg:
		if msg.Source == SourceOf(s.Recipe) {
			s.Data, s.Why.Data = msg.Data, msg.Err
			return s.plan()
		}
	case BudgetMsg:
		return s.planned(msg)
	case RunMsg:
		return s.follow(msg)
	case EventsMsg:
		return s.heard(msg)
	case ChosenMsg:
		return s.chosen(msg)
	case ComparisonMsg:
		return s.begun(msg)
	case BeganMsg:
		return s.began(msg)
	case ComparedMsg:
		return s.compared(msg)
	case tea.FocusMsg:
		s.pace.set(Frame)
	case tea.BlurMsg:
		s.pace.set(Unfocused)
	}
	return nil
}

func (s *Session) planned(msg BudgetMsg) tea.Cmd {
	s.planning = false
	if msg.Recipe != s.Recipe {
		return s.plan()
	}
	s.Budget, s.Why.Budget = &msg.Budget, msg.Err
	if msg.Err != nil {
		s.Budget = nil
	}
	return nil
}

// Trouble is the first reason why the recipe cannot run, nil when none is known.
func (s *Session) Trouble() error {
	if err := s.Recipe.Check(); err != nil {
		return err
	}
	for _, err := range []error{s.Why.Model, s.Why.Data, s.Why.Budget} {
		if err != nil {
			return err
		}
	}
	return nil
}

// errBusy says that what trains now comes first.
var errBusy = errors.New("a run is training: stop it on the live screen first")

// Begin starts to train with the recipe as it is now.
func (s *Session) Begin() tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	if err := s.Trouble(); err != nil {
		return Complain(err)
	}
	ctx, halt := context.WithCancel(s.ctx)
	r := s.Recipe
	return func() tea.Msg {
		run, err := engine.Start(ctx, r, engine.StartOptions{})
		return RunMsg{run, err, halt}
	}
}

// Ask asks the recipe's backbone about its data as it is, without training.
func (s *Session) Ask() tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	for _, err := range []error{s.Why.Model, s.Why.Data} {
		if err != nil {
			return Complain(err)
		}
	}
	ctx, halt := context.WithCancel(s.ctx)
	o := engine.ZeroShotOptions{Backbone: s.Recipe.Backbone, Data: s.Recipe.Data, Table: s.Recipe.Table(), Seed: s.Recipe.Seed}
	if name := s.Recipe.Task; name == "lm" || name == "lastword" {
		o.Task = name
	}
	return func() tea.Msg {
		run, err := engine.StartZeroShot(ctx, o)
		return RunMsg{run, err, halt}
	}
}

// Pretrain starts to pre-train a backbone, or goes on with the unfinished run of its folder.
func (s *Session) Pretrain(o engine.PretrainOptions) tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	ctx, halt := context.WithCancel(s.ctx)
	return func() tea.Msg {
		run, err := engine.StartPretraining(ctx, o, nil)
		return RunMsg{run, err, halt}
	}
}

// Resume goes on with a run that did not finish, from its last checkpoint.
func (s *Session) Resume(dir string) tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	ctx, halt := context.WithCancel(s.ctx)
	return func() tea.Msg {
		run, err := engine.Resume(ctx, dir)
		return RunMsg{run, err, halt}
	}
}

// Halt ends the run now: it saves a checkpoint and can be resumed.
func (s *Session) Halt() {
	if s.halt != nil {
		s.halt()
	}
}

// OpenRun reads a run that is on disk.
func OpenRun(dir string) tea.Cmd {
	return func() tea.Msg {
		run, err := engine.OpenRun(dir)
		return RunMsg{Run: run, Err: err}
	}
}

// Training says that the run being followed is training or paused.
func (s *Session) Training() bool { return s.Run != nil && s.Status.Phase.Live() && s.Run.Running() }

// Copy puts text on the clipboard through the terminal (OSC 52), which also works from afar.
func (s *Session) Copy(text string) tea.Cmd {
	out := s.Out
	return func() tea.Msg {
		if out == nil {
			return SayMsg{Text: "no clipboard here: " + text}
		}
		if _, err := io.WriteString(out, ansi.SetSystemClipboard(text)); err != nil {
			return SayMsg{Text: fmt.Sprintf("clipboard: %v", err), Bad: true}
		}
		return SayMsg{Text: "copied: " + text}
	}
}

// Context ends with the workbench.
func (s *Session) Context() context.Context { return s.ctx }
