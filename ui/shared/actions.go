package shared

// Actions that every screen hears.
const (
	Back     Action = "back"
	Quit     Action = "quit"
	Suspend  Action = "suspend"
	Help     Action = "help"
	Palette  Action = "palette"
	Theme    Action = "theme"
	Undo     Action = "undo"
	Zoom     Action = "zoom"
	Mouse    Action = "mouse"
	Start    Action = "run"
	Export   Action = "export"
	Versus   Action = "versus"
	NextPane Action = "pane.next"
	PrevPane Action = "pane.previous"
	Up       Action = "move.up"
	Down     Action = "move.down"
	Left     Action = "move.left"
	Right    Action = "move.right"
	Top      Action = "move.top"
	Bottom   Action = "move.bottom"
	PageUp   Action = "move.pageup"
	PageDown Action = "move.pagedown"
	Accept   Action = "text.accept"
)

// GlobalKeys are the bindings that belong to no screen.
func GlobalKeys() []Binding {
	return []Binding{
		{Start, Everywhere, []string{"r"}, "run", "start training with this recipe"},
		{Versus, Everywhere, []string{"b"}, "", "train pocket-bert and pocket-elmo on this data at the same time and compare them"},
		{Help, Everywhere, []string{"?"}, "help", "what every key does; type to search"},
		{Palette, Everywhere, []string{":", "ctrl+p"}, "palette", "find an action by name and do it"},
		{NextPane, Everywhere, []string{"tab"}, "", "go to the next pane"},
		{PrevPane, Everywhere, []string{"shift+tab"}, "", "go to the pane before"},
		{Zoom, Everywhere, []string{"z"}, "", "make the pane as large as the screen, or small again"},
		{Export, Everywhere, []string{"e"}, "", "export the screen: SVG, PNG, CSV, JSON, Markdown, HTML"},
		{Undo, Everywhere, []string{"u"}, "", "take back the last change of the recipe"},
		{Theme, Everywhere, []string{"t"}, "", "next theme: dark, light, contrast, colour-blind, mono, your own"},
		{Mouse, Everywhere, []string{"m"}, "", "mouse on or off; off lets the terminal select text"},
		{Up, Everywhere, []string{"up", "k"}, "", "up"},
		{Down, Everywhere, []string{"down", "j"}, "", "down"},
		{Left, Everywhere, []string{"left", "h"}, "", "left"},
		{Right, Everywhere, []string{"right", "l"}, "", "right"},
		{Top, Everywhere, []string{"g", "home"}, "", "to the first"},
		{Bottom, Everywhere, []string{"G", "end"}, "", "to the last"},
		{PageUp, Everywhere, []string{"pgup", "ctrl+b"}, "", "one page up"},
		{PageDown, Everywhere, []string{"pgdown", "ctrl+f"}, "", "one page down"},
		{Quit, Everywhere, []string{"q"}, "quit", "leave; asks first while a run trains"},
		{"quit.now", Always, []string{"ctrl+c"}, "", "leave; asks first while a run trains"},
		{Suspend, Always, []string{"ctrl+z"}, "", "put the workbench to sleep; fg wakes it"},
		{Back, Always, []string{"esc"}, "", "one layer out"},
		{Accept, "type.text", []string{"enter"}, "accept", "take what was typed"},
	}
}
