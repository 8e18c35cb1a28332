package people

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// persona is how a creator behaves.
type persona string

const (
	prompt    persona = "prompt"    // answers everything within a day or two
	slow      persona = "slow"      // answers once reminded
	haggler   persona = "haggler"   // asks for a little more, then is prompt
	bold      persona = "bold"      // asks for far more than the campaign allows by rule
	forgetful persona = "forgetful" // posts without the disclosure first, and mends it
	late      persona = "late"      // goes quiet over the draft and comes back when the manager has been asked
	decliner  persona = "decliner"  // says no, kindly
	silent    persona = "silent"    // never answers the offer
	vanisher  persona = "vanisher"  // signs and is never heard of again
	quitter   persona = "quitter"   // takes the gift and is never heard of again
)

// deck is how a campaign of 24 behaves. Dealing from a deck instead of throwing dice makes every kind occur in every run.
var deck = slices.Concat(
	slices.Repeat([]persona{prompt}, 7), slices.Repeat([]persona{slow}, 3), slices.Repeat([]persona{haggler}, 2),
	slices.Repeat([]persona{bold}, 2), slices.Repeat([]persona{decliner}, 3), slices.Repeat([]persona{vanisher}, 2),
	slices.Repeat([]persona{quitter}, 2), []persona{forgetful, late, silent},
)

// Deck names the kinds of creators in the order of the deck, each as often as it occurs.
func Deck() []string {
	names := make([]string, len(deck))
	for i, p := range deck {
		names[i] = string(p)
	}
	return names
}

// deal gives each creator a persona. The same seed and creators get the same.
func deal(seed int64, handles []string) map[string]persona {
	order := slices.Clone(handles)
	slices.SortFunc(order, func(a, b string) int { return cmp.Compare(number(seed, "deal", a), number(seed, "deal", b)) })
	personas := map[string]persona{}
	for i, handle := range order {
		personas[handle] = deck[spread(i)%len(deck)]
	}
	return personas
}

// spread walks the deck so that the first few of any campaign differ already: 7 has no divisor in common with 24.
func spread(i int) int { return i * 7 }

// number is a random number that the seed and the words fix.
func number(seed int64, words ...string) uint64 {
	h := fnv.New64a()
	_ = binary.Write(h, binary.LittleEndian, seed)
	_, _ = h.Write([]byte(strings.Join(words, "\x00")))
	x := h.Sum64()
	// FNV's high bits follow the last bytes only; this spreads them (splitmix64).
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// dice are the throws of one person about one thing, the same in every run with that seed.
func dice(seed int64, words ...string) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), number(seed, words...)))
}

// between throws a number in [low, high).
func between(d *rand.Rand, low, high float64) float64 { return low + d.Float64()*(high-low) }

// subject is what a mail is about.
type subject string

const (
	aboutOffer  subject = "offer"
	aboutSign   subject = "sign"
	aboutParcel subject = "receive"
	aboutDraft  subject = "draft"
	aboutPost   subject = "post"
	aboutPayout subject = "payout"
	aboutOther  subject = ""
)

// tasks are what creators are asked for, in the order of the story.
var tasks = []subject{aboutOffer, aboutSign, aboutParcel, aboutDraft, aboutPost, aboutPayout}

// subjectOf reads a mail's kind as a person would read its headline.
func subjectOf(kind string) subject {
	switch kind {
	case "invitation", "offer_reminder", "counter_refused":
		return aboutOffer
	case "docusign", "sign_reminder":
		return aboutSign
	case "shipped", "receive", "parcel", "gift_shipped", "receive_reminder":
		return aboutParcel
	case "draft_request", "draft_changes", "draft_reminder":
		return aboutDraft
	case "cleared_to_post", "disclosure_fix", "post_reminder":
		return aboutPost
	case "payout_setup", "payout_reminder":
		return aboutPayout
	default:
		return aboutOther
	}
}

// reacts says whether a creator acts on a mail and after how many campaign days. reminder tells a further mail about the
// same thing from the first.
func (p persona) reacts(about subject, reminder bool, step string, d *rand.Rand) (days float64, acts bool) {
	soon := between(d, 0.2, 1.4)
	switch {
	case about == aboutOther:
		return 0, false
	case p == silent:
		return 0, false
	case (p == vanisher || p == quitter) && (about == aboutDraft || about == aboutPost):
		return 0, false
	case p == vanisher && about == aboutParcel:
		return 0, false
	case p == slow && (about == aboutOffer || about == aboutDraft):
		return between(d, 0.1, 0.4), reminder
	case p == late && about == aboutDraft:
		// The check-in comes a day after the date; the manager is asked 3 (nano) or 4 (micro) days after it, and the creator
		// is given up 5 or 7 days after it.
		return between(d, 3.2, 3.7), strings.HasPrefix(step, "check_in")
	case p == slow:
		return between(d, 1, 2.5), true
	default:
		return soon, true
	}
}
