package money_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/money"
)

func TestAllocate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total   int64
		weights []int64
		want    []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{14, []int64{40, 35, 25}, []int64{6, 5, 3}}, // 5.6 4.9 3.5
		{1, []int64{0, 0, 5}, []int64{0, 0, 1}},
		{5, []int64{0, 0}, []int64{3, 2}},
		{7, []int64{-4, 2}, []int64{0, 7}},
		{3, nil, nil},
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}, []int64{3074457345618258603, 3074457345618258602, 3074457345618258602}},
	} {
		if got := money.Allocate(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("Allocate(%d, %v) = %v, want %v", c.total, c.weights, got, c.want)
		}
	}
}

func TestAllocateLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64().Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64), 1, 20).Draw(t, "weights")
		var sum int64
		for i, part := range money.Allocate(total, weights) {
			sum += part
			if part != 0 && (part < 0) != (total < 0) {
				t.Fatalf("part %d is %d of %d", i, part, total)
			}
		}
		if sum != total {
			t.Fatalf("parts sum to %d, want %d", sum, total)
		}
	})
}
