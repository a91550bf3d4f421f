// Package background asks the terminal whether it is dark, and never waits long for the answer.
package background

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
)

// Limit is how long Dark should wait: local terminals answer within a few milliseconds.
const Limit = 100 * time.Millisecond

// question asks for the background colour (OSC 11) and then for the terminal's attributes, which
// every terminal knows: a terminal without the first answers the second and need not be waited for.
const question = "\x1b]11;?\x1b\\\x1b[c"

// Dark says whether the terminal's background is dark, and whether that is known at all. It
// believes COLORFGBG, else it asks the terminal and waits for at most limit.
func Dark(limit time.Duration) (dark, known bool) {
	if dark, known = fromVariable(os.Getenv("COLORFGBG")); known || !safe(os.Getenv) {
		return dark, known
	}
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return true, false
	}
	defer tty.Close()
	return ask(tty, limit)
}

// safe says that an answer will come as an answer: a multiplexer would pass the question on to any
// of its clients, and a slow line would deliver it as key presses.
func safe(env func(string) string) bool {
	name := env("TERM")
	for _, bad := range []string{"tmux", "screen", "dumb", "linux"} {
		if strings.HasPrefix(name, bad) {
			return false
		}
	}
	return name != "" && env("TMUX") == "" && env("STY") == "" && env("SSH_CONNECTION") == ""
}

// fromVariable reads COLORFGBG, "15;0": the last number is the background; 7 and 9 to 15 are light.
func fromVariable(v string) (dark, known bool) {
	n, err := strconv.Atoi(v[strings.LastIndex(v, ";")+1:])
	if err != nil || n < 0 || n > 15 {
		return true, false
	}
	return n != 7 && n < 9, true
}

// ask puts the terminal into raw mode for the time of one question.
func ask(tty *os.File, limit time.Duration) (dark, known bool) {
	if tty.SetReadDeadline(time.Now().Add(limit)) != nil {
		return true, false // a read could not be given up
	}
	var was *term.State
	err := control(tty, func(fd uintptr) (err error) {
		was, err = term.MakeRaw(fd)
		return err
	})
	if err != nil {
		return true, false
	}
	defer func() { _ = control(tty, func(fd uintptr) error { return term.Restore(fd, was) }) }()
	if _, err := io.WriteString(tty, question); err != nil {
		return true, false
	}
	return fromAnswer(listen(tty))
}

// control hands over the descriptor without File.Fd, which would make reads block for ever.
func control(f *os.File, do func(fd uintptr) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := raw.Control(func(fd uintptr) { done = do(fd) }); err != nil {
		return err
	}
	return done
}

// listen reads until the attributes have come or the deadline has passed.
func listen(r io.Reader) []byte {
	var answer []byte
	buf := make([]byte, 256)
	for len(answer) < 4096 {
		n, err := r.Read(buf)
		answer = append(answer, buf[:n]...)
		if at := bytes.Index(answer, []byte("\x1b[?")); err != nil || at >= 0 && bytes.IndexByte(answer[at:], 'c') > 0 {
			break
		}
	}
	return answer
}

// fromAnswer reads "ESC ] 11 ; rgb:1616/1818/1d1d": dark when its luma is below one half.
func fromAnswer(answer []byte) (dark, known bool) {
	_, rest, ok := strings.Cut(string(answer), "]11;rgb:")
	if !ok {
		return true, false
	}
	rest = rest[:strings.IndexFunc(rest+"\x1b", func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF/", r) })]
	parts := strings.Split(rest, "/")
	if len(parts) != 3 {
		return true, false
	}
	luma := 0.0
	for i, weight := range []float64{0.299, 0.587, 0.114} {
		n, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil {
			return true, false
		}
		luma += weight * float64(n) / float64(uint64(1)<<(4*len(parts[i]))-1)
	}
	return luma < 0.5, true
}
