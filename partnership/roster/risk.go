package roster

import (
	"fmt"
	"math"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
)

// RiskFacts are what is known of a creator who was asked for something and has not answered yet. Days are campaign days.
type RiskFacts struct {
	Tier       partnership.Tier
	AskedDays  float64 // since they were asked
	SilentDays float64 // since they were asked or last gave a sign of life, whichever is later
	UsualDays  float64 // after which this person usually has answered such a request; not known: the whole time given
	Answers    int     // that UsualDays comes from; 0 when it is not known
	Unanswered int     // reminders of this request that have passed in that silence
	LateBefore int     // dates of theirs in this partnership that were met late
	Unclicked  int     // mails about this request that were opened, while none was clicked
	HeldDays   float64 // since the product was delivered, or without one since the signature; 0 before
}

// RiskPart is a reason for a score, in words without personal data.
type RiskPart struct {
	Name   string  `json:"name"`
	Words  string  `json:"words"`
	Weight float64 `json:"weight"` // the most that it can add
	Adds   float64 `json:"adds"`   // what it adds now: 0..Weight
}

// The weights of the parts sum to 1. Silence beyond what is usual for this very person says most; a mail that was opened
// and not clicked says little, since machines open mails too.
const (
	silenceWeight   = 0.50
	softDateWeight  = 0.20
	heldWeight      = 0.15
	unclickedWeight = 0.10
	tierWeight      = 0.05
)

// At these numbers a part adds all of its weight.
const (
	goneDays     = 5  // of silence since they usually would have answered: then the default ladder gives a creator up (RULES, time)
	allSoftDates = 4  // the mails of a whole ladder: half time, day before, due, check-in
	longHeldDays = 21 // creators who post at all have mostly done so within three weeks of having the product
	allUnclicked = 3
)

// CoverFrom is the risk from which a standby creator is looked for before the first is given up: silence through a whole ladder
// reaches it about when the manager is asked.
const CoverFrom = 0.6

// minUsual keeps people who mostly answer at once from being missed after an hour, in days.
const minUsual = 1

// Risk estimates how likely a creator is to have gone quiet for good, 0 (not at all) to 1 (gone), and says why. The score is
// the sum of its parts, to a thousandth, and follows from the facts alone.
func Risk(f RiskFacts) (score float64, parts []RiskPart) {
	add := func(name string, weight, share float64, words string) {
		adds := thousandths(weight * unit(share))
		score = thousandths(score + adds)
		parts = append(parts, RiskPart{name, words, weight, adds})
	}
	usual := max(finite(f.UsualDays), minUsual)
	beyond := min(finite(f.SilentDays), finite(f.AskedDays)-usual) // a sign of life starts the count anew, and never before they would have answered
	add("silence", silenceWeight, beyond/goneDays, silence(f, usual))
	add("soft_dates", softDateWeight, float64(max(f.Unanswered, 0)+max(f.LateBefore, 0))/allSoftDates, softDates(f))
	add("held", heldWeight, finite(f.HeldDays)/longHeldDays, held(f))
	add("unclicked", unclickedWeight, float64(f.Unclicked)/allUnclicked, unclicked(f.Unclicked))
	add("tier", tierWeight, tierShare[f.Tier], tierWords[f.Tier])
	return score, parts
}

func silence(f RiskFacts, usual float64) string {
	words := "silent for " + days(f.SilentDays) + ", asked " + days(f.AskedDays) + " ago; "
	if f.Answers == 0 {
		return words + "their habit is not known, the time given is " + days(usual)
	}
	return words + "usually answers within " + days(usual) + " (" + plural(f.Answers, "answer") + " so far)"
}

func softDates(f RiskFacts) string {
	words := plural(max(f.Unanswered, 0), "reminder") + " without an answer"
	if f.LateBefore > 0 {
		words += ", " + plural(f.LateBefore, "date") + " met late before"
	}
	return words
}

func held(f RiskFacts) string {
	if finite(f.HeldDays) <= 0 {
		return "the content clock has not started"
	}
	return "the content clock has run for " + days(f.HeldDays)
}

func unclicked(n int) string {
	if n <= 0 {
		return "no mail was opened without a click"
	}
	return plural(n, "mail") + " opened and none clicked"
}

// Nano creators vanish most often: they have day jobs (the field's guide).
var (
	tierShare = map[partnership.Tier]float64{partnership.Nano: 1}
	tierWords = map[partnership.Tier]string{
		partnership.Nano: "nano creators have day jobs and go quiet most often", partnership.Micro: "micro creators go quiet less often", partnership.AboveMicro: "creators of this size seldom go quiet",
	}
)

func unit(share float64) float64 { return max(0, min(1, share)) }

// finite keeps what no history gives (NaN, less than nothing) out of a score.
func finite(n float64) float64 {
	if math.IsNaN(n) {
		return 0
	}
	return max(0, n)
}

func thousandths(n float64) float64 { return math.Round(1000*n) / 1000 }

func days(n float64) string {
	text := strconv.FormatFloat(math.Round(10*finite(n))/10, 'f', -1, 64)
	if text == "1" {
		return "1 day"
	}
	return text + " days"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
