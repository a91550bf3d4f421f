package words

// Analogy answers "a is to b as c is to what?" with the n best words d, by 3CosAdd (Mikolov et al.
// 2013): those nearest to b - a + c, the three words of the question left out.
func (s *Space) Analogy(a, b, c string, n int) ([]Neighbour, error) {
	var rows [3]int
	for i, w := range []string{a, b, c} {
		var err error
		if rows[i], err = s.find(w); err != nil {
			return nil, err
		}
	}
	v := make([]float32, s.Dim)
	s.point(v, rows)
	return s.nearest(v, n, rows[:]...)
}

// point writes the direction b - a + c of the rows of a, b, c to v.
func (s *Space) point(v []float32, rows [3]int) {
	a, b, c := s.row(rows[0]), s.row(rows[1]), s.row(rows[2])
	for i := range v {
		v[i] = b[i] - a[i] + c[i]
	}
	normalise(v)
}
