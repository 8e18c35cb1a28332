package money

import (
	"cmp"
	"math/big"
	"slices"
)

// Allocate splits total in proportion to weights by largest remainder, so that the parts always sum to total. Ties go to
// the earlier weight. Negative weights count as zero; when all are zero the split is even. No weights, no parts.
func Allocate(total int64, weights []int64) []int64 {
	if len(weights) == 0 {
		return nil
	}
	weights = usable(weights)
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	parts, rests, order := make([]int64, len(weights)), make([]*big.Int, len(weights)), make([]int, len(weights))
	left := total
	for i, w := range weights {
		product := new(big.Int).Mul(big.NewInt(total), big.NewInt(w))
		quotient, rest := product.QuoRem(product, sum, new(big.Int))
		parts[i], rests[i], order[i] = quotient.Int64(), rest.Abs(rest), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(rests[b].Cmp(rests[a]), cmp.Compare(a, b)) })
	step := int64(1)
	if left < 0 {
		step = -1
	}
	for i := 0; left != 0; i++ {
		parts[order[i]] += step
		left -= step
	}
	return parts
}

func usable(weights []int64) []int64 {
	out, any := make([]int64, len(weights)), false
	for i, w := range weights {
		out[i] = max(w, 0)
		any = any || w > 0
	}
	if !any {
		for i := range out {
			out[i] = 1
		}
	}
	return out
}
