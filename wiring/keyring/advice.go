package keyring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/store"
)

// Step is how far a rotation has come.
type Step string

// The steps of a rotation, in their order.
const (
	Nobody  Step = "nobody"  // no worker and no front door runs: nothing can be compared
	Off     Step = "off"     // nothing is encrypted
	Settled Step = "settled" // one key, everywhere
	Behind  Step = "behind"  // pass 1: some process lacks the new key
	Ready   Step = "ready"   // pass 1 is complete
	Front   Step = "front"   // pass 2: some process still has the old key in front
	Rotated Step = "rotated" // pass 2 is complete; the old key waits until no history carries it
)

// Advice is what is safe to do next.
type Advice struct {
	Step    Step     `json:"step"`
	New     string   `json:"new,omitempty"`     // the key that comes
	Old     []string `json:"old,omitempty"`     // the keys that go
	Waiting []string `json:"waiting,omitempty"` // the processes that have to be restarted with the new setting
	Say     string   `json:"say"`
}

// Advise looks at which process has which key. Shells come and go, and do not count.
func Advise(ring store.KeyRing) Advice {
	running := slices.DeleteFunc(slices.Clone(ring.Processes), func(r store.CodecProcess) bool { return r.Kind == store.Shell })
	if len(running) == 0 {
		return Advice{Step: Nobody, Say: "No worker and no front door runs: start them, so that it can be compared who has which key."}
	}
	if slices.ContainsFunc(running, func(r store.CodecProcess) bool { return r.Writes == engine.PlainID }) {
		return Advice{Step: Off, Say: "Nothing is encrypted. To turn it on: stop every process, set RAPPORT_CODEC_KEYS, start the workers, then the rest."}
	}
	coming, going := "", []string{}
	newest := ""
	for _, key := range ring.Keys {
		switch {
		case key.DroppedAt != nil || key.ID == engine.PlainID:
		case key.WrittenAt != nil:
			if newest != "" {
				going = append(going, newest)
			}
			newest = key.ID
		case slices.ContainsFunc(running, func(r store.CodecProcess) bool { return slices.Contains(r.Reads, key.ID) }):
			coming = key.ID
		}
	}
	if coming != "" {
		return passOne(running, coming, newest)
	}
	if late := places(running, func(r store.CodecProcess) bool { return r.Reads[0] != newest }); len(late) > 0 {
		return Advice{
			Step: Front, New: newest, Old: going, Waiting: late,
			Say: fmt.Sprintf("Pass 2: %s is not in front on %s. Restart these with it in front.", newest, strings.Join(late, ", ")),
		}
	}
	if len(going) > 0 {
		return Advice{
			Step: Rotated, New: newest, Old: going,
			Say: fmt.Sprintf("Every process writes with %s. Keep %s behind it until `rapport keys rotate` says that no history carries it.", newest, strings.Join(going, ", ")),
		}
	}
	return Advice{Step: Settled, New: newest, Say: fmt.Sprintf("One key, %s, everywhere. `rapport keys rotate` makes the next one.", newest)}
}

func passOne(running []store.CodecProcess, coming, now string) Advice {
	lack := places(running, func(r store.CodecProcess) bool { return !slices.Contains(r.Reads, coming) })
	if len(lack) > 0 {
		return Advice{
			Step: Behind, New: coming, Old: []string{now}, Waiting: lack,
			Say: fmt.Sprintf("Pass 1: %s is missing on %s. Restart these with it behind (%s:...,%s:...); until then everybody writes with %s.", coming, strings.Join(lack, ", "), now, coming, now),
		}
	}
	return Advice{
		Step: Ready, New: coming, Old: []string{now},
		Say: fmt.Sprintf("Pass 1 is complete: every process can read %s. Restart all with it in front (%s:...,%s:...), in any order.", coming, coming, now),
	}
}

func places(running []store.CodecProcess, which func(store.CodecProcess) bool) []string {
	var found []string
	for _, r := range running {
		if which(r) {
			found = append(found, r.Kind+" "+r.Place)
		}
	}
	return found
}
