package figure

import (
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// A cut is a font at a size.
type cut struct {
	size float64
	bold bool
}

// letters are the faces that one drawing needs. Text is measured in them even where it is set in
// another font, so that both forms of a sheet have one layout.
type letters map[cut]font.Face

var (
	regular = sync.OnceValue(func() *opentype.Font { return parsed(goregular.TTF) })
	strong  = sync.OnceValue(func() *opentype.Font { return parsed(gobold.TTF) })
)

func parsed(data []byte) *opentype.Font {
	f, err := opentype.Parse(data)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
}

// face is Go Regular or Go Bold at a size in pixels of the picture.
func (l letters) face(size float64, bold bool) font.Face {
	c := cut{size, bold}
	if f, ok := l[c]; ok {
		return f
	}
	of := regular()
	if bold {
		of = strong()
	}
	f, err := opentype.NewFace(of, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // there is no size that the options refuse
	}
	l[c] = f
	return f
}

// width is how many pixels of the sheet a text takes.
func (l letters) width(text string, size float64, bold bool) float64 {
	return float64(font.MeasureString(l.face(size*scale, bold), text)) / 64 / scale
}

// wrap breaks a text into lines of at most w pixels, between words.
func (l letters) wrap(text string, w, size float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && l.width(line+" "+word, size, false) > w {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut shortens a text to w pixels, with dots for what is left out.
func (l letters) cut(text string, w, size float64, bold bool) string {
	runes := []rune(text)
	for n := len(runes); n > 0; n-- {
		short := string(runes[:n])
		if n < len(runes) {
			short = strings.TrimSpace(short) + "..."
		}
		if l.width(short, size, bold) <= w {
			return short
		}
	}
	return ""
}
