package house

import (
	"fmt"
	"regexp"
	"strings"
)

var notInAnID = regexp.MustCompile(`[^A-Za-z0-9]`)

// Draw is a graph as a mermaid picture, from the roof down. An arrow that a longer way over others says too is left out, so that the
// picture can be read; an arrow that goes up is dotted and always there.
func Draw(g Graph, rank func(string) int) string {
	down := Graph{}
	for _, part := range g.Parts() {
		down.node(part)
	}
	for _, a := range g.Arrows() {
		if rank(a.To) >= rank(a.From) {
			down.add(a.From, a.To)
		}
	}
	id := func(part string) string {
		first, _, _ := strings.Cut(part, "<br/>")
		return notInAnID.ReplaceAllString(first, "_")
	}
	var out strings.Builder
	out.WriteString("```mermaid\nflowchart TD\n")
	for _, part := range g.Parts() {
		fmt.Fprintf(&out, "    %s[\"%s\"]\n", id(part), part)
	}
	for _, a := range down.Arrows() {
		if !down.roundabout(a) {
			fmt.Fprintf(&out, "    %s --> %s\n", id(a.From), id(a.To))
		}
	}
	for _, a := range g.Up(rank) {
		fmt.Fprintf(&out, "    %s -.-> %s\n", id(a.From), id(a.To))
	}
	out.WriteString("```\n")
	return out.String()
}

// roundabout says whether an arrow's end is reached from its beginning over another part too.
func (g Graph) roundabout(a Arrow) bool {
	for over := range g[a.From] {
		if over != a.To && g.below(over)[a.To] {
			return true
		}
	}
	return false
}
