package ui

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// TestPromptedRunStandsBesideFineTunedOnes asks a server about the films and compares the run with a
// recorded one that was fine-tuned.
func TestPromptedRunStandsBesideFineTunedOnes(t *testing.T) {
	const key = "sk-screen-0123456789abcdef"
	for name, value := range map[string]string{"OPENAI_API_KEY": key, "DEFROST_OFFLINE": "", "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": ""} {
		t.Setenv(name, value)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		said := "great"
		if strings.Contains(string(body), "worst") || strings.Contains(string(body), "dull") {
			said = "Terrible."
		}
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%q},"finish_reason":"stop"}]}`, said)
	}))
	t.Cleanup(server.Close)
	d := drive(t)
	store(t)
	done, err := engine.ZeroShot(t.Context(), engine.ZeroShotOptions{
		Backbone: "endpoint:gpt-test", Data: "films", Endpoint: engine.Endpoint{Base: server.URL}, Confirm: func(engine.Quote) error { return nil },
		Dir: filepath.Join(os.Getenv("DEFROST_HOME"), "runs", "prompted"),
	}, func(engine.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	d.send(tea.WindowSizeMsg{Width: 160, Height: 50})
	d.Press("6").Expect("prompted").Expect("pocket-bert-films-03")
	d.Press(" ", " ", "enter").Expect("dev, n 120").Expect("McNemar").Expect("endpoint:gpt-test")
	accuracy := float64(done.Metrics["dev_accuracy"])
	d.Expect(fmt.Sprintf("endpoint-gpt-test %.2f [", accuracy)).Expect(fmt.Sprintf("%.3f", accuracy)).Expect("95%").Refuse(key)
	d.Press("enter").Expect("A right, B wrong").Refuse("NaN")
}

// TestModelScreenShowsWhatCanOnlyBePrompted holds the card to what was published, and refuses training.
func TestModelScreenShowsWhatCanOnlyBePrompted(t *testing.T) {
	d := drive(t)
	card, known := engine.PromptedCard("gpt3")
	if !known {
		t.Fatal("got no card of GPT-3")
	}
	cards := catalogue()
	cards.Backbones = append(cards.Backbones, card)
	d.send(tea.WindowSizeMsg{Width: 140, Height: 45})
	d.send(cards)
	d.settle().Press("1", "/").Type("gpt3").Press("enter")
	d.Expect("96 layers, 12288 wide, 96 heads").Expect("175").Expect("2048 tokens").Expect("- prompt").Expect("can only be prompted")
	for _, figure := range []string{"LAMBADA zero-shot", "76.2", "72.5", "86.4", "71.8", "76.4", "69.0", "85.0", "69.8", "71.2", "Brown 2020"} {
		d.Expect(figure)
	}
	d.Refuse("700 GB")
	before := d.app.session.Recipe.Backbone
	d.Press("enter").Expect("can only be prompted, not trained")
	if got := d.app.session.Recipe.Backbone; got != before {
		t.Errorf("got the backbone %s in the recipe, want %s as before", got, before)
	}
	d.Press("d").Expect("can only be prompted")
}
