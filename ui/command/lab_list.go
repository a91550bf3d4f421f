package command

import (
	"fmt"

	"defrost/ui/labs"
)

// list prints a line per lab.
func (t *tutor) list() error {
	list, err := labs.List()
	if err != nil {
		return err
	}
	rows := newTable(t.p.Out, "LAB", "STATE", "TIME", "RUNS", "WHAT IT IS ABOUT")
	for _, l := range list {
		row, err := entryOf(l)
		if err != nil {
			return err
		}
		if *t.asJSON {
			if err := t.p.printJSON(row); err != nil {
				return err
			}
			continue
		}
		if row.Error != "" {
			rows.row(row.Name, "broken", "-", "-", row.Error)
			continue
		}
		rows.row(row.Name, row.State, about(row.Seconds), fmt.Sprint(row.Runs), row.Title)
	}
	if *t.asJSON {
		return nil
	}
	return rows.done()
}

// An entry is a line of the list of labs.
type entry struct {
	Name    string  `json:"name"`
	Title   string  `json:"title,omitempty"`
	About   string  `json:"about,omitempty"`
	State   string  `json:"state,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	Runs    int     `json:"runs,omitempty"`
	Error   string  `json:"error,omitempty"`
}

func entryOf(l labs.Listed) (entry, error) {
	if l.Err != nil {
		return entry{Name: l.Lab.Path, Error: l.Err.Error()}, nil
	}
	p, err := l.Lab.Progress()
	if err != nil {
		return entry{}, err
	}
	return entry{Name: l.Lab.Name, Title: l.Lab.Title, About: l.Lab.About, State: l.Lab.State(p).String(), Seconds: l.Lab.Seconds, Runs: len(l.Lab.Runs)}, nil
}

// print writes the file of a lab that ships.
func (t *tutor) print(name string) error {
	data, err := labs.Source(name)
	if err != nil {
		return err
	}
	_, err = t.p.Out.Write(data)
	return err
}

// about is how long a lab takes, as measured on the machine it was written on.
func about(seconds float64) string {
	if seconds == 0 {
		return "-"
	}
	return "about " + duration(seconds)
}
