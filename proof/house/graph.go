package house

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Graph holds how often each part uses each other part. Every part is a key, also one that uses none.
type Graph map[string]map[string]int

func (g Graph) node(name string) {
	if g[name] == nil {
		g[name] = map[string]int{}
	}
}

func (g Graph) add(from, to string) {
	g.node(from)
	g.node(to)
	if from != to {
		g[from][to]++
	}
}

// Parts are the nodes in the order of their names.
func (g Graph) Parts() []string { return slices.Sorted(maps.Keys(g)) }

// Arrows are all pairs of which one uses the other, in the order of their names.
func (g Graph) Arrows() []Arrow {
	var all []Arrow
	for _, from := range g.Parts() {
		for _, to := range slices.Sorted(maps.Keys(g[from])) {
			all = append(all, Arrow{from, to})
		}
	}
	return all
}

// Circles are the groups of parts each of which leads to each other: who reads one of them has to read all.
func (g Graph) Circles() [][]string {
	var circles [][]string
	seen := map[string]bool{}
	for _, part := range g.Parts() {
		if seen[part] {
			continue
		}
		var circle []string
		for other := range g.below(part) {
			if other == part || g.below(other)[part] {
				circle = append(circle, other)
				seen[other] = true
			}
		}
		if len(circle) > 1 {
			slices.Sort(circle)
			circles = append(circles, circle)
		}
	}
	return circles
}

// Boxed is the graph with each circle as one part, whose name lists those in it.
func (g Graph) Boxed() Graph {
	box := map[string]string{}
	for _, circle := range g.Circles() {
		for _, part := range circle {
			box[part] = strings.Join(circle, "<br/>")
		}
	}
	name := func(part string) string { return cmp.Or(box[part], part) }
	boxed := Graph{}
	for _, part := range g.Parts() {
		boxed.node(name(part))
	}
	for _, a := range g.Arrows() {
		boxed.add(name(a.From), name(a.To))
	}
	return boxed
}

// below is what a part leads to over any number of arrows.
func (g Graph) below(part string) map[string]bool {
	found, next := map[string]bool{}, []string{part}
	for len(next) > 0 {
		for to := range g[next[0]] {
			if !found[to] {
				found[to] = true
				next = append(next, to)
			}
		}
		next = next[1:]
	}
	return found
}

// Up are the arrows that go from a greater rank to a smaller one.
func (g Graph) Up(rank func(string) int) []Arrow {
	var up []Arrow
	for _, a := range g.Arrows() {
		if rank(a.To) < rank(a.From) {
			up = append(up, a)
		}
	}
	return up
}

// Order puts the parts so that few arrows go up: none where there is no circle, for what leads to another leads to more than it.
// Inside a circle it begins with who is used least, and moves each part to where it is best off until none is better off elsewhere.
func (g Graph) Order() []string {
	used, reach := map[string]int{}, map[string]int{}
	for _, a := range g.Arrows() {
		used[a.To]++
	}
	for part := range g {
		below := g.below(part)
		below[part] = true
		reach[part] = len(below)
	}
	order := g.Parts()
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(reach[b], reach[a]), cmp.Compare(used[a]-len(g[a]), used[b]-len(g[b])))
	})
	for better := true; better; {
		better = false
		for _, part := range slices.Clone(order) {
			from := slices.Index(order, part)
			if to := g.place(order, from); to != from {
				order = slices.Insert(slices.Delete(order, from, from+1), to, part)
				better = true
			}
		}
	}
	return order
}

// place is where the part at from has the fewest arrows up: where it is, unless another place is better.
func (g Graph) place(order []string, from int) int {
	part, best, at := order[from], 0, from
	for _, step := range []int{-1, 1} {
		change := 0 // of the number of arrows up, when the part has moved past those between
		for i := from + step; i >= 0 && i < len(order); i += step {
			if g[order[i]][part] > 0 {
				change -= step
			}
			if g[part][order[i]] > 0 {
				change += step
			}
			if change < best {
				best, at = change, i
			}
		}
	}
	return at
}

// Rank is the place of each part in an order.
func Rank(order []string) func(string) int {
	return func(part string) int { return slices.Index(order, part) }
}
