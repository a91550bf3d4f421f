package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"

	"defrost/themes"
)

// SVG writes the sheet as a vector drawing that needs nothing else, fonts included: text is set in
// whatever sans-serif there is.
func (s Sheet) SVG(w io.Writer, t themes.Theme) error {
	size := s.size()
	v := &elements{}
	fmt.Fprintf(&v.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" font-family="%s">`,
		px(size.x), px(size.y), `Go, Helvetica Neue, Arial, sans-serif`)
	v.b.WriteString("\n<title>" + escaped(s.name()) + "</title>\n")
	s.draw(&painter{v, inksOf(t), letters{}})
	v.b.WriteString("</svg>\n")
	_, err := w.Write(v.b.Bytes())
	return err
}

// elements are a surface of SVG elements.
type elements struct{ b bytes.Buffer }

func (v *elements) path(points []spot, s stroke) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(&v.b, `<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round" stroke-linecap="%s"`,
		steps(points), hex(s.colour), px(s.width), capOf(s.dash))
	if s.opacity < 1 {
		v.b.WriteString(` stroke-opacity="` + px(s.opacity) + `"`)
	}
	if len(s.dash) > 0 {
		var list []string
		for _, d := range s.dash {
			list = append(list, px(d))
		}
		v.b.WriteString(` stroke-dasharray="` + strings.Join(list, " ") + `"`)
	}
	v.b.WriteString("/>\n")
}

// capOf ends solid lines round, so that a path of one point is a dot, and leaves dashes as they are.
func capOf(dash []float64) string {
	if len(dash) > 0 {
		return "butt"
	}
	return "round"
}

func (v *elements) area(points []spot, c color.RGBA, opacity float64) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(&v.b, `<path d="%sZ" fill="%s"`, steps(points), hex(c))
	if opacity < 1 {
		v.b.WriteString(` fill-opacity="` + px(opacity) + `"`)
	}
	v.b.WriteString("/>\n")
}

func (v *elements) text(at spot, text string, l lettering) {
	fmt.Fprintf(&v.b, `<text x="%s" y="%s" font-size="%s" fill="%s"`, px(at.x), px(at.y), px(l.size), hex(l.colour))
	if l.bold {
		v.b.WriteString(` font-weight="bold"`)
	}
	if l.anchor != begins {
		v.b.WriteString(` text-anchor="` + [...]string{"start", "middle", "end"}[l.anchor] + `"`)
	}
	v.b.WriteString(">" + escaped(text) + "</text>\n")
}

// steps writes a path: M to its first point, L to the others.
func steps(points []spot) string {
	var b strings.Builder
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(px(p.x) + " " + px(p.y))
	}
	if len(points) == 1 {
		b.WriteString("L" + px(points[0].x) + " " + px(points[0].y))
	}
	return b.String()
}

// px writes a length with at most two decimals, which is finer than anybody sees and coarser than
// the differences between processors.
func px(v float64) string {
	text := strconv.FormatFloat(v, 'f', 2, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
