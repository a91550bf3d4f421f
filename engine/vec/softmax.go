package vec

import "math"

// Softmax replaces row by softmax(alpha*row):
//
//	max := largest alpha*row[i]
//	for i := range row { row[i] = exp(alpha*row[i] - max); sum += row[i] }
//	for i := range row { row[i] *= 1/sum }
//
// Values of -Inf get the weight 0, so they serve as a mask; a row with nothing
// else becomes NaN.
func Softmax(row []float32, alpha float32) {
	if len(row) == 0 {
		return
	}
	max := scaleMax(row, alpha)
	scale(row, 1/expSum(row, max))
}

// SoftmaxGrad is the gradient of y = softmax(alpha*x), dot = <y, dy>:
//
//	for i := range dx { dx[i] = alpha * y[i] * (dy[i] - dot) }
func SoftmaxGrad(dx, y, dy []float32, alpha float32) {
	softmaxGrad(dx, y[:len(dx)], dy[:len(dx)], alpha, Dot(y, dy))
}

// LogSumExp is log(sum exp(x)), without overflow; -Inf when x is empty.
func LogSumExp(x []float32) float32 {
	max := Max(x)
	if math.IsInf(float64(max), 0) || max != max {
		return max
	}
	var block [256]float32
	var sum float64
	for len(x) > 0 {
		part := block[:copy(block[:], x)]
		sum += float64(expSum(part, max))
		x = x[len(part):]
	}
	return float32(float64(max) + math.Log(sum))
}
