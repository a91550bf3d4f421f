package background

import (
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openPty makes a pseudo-terminal: what is written to one end is read at the other.
func openPty(t *testing.T) (far, near *os.File) {
	t.Helper()
	far, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	t.Cleanup(func() { far.Close() })
	var number int
	err = control(far, func(fd uintptr) (err error) {
		if err := unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		return err
	})
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	near, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	t.Cleanup(func() { near.Close() })
	return far, near
}

type heard struct{ dark, known bool }

func askIt(near *os.File, limit time.Duration) chan heard {
	answer := make(chan heard, 1)
	go func() {
		dark, known := ask(near, limit)
		answer <- heard{dark, known}
	}()
	return answer
}

func TestSilentTerminalIsNotWaitedFor(t *testing.T) {
	_, near := openPty(t)
	select {
	case got := <-askIt(near, 20*time.Millisecond):
		if got != (heard{true, false}) {
			t.Errorf("got %+v, want dark and not known", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still waiting for a terminal that never answers")
	}
}

func TestTerminalThatAnswersIsBelieved(t *testing.T) {
	far, near := openPty(t)
	answer := askIt(near, 20*time.Second)
	asked := make([]byte, len(question))
	if _, err := far.Read(asked); err != nil {
		t.Fatal(err)
	}
	if _, err := far.WriteString("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4c"); err != nil {
		t.Fatal(err)
	}
	if got := <-answer; got != (heard{false, true}) {
		t.Errorf("got %+v, want light and known", got)
	}
}
