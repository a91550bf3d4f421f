package ui

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

func TestFirstFrameNeedsNothingLoaded(t *testing.T) {
	d := idle(t, recipe())
	d.app.resize(120, 34)
	d.Expect("listing backbones...").Expect("testdata/tiny on films")
}

func TestNumberKeysTurnToScreensAndEscComesBack(t *testing.T) {
	d := drive(t)
	d.Press("2").Expect("freeze map")
	d.Press("3").Expect("sources")
	d.Press("4").Expect("start training")
	d.Press("5").Expect("starts training")
	d.Press("esc").Expect("learning rate")
	d.Press("esc", "esc", "esc").Expect("backbones")
	if d.Press("esc"); d.left {
		t.Error("esc on the first screen left the workbench")
	}
	for n := len(registry) + 1; n <= 9; n++ {
		d.Press(strconv.Itoa(n)).Expect("backbones")
	}
}

func TestFreezeLineMovesAndUndoTakesItBack(t *testing.T) {
	d := drive(t)
	d.Press("2", "J").Expect("■ frozen").Expect("stops at encoder.0")
	d.Press("J", "J").Expect("stops at encoder.2")
	if got := d.app.session.Recipe.Train; got != "last:2" {
		t.Errorf("train is %q, want last:2", got)
	}
	d.Press("K").Expect("stops at encoder.1")
	d.Press("u", "u", "u", "u").Refuse("■ frozen")
	if got := d.app.session.Recipe; got != recipe() {
		t.Errorf("undo left %+v", got.Differences(recipe()))
	}
	d.Press("u").Expect("nothing to undo")
}

func TestFreezeLineStopsBelowTheHead(t *testing.T) {
	d := drive(t)
	d.Press("2")
	for range 12 {
		d.Press("J")
	}
	d.Expect("stops at the head")
	if got := d.app.session.Recipe.Train; got != "head" && got != "last:0" {
		t.Errorf("train is %q, want the head alone", got)
	}
}

func TestAnyRowCanBeFrozen(t *testing.T) {
	d := drive(t)
	d.Press("2", "j", "j", " ").Expect("■ frozen")
	for _, l := range d.app.session.Budget.Layers {
		if got, want := l.Frozen(), l.Name == "encoder.1"; got != want {
			t.Errorf("%s frozen: %v, want %v", l.Name, got, want)
		}
	}
	d.Press(" ").Refuse("■ frozen")
}

func TestRangeFreezesTogether(t *testing.T) {
	d := drive(t)
	d.Press("2", "v", "j", "j", " ")
	d.Expect("stops at encoder.2")
	d.Press("v", "esc")
	if d.app.top != 1 {
		t.Error("esc left the screen instead of letting the range go")
	}
}

func TestPresetDigitsAreNotScreens(t *testing.T) {
	d := drive(t)
	d.Press("2", "p").Expect("press a digit")
	d.Press("1").Expect("stops at the head").Expect("LAYERS")
	d.Press("p", "esc", "1").Expect("backbones")
}

func TestTensorsOpenUnderTheirLayer(t *testing.T) {
	d := drive(t)
	d.Press("2").Refuse("word_embeddings")
	d.Press("enter").Expect("└ word_embeddings")
	d.Press("enter").Refuse("word_embeddings")
}

func TestTypedLettersAreTextNotCommands(t *testing.T) {
	d := drive(t)
	d.Press("i", "ctrl+u").Type("quiet 2 films?").Expect("quiet 2 films?").Expect("films")
	if d.left || d.app.top != 0 {
		t.Fatal("a typed letter acted as a key")
	}
	d.Press("esc", "2").Expect("freeze map")
}

func TestSentenceIsCutByTheChosenBackbone(t *testing.T) {
	d := drive(t)
	d.Press("i", "ctrl+u").Type("unwatchable").Expect("[CLS]│").Expect("##")
}

func TestBackbonesAreFiltered(t *testing.T) {
	d := drive(t)
	d.Expect("bert-base-uncased")
	d.Press("/").Type("pocket").Refuse("bert-base-uncased").Expect("pocket-bert")
	d.Press("esc").Expect("bert-base-uncased")
}

func TestBackboneThatIsNotHereSaysHowToGetIt(t *testing.T) {
	d := drive(t)
	d.Press("/").Type("uncased").Press("enter", "enter").Expect("d downloads it, and so does defrost pull bert-base-uncased")
	if got := d.app.session.Recipe.Backbone; got != "testdata/tiny" {
		t.Errorf("backbone is %q, want the old one", got)
	}
}

func TestDownloadWithoutANetworkSaysSo(t *testing.T) {
	t.Setenv("HF_HUB_OFFLINE", "1")
	t.Setenv("HF_HOME", t.TempDir())
	d := drive(t)
	d.Press("/").Type("uncased").Press("enter", "d").Expect("found nothing in the cache").Expect("offline mode is on")
	d.Press("/", "esc", "g", "d").Expect("pocket-bert needs no download")
}

func TestMissingFolderSaysWhatWasExpected(t *testing.T) {
	d := drive(t)
	d.Press("o").Type("no/such/model").Press("enter").Expect("no/such/model")
	if d.app.session.Recipe.Backbone != "testdata/tiny" {
		t.Error("a missing folder was chosen")
	}
}

func TestFileOfOnesOwnIsOpenedAndChosen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.csv")
	rows := "text,label\n"
	for i := range 40 {
		rows += []string{"what a lovely film", "a dull and dreary film"}[i%2] + strings.Repeat(" indeed", i) + "," + []string{"yes", "no"}[i%2] + "\n"
	}
	write(t, path, rows)
	d := drive(t)
	d.Press("3", "o").Type(path).Press("enter").Expect("40 examples in").Expect("mine.csv")
	d.Press("enter").Expect("no  ")
	if got := d.app.session.Recipe.Data; got != path {
		t.Errorf("data is %q, want %q", got, path)
	}
}

func TestBadRowsAreListedWithTheirLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.csv")
	write(t, path, "text,label\ngood film,yes\nbad film,no\nlonely\nfine film,yes\npoor film,no\nnice film,yes\nsad film,no\n")
	d := drive(t)
	d.Press("3", "o").Type(path).Press("enter").Expect("line 4").Expect("x trains on the other 6 rows")
	d.Press("enter", "r").Expect("line 4").Refuse("training 0%")
	d.Press("x").Expect("training without the bad rows").Expect("bad rows are left out")
	d.Press("4").Refuse("cannot start").Expect("--skip-bad-rows")
	d.Press("3", "x").Expect("line 4").Press("4").Expect("cannot start")
}

func TestRowsAreOnlyLeftOutWhereSomeAreBroken(t *testing.T) {
	d := drive(t)
	d.Press("3", "x").Expect("no row of films keeps it from training")
}

func TestSplitsAndSearchOfTheExamples(t *testing.T) {
	d := drive(t)
	d.Press("3").Expect("examples: train").Expect("of 760")
	d.Press("s").Expect("examples: dev").Expect("of 120")
	d.Press("s", "s").Expect("examples: hard")
	d.Press("s", "/").Type("actress").Expect("actress").Refuse("of 760")
	d.Press("esc").Expect("of 760")
}

func TestWrongSettingIsRefusedWhereItIsTyped(t *testing.T) {
	d := drive(t)
	d.Press("4")
	for d.Press("j"); !strings.Contains(cursorLine(d), "▸ epochs"); d.Press("j") {
	}
	d.Press("enter", "ctrl+u").Type("0").Expect("epochs is 0, expected 1 or more")
	d.Press("enter").Expect("expected 1 or more")
	d.Press("backspace").Type("x").Expect(`found "x", expected a whole number`)
	d.Press("ctrl+u").Type("9").Press("enter").Expect("--epochs 9")
	d.Press("d").Refuse("--epochs 9")
	d.Press("right").Expect("--epochs 7")
}

// cursorLine is the line of the form that the cursor is on.
func cursorLine(d *driver) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, "▸") {
			return l
		}
	}
	return ""
}

func TestRecipeThatCannotRunSaysWhy(t *testing.T) {
	r := recipe()
	r.Backbone = "no-such-backbone"
	d := idle(t, r)
	d.app.resize(120, 34)
	d.send(catalogue())
	d.do(shared.OpenModel(d.app.session.Context(), r.Backbone))
	d.do(shared.OpenData(shared.SourceOf(r)))
	d.settle()
	d.Press("r").Expect("no-such-backbone")
	d.Press("4").Expect("cannot start")
	if d.app.session.Run != nil {
		t.Error("a run was started")
	}
}

func TestHelpIsSearched(t *testing.T) {
	d := drive(t)
	d.Press("?").Expect("help: every key")
	d.Type("checkpoint").Expect("write a checkpoint now").Refuse("next theme")
	d.Press("esc").Refuse("help: every key")
}

func TestThemesGoRound(t *testing.T) {
	d := drive(t)
	for _, name := range []string{"light", "contrast", "colourblind", "mono", "dark"} {
		d.Press("t").Expect("theme: " + name)
	}
}

func TestPaneFillsTheScreenAndComesBack(t *testing.T) {
	d := drive(t)
	d.Press("2", "z").Refuse("then a digit").Expect("freeze map")
	d.Press("esc").Expect("then a digit")
	d.Press("tab", "z").Refuse("freeze map ").Expect("what this choice costs")
	d.Press("z").Expect("then a digit")
}

func TestRecordedRunIsDrawnWithItsMarks(t *testing.T) {
	d := drive(t)
	d.Replay(150).Expect("you: lr 0.0005").Expect("you: freeze embeddings").Expect("training")
	d.Press("f").Expect("freeze map of run tiny-films-01")
	if row := rowOf(d, "embeddings"); !strings.Contains(row, "■ frozen") || !strings.Contains(row, " 0 ") {
		t.Errorf("the frozen row is %q, want frozen and moved by exactly 0", row)
	}
}

func rowOf(d *driver, name string) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, name) {
			return l
		}
	}
	return ""
}

func TestFinishedRunSaysItsAccuracyInWords(t *testing.T) {
	d := drive(t)
	d.Replay(0).Expect("dev accuracy 0.65  95% 0.56 to 0.73").Expect("test accuracy 0.62").Expect("finished")
	d.Press(" ").Expect("no run is training")
	d.Press("q")
	if !d.left {
		t.Error("q asked although nothing trains")
	}
}

func TestRunWithoutALastWordIsInterrupted(t *testing.T) {
	d := drive(t)
	run := recorded(t, 60)
	run.Log.Close()
	d.send(shared.RunMsg{Run: run})
	d.settle().Expect("interrupted")
}

func TestFailedRunSaysWhy(t *testing.T) {
	d := drive(t)
	run := recorded(t, 60)
	run.Log.Append(engine.Failed{Error: "loss is NaN at step 58\nlong trace", Step: 58})
	run.Log.Close()
	d.send(shared.RunMsg{Run: run})
	d.settle().Expect("the run failed at step 58").Expect("loss is NaN").Refuse("long trace")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFreezeMapFollowsTheRunBetweenEvaluations(t *testing.T) {
	d := drive(t)
	d.Replay(150).Press("f")
	row := engine.LayerState{Name: "encoder.3", Kind: "encoder", Params: 1, Trainable: 1, GradNorm: 0.5, Drift: 0.0777}
	log := d.app.session.Run.Log
	log.Append(engine.Measured{Step: 130, Layers: []engine.LayerState{row}})
	d.Expect("0.0777")
	row.Drift, row.Trainable = 0, 0
	log.Append(engine.Thawed{Step: 131, Epoch: 3, Why: "person", Layers: []engine.LayerState{row}})
	d.Expect("■ frozen").Expect("0.0777")
}

func TestKeysThatComeTogetherCountOneByOne(t *testing.T) {
	d := drive(t)
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("2JJ")})
	d.settle().Expect("stops at encoder.1")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("1/pocket")})
	d.settle().Expect("filter pocket").Refuse("bert-base-uncased")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("qqq"), Paste: true})
	if d.settle(); d.left {
		t.Error("pasted letters were taken as keys")
	}
}
