package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"defrost/engine"
	"defrost/themes"
	"defrost/ui/background"
	"defrost/ui/shared"
)

// Options say how the workbench opens. The zero value suits a terminal and a newcomer.
type Options struct {
	Recipe engine.Recipe       // what is preselected; the zero Recipe means engine.Defaults
	Theme  string              // name of a theme; "" follows NO_COLOR and the terminal's background
	Plain  bool                // draw with ASCII only; so does a locale without UTF-8
	Keys   map[string][]string // other keys for actions, by action id
	Run    string              // run folder to open at once, "" for none
	In     io.Reader           // nil means the terminal
	Out    io.Writer           // nil means standard output
}

// Run shows the workbench until the person leaves. A run that is still training is asked to save a
// checkpoint and waited for; panics restore the terminal and come back as errors.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a, err := open(ctx, o)
	if err != nil {
		return err
	}
	_, err = tea.NewProgram(a, o.program(ctx)...).Run()
	cancel()
	return errors.Join(explain(err), a.settle(o.out()))
}

// open makes the workbench as the options say; nothing is read yet.
func open(ctx context.Context, o Options) (*App, error) {
	keys := keyTable()
	if err := keys.Rebind(o.rebound()); err != nil {
		return nil, err
	}
	if o.Recipe == (engine.Recipe{}) {
		o.Recipe = engine.Defaults()
	}
	r := lipgloss.NewRenderer(o.out())
	dark, known := true, false
	if o.Theme == "" && o.In == nil && !noColour() {
		dark, known = background.Dark(background.Limit)
	}
	theme, err := o.theme(dark)
	if err != nil {
		return nil, err
	}
	if theme.Mono {
		r.SetColorProfile(termenv.ANSI) // bold and reverse stay, and a mono theme has no colours
	}
	s := shared.NewSession(ctx, keys, shared.Styles{}, o.Recipe)
	a := newApp(s, r)
	a.dark, a.known, a.plain, a.first = dark, known, o.Plain || !unicodeLocale(os.Getenv), o.Run
	s.Plain, s.Out = a.plain, o.out()
	a.setTheme(theme)
	return a, nil
}

func (o Options) rebound() map[shared.Action][]string {
	keys := map[shared.Action][]string{}
	for action, to := range o.Keys {
		keys[shared.Action(action)] = to
	}
	return keys
}

// theme is the chosen one, mono where colours are not wanted, else the one for the background.
func (o Options) theme(dark bool) (themes.Theme, error) {
	switch {
	case o.Theme != "":
		return themes.Get(o.Theme)
	case noColour():
		return themes.Get("mono")
	}
	return themes.Default(dark), nil
}

func noColour() bool { return os.Getenv("NO_COLOR") != "" }

// unicodeLocale says that the terminal's character set is UTF-8; without any locale it is taken to be.
func unicodeLocale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8") || v == "c" || v == "posix"
		}
	}
	return true
}

func (o Options) out() io.Writer {
	if o.Out != nil {
		return o.Out
	}
	return os.Stdout
}

func (o Options) program(ctx context.Context) []tea.ProgramOption {
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithAltScreen(), tea.WithReportFocus(), tea.WithFPS(30), tea.WithOutput(o.out()), tea.WithFilter(sized),
	}
	if o.In != nil {
		options = append(options, tea.WithInput(o.In))
	}
	return options
}

// sized gives a terminal that does not know its size the usual one.
func sized(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, ok := msg.(tea.WindowSizeMsg); ok && (size.Width == 0 || size.Height == 0) {
		return tea.WindowSizeMsg{Width: 80, Height: 24}
	}
	return msg
}

// explain turns Bubble Tea's endings into ours: an interrupt is a way to leave.
func explain(err error) error {
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("ui: %w; the terminal was restored and the run folder is intact", err)
	case errors.Is(err, tea.ErrProgramKilled), errors.Is(err, context.Canceled):
		return nil
	}
	return fmt.Errorf("ui: %w", err)
}

// settle waits until the run has saved its checkpoint and says where it is.
func (a *App) settle(out io.Writer) error {
	run := a.session.Run
	if run == nil {
		return nil
	}
	live := run.Running()
	done, err := run.Wait()
	if live && err != nil {
		_, err = fmt.Fprintf(out, "run saved, go on with: defrost resume %s\n", run.Dir)
		return err
	}
	if err == nil && done.Dir != "" {
		_, err = fmt.Fprintf(out, "run: %s\n", done.Dir)
		return err
	}
	return nil
}
