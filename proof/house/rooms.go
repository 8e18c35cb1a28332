// Package house reads the house from its code: which package uses which, which file which, and how long things have become. Its
// tests hold the arrows that CONTRIBUTING.md allows, and draw the pictures of docs/architecture.md.
package house

import (
	"slices"
	"strings"
)

// Module is what every import path of the house begins with.
const Module = "github.com/rapport-dev/rapport"

// Room is a folder and what is below it, but for what is below it and a room of its own.
type Room struct {
	Folder string
	Floor  int      // counted from the roof: an arrow to a smaller number goes up
	May    []string // the rooms that it may use, tests apart
}

// product is what the programs are put together from.
var product = []string{
	"partnership", "examples", "engine", "store", "integrations", "activities", "workflows", "intake", "rehearsal", "app", "web", "wiring",
}

// Rooms are the house, from the roof down. `make lint` draws the same arrows (.golangci.yml), and proof/lintrules breaks each that is
// not here.
var Rooms = []Room{
	{"proof", 0, append([]string{"bench", "playground", "playground/sandbox"}, product...)},
	{"bench", 0, product},
	{"starter", 1, append([]string{"playground"}, product...)}, // dev.go starts it
	{"worker", 1, product},
	{"playground", 2, append([]string{"playground/sandbox"}, product...)},
	{"playground/sandbox", 3, nil},
	{"wiring", 3, product},
	{"web", 4, []string{"app", "store", "partnership"}},
	{"app", 5, []string{"rehearsal", "intake", "workflows", "partnership"}},
	{"rehearsal", 6, []string{"workflows", "activities", "partnership"}},
	{"intake", 6, []string{"partnership"}},
	{"workflows", 7, []string{"activities", "partnership"}},
	{"activities", 8, []string{"partnership"}},
	{"integrations", 9, []string{"partnership"}},
	{"store", 9, []string{"partnership"}},
	{"engine", 9, nil},
	{"examples", 11, nil},
	{"partnership", 11, nil},
}

// Arrow says that one part of the house uses another.
type Arrow struct{ From, To string }

// Allowed says whether a room may use another.
func Allowed(from, to string) bool {
	return from == to || slices.Contains(room(from).May, to)
}

// apart says whether an arrow inside a room leads from one vendor to another. The real ones share what a vendor is to Rapport, and
// httpx, the imitated ones the core of the sandbox; what puts them together is no vendor.
func apart(a Arrow) bool {
	switch RoomOf(a.From) {
	case "integrations":
		return a.To != "integrations" && a.To != "integrations/httpx"
	case "playground/sandbox":
		return a.To != "playground/sandbox" && a.From != "playground/sandbox/vendors"
	default:
		return false
	}
}

// RoomOf is the room of a package, given by its path from the root: "" for none.
func RoomOf(path string) string {
	best := ""
	for _, r := range Rooms {
		if (path == r.Folder || strings.HasPrefix(path, r.Folder+"/")) && len(r.Folder) > len(best) {
			best = r.Folder
		}
	}
	return best
}

// FloorOf is the floor of a room.
func FloorOf(name string) int { return room(name).Floor }

func room(name string) Room {
	i := slices.IndexFunc(Rooms, func(r Room) bool { return r.Folder == name })
	if i < 0 {
		return Room{}
	}
	return Rooms[i]
}

// Faults says in words which packages are in no room, and which use what their room may not.
func Faults(packages Graph) []string {
	var faults []string
	for _, path := range packages.Parts() {
		if RoomOf(path) == "" {
			faults = append(faults, path+" is in no room: give it one in proof/house, with what it may use")
		}
	}
	for _, a := range packages.Arrows() {
		from, to := RoomOf(a.From), RoomOf(a.To)
		switch {
		case from == "" || to == "":
		case !Allowed(from, to):
			faults = append(faults, a.From+" uses "+a.To+": "+from+" may use "+strings.Join(room(from).May, ", "))
		case from == to && apart(a):
			faults = append(faults, a.From+" uses "+a.To+": vendors never use each other, neither the real ones nor those of the sandbox")
		}
	}
	return faults
}
