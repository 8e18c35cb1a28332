package asking

import (
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Happening is something that happened to a creator of a campaign, as their timeline has it. The handle is personal data.
type Happening struct {
	N       int64
	Kind    string
	Creator string
}

// told are the kinds of a timeline that are news for the team, in the order in which a bundle tells them. What is asked on a card is none.
var told = []struct{ kind, words string }{
	{"accepted", "Accepted"},
	{"signed", "Signed"},
	{"shipped", "Parcel on its way"},
	{"delivered", "Delivered"},
	{"draft_approved_by_rule", "Approved by rule"},
	{"posted", "Live"},
	{"disclosure_missing", "Disclosure missing"},
	{"declined", "Declined"},
	{"slot_released", "Place given on"},
	{"returned", "Came back"},
}

// ToldKinds are the kinds of a timeline that are news.
func ToldKinds() []string {
	kinds := make([]string, len(told))
	for i, t := range told {
		kinds[i] = t.kind
	}
	return kinds
}

// shownNames is how many creators a line of a bundle names.
const shownNames = 20

// Bundle is what happened since the last one, in one message.
func Bundle(key partnership.EffectKey, name string, happened []Happening) partnership.Message {
	var short, lines []string
	for _, t := range told {
		var who []string
		for _, h := range happened {
			if h.Kind == t.kind {
				who = append(who, "@"+h.Creator)
			}
		}
		if len(who) == 0 {
			continue
		}
		short = append(short, fmt.Sprintf("%d %s", len(who), strings.ToLower(t.words)))
		if more := len(who) - shownNames; more > 0 {
			who = append(who[:shownNames], fmt.Sprintf("and %d more", more))
		}
		lines = append(lines, t.words+": "+strings.Join(who, ", "))
	}
	return partnership.Message{Key: key, Kind: NewsKind, Text: name + ": " + strings.Join(short, ", "), Body: strings.Join(lines, "\n")}
}

// Act is what somebody did to a campaign as a whole.
type Act struct {
	N      int64
	At     time.Time
	Who    string // as the audit knows them
	Deed   string
	Reason string
}

var done = map[string]string{partnership.DeedPause: "paused", partnership.DeedResume: "resumed", partnership.DeedCancel: "cancelled"}

// ToldDeeds are the deeds on a campaign of which its thread hears at once.
func ToldDeeds() []string {
	return []string{partnership.DeedPause, partnership.DeedResume, partnership.DeedCancel}
}

// News is the act as a message: who, what and why.
func (a Act) News(key partnership.EffectKey, campaign string) partnership.Message {
	return partnership.Message{
		Key: key, Kind: ActKind, Text: campaign + " was " + done[a.Deed], Body: a.Reason,
		Context: "By " + partnership.PersonMark(a.Who) + ", " + partnership.TimeMark(a.At) + ".",
	}
}
