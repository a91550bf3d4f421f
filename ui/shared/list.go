package shared

// A List is a cursor over n rows.
type List struct {
	Cursor int
	Page   int // rows of a page, as last drawn
}

// Act moves the cursor and says whether the action was a movement.
func (l *List) Act(a Action, n int) bool {
	switch a {
	case Up:
		l.Cursor--
	case Down:
		l.Cursor++
	case PageUp:
		l.Cursor -= max(1, l.Page)
	case PageDown:
		l.Cursor += max(1, l.Page)
	case Top:
		l.Cursor = 0
	case Bottom:
		l.Cursor = n - 1
	default:
		return false
	}
	l.Clamp(n)
	return true
}

// Clamp keeps the cursor on one of n rows.
func (l *List) Clamp(n int) { l.Cursor = max(0, min(l.Cursor, n-1)) }
