package live

import (
	"context"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"defrost/engine"
	"defrost/themes"
	"defrost/ui/shared"
)

func TestWhatIsWrittenStandsUnderItsText(t *testing.T) {
	s := shared.NewSession(context.Background(), shared.NewKeys(Keys()...), shared.NewStyles(lipgloss.DefaultRenderer(), themes.Default(true)), engine.Defaults())
	m := New(s).(*Model)
	m.story = newStory()
	m.story.take([]engine.Event{engine.Evaluated{Epoch: 1, Split: "dev", Written: []engine.Sample{
		{Text: "She sleeps.", Gold: "Elle dort.", Written: "Elle mange."},
		{Text: "We have to buy bread.", Gold: "Nous devons acheter du pain.", Written: "Nous devons acheter du pain."},
	}}})
	got := strings.Split(ansi.Strip(m.viewWritten(20, 9)), "\n")
	want := []string{
		"She sleeps.", "  Elle dort.", "  Elle mange.", "We have to buy", "bread.", "  Nous devons", "  acheter du pain.", "  Nous devons", "  acheter du pain.",
	}
	for i, line := range want {
		if strings.TrimRight(got[i], " ") != line {
			t.Errorf("line %d: got %q, want %q", i, got[i], line)
		}
	}
	for _, h := range []int{0, 1, 4} {
		if n := len(strings.Split(m.viewWritten(20, h), "\n")); n != max(h, 1) {
			t.Errorf("got %d lines, want %d", n, max(h, 1))
		}
	}
}
