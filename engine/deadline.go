package engine

// place is where the run is in its schedule, in steps: the steps it has done, or where the clock
// stands when that is nearer to the end of a run with a limit. Runs of one limit take the same time,
// and the learning rate of each has fallen to its end by then; their losses depend on the machine. A run
// takes at least one step.
func (t *trainer) place() int {
	if t.r.Seconds == 0 || t.step == 0 {
		return t.step
	}
	return max(t.step, int(float64(t.sched.Steps)*t.seconds()/t.r.Seconds))
}
