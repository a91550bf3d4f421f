package command

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"defrost/themes"
	"defrost/ui/report"
)

// standardOut stands for standard output where a file is asked for.
const standardOut = "-"

// fileFlags say which files a report is written to.
type fileFlags struct {
	forms []*fileFlag
	theme string
}

// A fileFlag is a form and the file for it, "" for none.
type fileFlag struct {
	name, path string
	format     report.Format
}

// addFileFlags declares --html, --svg, --png and --theme.
func addFileFlags(c *cobra.Command) *fileFlags {
	f := &fileFlags{forms: []*fileFlag{
		{name: "html", format: report.HTML}, {name: "svg", format: report.SVG}, {name: "png", format: report.PNG},
	}}
	help := []string{"write one page with charts, tables and examples to `FILE`, which needs nothing else; - prints it", "draw the curves to `FILE`; - prints them", "draw the curves as a picture to `FILE`; - prints it"}
	for i, form := range f.forms {
		c.Flags().StringVar(&form.path, form.name, "", help[i])
	}
	c.Flags().StringVar(&f.theme, "theme", "light", "`NAME` of the theme of pages and pictures")
	return f
}

// printed says that one of the files goes to standard output.
func (f *fileFlags) printed() bool {
	for _, form := range f.forms {
		if form.path == standardOut {
			return true
		}
	}
	return false
}

// check refuses what could not be written, before anything is trained for it; taken says that
// standard output has another form already.
func (f *fileFlags) check(taken bool) error {
	if _, err := themes.Get(f.theme); err != nil {
		return usage("--theme is %q, expected one of %s", f.theme, strings.Join(themes.Names(), ", "))
	}
	for _, form := range f.forms {
		switch {
		case form.path == "":
		case form.path == standardOut && taken:
			return usage("--%s is -, expected a file: something else is printed already", form.name)
		case form.path == standardOut:
			taken = true
		default:
			if _, err := os.Lstat(form.path); err == nil {
				return usage("--%s: %s is there already, expected a new name, or - for standard output", form.name, form.path)
			}
		}
	}
	return nil
}

// writeFiles writes the report to the files that were asked for.
func (p Program) writeFiles(f *fileFlags, document func() (report.Document, error)) error {
	var d report.Document
	made := false
	for _, form := range f.forms {
		if form.path == "" {
			continue
		}
		var err error
		if !made {
			d, err = document()
			made = true
		}
		if err == nil {
			err = p.writeFile(d, form, f.theme)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p Program) writeFile(d report.Document, form *fileFlag, theme string) error {
	t, err := themes.Get(theme)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := d.Write(&b, form.format, t); err != nil {
		return err
	}
	if form.path == standardOut {
		_, err := p.Out.Write(b.Bytes())
		return err
	}
	if err := report.Create(form.path, b.Bytes()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Err, "wrote %s\n", form.path)
	return err
}

// printTables aligns the columns of tables under their titles.
func (p Program) printTables(tables []report.Table) error {
	for _, t := range tables {
		header := append([]string{strings.ToUpper(t.Title)}, t.Rows[0][1:]...)
		aligned := newTable(p.Out, header...)
		for _, row := range t.Rows[1:] {
			aligned.row(row...)
		}
		aligned.row("")
		if err := aligned.done(); err != nil {
			return err
		}
	}
	return nil
}
