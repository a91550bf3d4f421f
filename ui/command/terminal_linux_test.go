package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A silent is a terminal that shows what is written to it and never answers.
type silent struct {
	screen, tty *os.File
	shown       chan string
}

func newSilent(t *testing.T) *silent {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &silent{screen, tty, make(chan string, 1)}
	go func() {
		text, _ := io.ReadAll(screen) // ends with an error once the terminal is closed
		s.shown <- string(text)
	}()
	return s
}

// text closes the terminal and returns what it was shown.
func (s *silent) text() string {
	s.tty.Close()
	text := <-s.shown
	s.screen.Close()
	return text
}

func TestHelpOnASilentTerminalAsksNothing(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "defrost")
	if out, err := exec.Command("go", "build", "-o", binary, "defrost").CombinedOutput(); err != nil {
		t.Fatalf("got %v: %s", err, out)
	}
	for _, args := range [][]string{{"--help"}, {"version"}, {"train", "--lr", "0"}} {
		s := newSilent(t)
		c := exec.Command(binary, args...)
		c.Env = append(os.Environ(), "TERM=xterm-256color")
		c.Stdin, c.Stdout, c.Stderr = s.tty, s.tty, s.tty
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // only who is in front asks
		err := c.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if text := s.text(); strings.Contains(text, "\x1b") || !strings.Contains(text, "frost") && !strings.Contains(text, "lr is 0") {
			t.Errorf("%v: got %q, want words and no questions to the terminal", args, text)
		}
	}
}

func TestTrainingOnATerminalKeepsOneLineMoving(t *testing.T) {
	home(t)
	t.Setenv("TERM", "xterm")
	s := newSilent(t)
	p := Program{Out: s.tty, Err: s.tty}
	if code := p.Main(context.Background(), small(t)); code != exitOK {
		t.Errorf("got code %d, want 0", code)
	}
	text := s.text()
	for _, want := range []string{"\r############ step 14/14 epoch 2", clearLine, "finished after 14 steps"} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want it to show %q", text, want)
		}
	}
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if strings.Contains(line, "step ") && strings.HasPrefix(line, "#") && len(strings.TrimSuffix(line, clearLine)) > 79 {
			t.Errorf("got a progress line of %d columns, want at most 79: %q", len(line), line)
		}
	}
}

func TestWithoutACommandTheWorkbenchOpens(t *testing.T) {
	t.Setenv("TERM", "xterm")
	s := newSilent(t)
	defer s.text()
	var got []Opening
	var errs strings.Builder
	p := Program{Out: s.tty, Err: &errs, Workbench: func(_ context.Context, o Opening) error {
		got = append(got, o)
		return errors.New("enough seen")
	}}
	code := p.Main(context.Background(), []string{"--theme", "mono", "--ascii"})
	if code != exitFailed || errs.String() != "defrost: enough seen\n" {
		t.Errorf("got code %d and %q, want 1 and the workbench's error", code, errs.String())
	}
	if len(got) != 1 || got[0] != (Opening{Theme: "mono", Plain: true}) {
		t.Errorf("got %+v, want it opened once with its theme", got)
	}
}
