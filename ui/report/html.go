package report

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"defrost/themes"
	"defrost/ui/figure"
)

// A page is what the template shows.
type page struct {
	Title  string
	Lead   []string
	Charts []template.HTML
	Tables []Table
	Style  template.CSS
}

// HTML writes one page that needs nothing else: its style and its charts stand in it, and it asks no
// network for anything.
func (d Document) HTML(w io.Writer, t themes.Theme) error {
	p := page{Title: d.Title, Lead: d.Lead, Style: styleOf(t)}
	for _, c := range d.Charts {
		var b strings.Builder
		if err := (figure.Sheet{Charts: []figure.Chart{c}}).SVG(&b, t); err != nil {
			return err
		}
		p.Charts = append(p.Charts, template.HTML(b.String())) // every text in it is escaped
	}
	for _, table := range d.Tables {
		if len(table.Rows) > 0 {
			p.Tables = append(p.Tables, table)
		}
	}
	return pageTemplate.Execute(w, p)
}

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{"class": class}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<h1>{{.Title}}</h1>
{{range .Lead}}<p>{{.}}</p>
{{end}}{{with .Charts}}<div class="charts">
{{range .}}<figure>{{.}}</figure>
{{end}}</div>
{{end}}{{range .Tables}}<h2>{{.Title}}</h2>
<div class="table"><table>
{{range $i, $row := .Rows}}<tr>{{range $row}}{{if $i}}<td{{class .}}>{{.}}</td>{{else}}<th scope="col">{{.}}</th>{{end}}{{end}}</tr>
{{end}}</table></div>
{{end}}<p class="made">Made by Defrost</p>
</body>
</html>
`))

// class puts figures to the right of their cells.
func class(cell string) template.HTMLAttr {
	if cell != "" && strings.Contains("+-0123456789", cell[:1]) && len(cell) < 40 {
		return ` class="n"`
	}
	return ""
}

// styleOf is the page's style in the colours of a theme.
func styleOf(t themes.Theme) template.CSS {
	c := func(of, otherwise themes.Colour) themes.Colour {
		if _, _, _, ok := of.RGB(); ok {
			return of
		}
		return otherwise
	}
	return template.CSS(fmt.Sprintf(`
body { margin: 2rem auto; max-width: 86rem; padding: 0 1rem; font: 15px/1.5 "Helvetica Neue", Arial, sans-serif; background: %s; color: %s }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
.charts { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0; flex: 1 1 30rem } svg { max-width: 100%%; height: auto }
.table { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid %s }
th { color: %s } td.n { font-variant-numeric: tabular-nums; white-space: nowrap }
.made { color: %s; font-size: .8rem; margin-top: 2rem }
`, c(t.Background, "#ffffff"), c(t.Text, "#000000"), c(t.Band, "#d9d9d9"), c(t.Muted, "#595959"), c(t.Muted, "#595959")))
}
