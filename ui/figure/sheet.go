package figure

// Lengths of a sheet in pixels.
const (
	chartWidth  = 640
	chartHeight = 320
	margin      = 16
	titleSize   = 17
	headSize    = 15
	textSize    = 12
	lineHeight  = 17
)

// A painter draws on a surface with the inks of a theme.
type painter struct {
	surface
	ink inks
	letters
}

// name is what the sheet is called: its title, else that of its first chart.
func (s Sheet) name() string {
	if s.Title == "" && len(s.Charts) > 0 {
		return s.Charts[0].Title
	}
	return s.Title
}

func (s Sheet) columns() int { return max(1, min(s.Columns, len(s.Charts))) }

// size is that of the whole sheet.
func (s Sheet) size() spot {
	rows := (len(s.Charts) + s.columns() - 1) / s.columns()
	return spot{float64(s.columns()*chartWidth + 2*margin), s.head() + float64(max(1, rows)*chartHeight) + margin}
}

// noteWidth is the room of the note's lines.
func (s Sheet) noteWidth() float64 { return float64(s.columns()*chartWidth - margin) }

// head is the height of title and note.
func (s Sheet) head() float64 {
	h := float64(margin)
	if s.Title != "" {
		h += titleSize + 8
	}
	if n := len(letters{}.wrap(s.Note, s.noteWidth(), textSize+1)); n > 0 {
		h += float64(lineHeight*n + 10)
	}
	return h
}

// draw paints the sheet.
func (s Sheet) draw(p *painter) {
	size := s.size()
	p.area(rectangle(box{0, 0, size.x, size.y}), p.ink.paper, 1)
	y := float64(margin)
	if s.Title != "" {
		title := p.cut(s.Title, size.x-2*margin, titleSize, true)
		p.text(spot{margin, y + titleSize - 2}, title, lettering{p.ink.text, titleSize, true, begins})
		y += titleSize + 8
	}
	for _, line := range p.wrap(s.Note, s.noteWidth(), textSize+1) {
		p.text(spot{margin, y + textSize}, line, lettering{p.ink.muted, textSize + 1, false, begins})
		y += lineHeight
	}
	for i, c := range s.Charts {
		column, row := i%s.columns(), i/s.columns()
		c.draw(p, box{float64(margin + column*chartWidth), s.head() + float64(row*chartHeight), chartWidth, chartHeight})
	}
}
