package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/table"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) table.Styles {
	return table.Styles{Header: p.Style("#8b9099"), Text: p.Style("#d4d4d4"), Cursor: p.Reverse(), Selected: p.Style("#e69f00"), Muted: p.Style("#6b7079")}
}

func models(p widgettest.Palette) table.Table {
	good := p.Style("#2fbf8f")
	return table.Table{
		Columns: []table.Column{{Title: "backbone", Flex: 1}, {Title: "family"}, {Title: "params", Align: table.Right}, {Title: "state", Align: table.Centre}},
		Rows: [][]string{
			{"bert-mini", "BERT", "11.2M", "embedded"}, {"elmo-small", "ELMo", "13.6M", "cached"}, {"gpt2", "GPT-2", "124M", "cached"},
			{"roberta-base", "RoBERTa", "125M", "download"}, {"日本語-bert-with-a-long-name", "BERT", "111M"}, {"glove.6B.100d", "GloVe", "40M", "download"},
		},
		Cursor:   1,
		Selected: func(row int) bool { return row == 3 },
		Paint: func(row, column int) *lipgloss.Style {
			if row == 0 && column == 3 {
				return &good
			}
			return nil
		},
		Styles: styles(p),
	}
}

func numbered(n int) table.Table {
	t := table.Table{Columns: []table.Column{{Title: "row"}}}
	for i := range n {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("row %d", i)})
	}
	return t
}

func TestTableFillsEverySize(t *testing.T) {
	widgettest.EverySize(t, models(widgettest.TrueColour()).View)
	widgettest.EverySize(t, numbered(1000).View)
	widgettest.EverySize(t, table.Table{Empty: "nothing here"}.View)
	widgettest.EverySize(t, table.Table{Columns: []table.Column{{Width: 1 << 40, Flex: -3}, {Min: 1 << 40}}, Rows: [][]string{nil, {"a", "b", "c"}}}.View)
}

func TestCursorIsAlwaysInView(t *testing.T) {
	for cursor := range 50 {
		n := numbered(50)
		n.Cursor = cursor
		for _, h := range []int{2, 5, 9, 60} {
			got := n.View(30, h)
			if !strings.Contains(got, fmt.Sprintf("▸ row %d ", cursor)) {
				t.Fatalf("height %d: row %d is not shown:\n%s", h, cursor, got)
			}
		}
	}
}

func TestRowUnderTheMouse(t *testing.T) {
	n := numbered(50)
	n.Cursor = 20
	lines := strings.Split(n.View(30, 9), "\n")
	for y, line := range lines {
		row, ok := n.RowAt(y, 9)
		if shown := strings.Contains(line, "row "+fmt.Sprint(row)); y > 0 && (!ok || !shown) {
			t.Errorf("line %d %q: row %d, %v", y, line, row, ok)
		}
	}
	if _, ok := n.RowAt(0, 9); ok {
		t.Error("the header answers as a row")
	}
	if _, ok := n.RowAt(9, 9); ok {
		t.Error("a line below the table answers as a row")
	}
}

func TestFlexibleColumnTakesAndGivesFirst(t *testing.T) {
	m := models(widgettest.Plain())
	wide := strings.Split(m.View(80, 8), "\n")[1]
	if !strings.HasSuffix(strings.TrimRight(wide, " "), "embedded") || !strings.HasPrefix(wide, "  bert-mini") {
		t.Errorf("wide row %q", wide)
	}
	narrow := strings.Split(m.View(44, 8), "\n")[5]
	if !strings.Contains(narrow, "…") || !strings.Contains(narrow, "111M") {
		t.Errorf("narrow row %q lost more than the name's end", narrow)
	}
}

func TestSelectionIsSeenWithoutColour(t *testing.T) {
	got := strings.Split(models(widgettest.Plain()).View(60, 8), "\n")
	if !strings.HasPrefix(got[2], "▸ elmo") || !strings.HasPrefix(got[4], "* roberta") {
		t.Errorf("signs are missing:\n%s", strings.Join(got, "\n"))
	}
}

func TestTablesLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "models", 60, 8, func(p widgettest.Palette) string { return models(p).View(60, 8) })
	widgettest.Goldens(t, "scrolled", 40, 5, func(p widgettest.Palette) string { return models(p).View(40, 5) })
	widgettest.Goldens(t, "empty", 30, 3, func(p widgettest.Palette) string {
		return table.Table{Columns: []table.Column{{Title: "run"}}, Empty: "no runs yet: press 4", Styles: styles(p)}.View(30, 3)
	})
}

func BenchmarkView(b *testing.B) {
	n := numbered(10_000)
	n.Cursor = 5_000
	b.ReportAllocs()
	for b.Loop() {
		n.View(120, 34)
	}
}
