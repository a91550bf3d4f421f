package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	Recipe engine.Recipe // what is preselected; the zero Recipe means engine.Defaults
	Theme  string        // name of a theme; "" follows NO_COLOR, the config and the terminal's background
	Plain  bool          // draw with ASCII only; so does a locale without UTF-8
	Run    string        // run folder to open at once, "" for none
	Config Config        // what the person always wants; Run reads it from ConfigDir
	In     io.Reader     // nil means the terminal
	Out    io.Writer     // nil means standard output

	folder string // where the person's themes lie
}

// Run shows the workbench until the person leaves. A run that is still training is asked to save a
// checkpoint and waited for; panics restore the terminal and come back as errors.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := o.configure(); err != nil {
		return err
	}
	a, err := open(ctx, o)
	if err != nil {
		return err
	}
	return a.live(tea.NewProgram(a, o.program(ctx)...), cancel, o.out())
}

// live is the time from the first frame until the runs have saved their checkpoints.
func (a *App) live(p *tea.Program, cancel func(), out io.Writer) error {
	engine.SpareThread()
	_, err := p.Run()
	cancel()
	return errors.Join(explain(err), a.settle(out))
}

// open makes the workbench as the options say; nothing is read yet.
func open(ctx context.Context, o Options) (*App, error) {
	keys := keyTable()
	if err := keys.Rebind(o.Config.bindings()); err != nil {
		return nil, err
	}
	if o.Recipe == (engine.Recipe{}) {
		o.Recipe = engine.Defaults()
	}
	r := lipgloss.NewRenderer(o.out())
	s := shared.NewSession(ctx, keys, shared.Styles{}, o.Recipe)
	a := newApp(s, r)
	var warnings []string
	a.looks, warnings = findLooks(o.folder)
	a.dark, a.known = o.background()
	theme, err := o.theme(a.looks, a.dark)
	if err != nil {
		return nil, err
	}
	if theme.Mono {
		r.SetColorProfile(termenv.ANSI) // bold and reverse stay, and a mono theme has no colours
	}
	a.plain, a.first, a.mouse = o.Plain || !unicodeLocale(os.Getenv), o.Run, o.Config.Mouse
	s.Plain, s.Out = a.plain, o.out()
	a.setTheme(theme)
	if len(warnings) > 0 {
		a.said = shared.SayMsg{Text: strings.Join(warnings, "; "), Bad: true}
	}
	return a, nil
}

// configure reads the person's config file.
func (o *Options) configure() (err error) {
	if o.folder, err = ConfigDir(); err != nil {
		return err
	}
	o.Config, err = LoadConfig(filepath.Join(o.folder, "config.yaml"))
	return err
}

// background says whether the terminal's is dark, and whether that is known: from the config, or
// by asking the terminal where the theme depends on it.
func (o Options) background() (dark, known bool) {
	switch {
	case o.Config.Background != "":
		return o.Config.Background == "dark", true
	case o.Theme == "" && o.Config.Theme == "" && o.In == nil && !noColour():
		return background.Dark(background.Limit)
	}
	return true, false
}

// theme is the one asked for, mono where colours are not wanted, the one of the config, else the one
// for the background.
func (o Options) theme(all looks, dark bool) (themes.Theme, error) {
	switch {
	case o.Theme != "":
		return all.get(o.Theme)
	case noColour():
		return all.get("mono")
	case o.Config.Theme != "":
		return all.get(o.Config.Theme)
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
	fps := o.Config.FPS
	if fps == 0 {
		fps = usualFPS
	}
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithAltScreen(), tea.WithReportFocus(), tea.WithFPS(fps), tea.WithOutput(o.out()), tea.WithFilter(sized),
	}
	if o.Config.Mouse {
		options = append(options, tea.WithMouseCellMotion())
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

// A settler is a screen with runs of its own. Busy says that one trains, Stop ends it with a checkpoint.
// Settle waits until it is saved and says how to go on, "" when there was none.
type settler interface {
	Busy() bool
	Stop() tea.Cmd
	Settle() string
}

// settle waits until the runs have saved their checkpoints and says where they are.
func (a *App) settle(out io.Writer) error {
	for _, s := range a.screens {
		if w, ok := s.(settler); ok {
			if text := w.Settle(); text != "" {
				fmt.Fprintln(out, text)
			}
		}
	}
	if trials := a.session.Settle(); trials != nil {
		_, err := fmt.Fprintf(out, "comparison saved, go on with: defrost compare --resume %s\n", trials.Experiment.Name)
		return err
	}
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
