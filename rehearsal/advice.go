package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/rapport-dev/rapport/partnership"
)

// Advice is how many standbys and buffer days bring the target by the last date.
type Advice struct {
	Confidence float64  `json:"confidence"` // the chance that is wanted
	Runs       int      `json:"runs"`
	InFile     int      `json:"standbys_in_file"` // creators of the file who could stand by; more are assumed to be like those
	Tried      int      `json:"standbys_tried"`   // the most that were tried
	Choices    []Choice `json:"choices"`
	Summary    string   `json:"summary"`
}

// Choice is the least number of standbys for a buffer: the file's buffer_days and so many days of earlier launch before the same
// dates.
type Choice struct {
	BufferDays float64   `json:"buffer_days"`
	Earlier    float64   `json:"launch_earlier_days"`
	Standbys   int       `json:"standbys"` // -1: no number that was tried is enough
	Chance     float64   `json:"chance"`   // with that number, or with the most that were tried
	Posts      int64     `json:"posts"`    // that so many runs bring by the last date, with that number or the most that were tried
	Curve      []float64 `json:"curve"`    // the chance with 0, 1, 2, ... standbys
}

const (
	confidence = 0.95
	adviceRuns = 100  // of those asked for: enough to see 95 % within a few per cent
	mostTried  = 2000 // standbys
)

// earlierDays are the days of earlier launch that are tried.
var earlierDays = []float64{0, 7, 14, 28}

// advise asks each run for the least number of standbys with which it reaches the target. That number's spread over the runs
// is the whole curve at once; the runs share their dice over all numbers and buffers, so that only those make the difference.
func advise(ctx context.Context, w *world, runs, workers int, outOfBudget float64) (*Advice, error) {
	a := &Advice{Confidence: confidence, Runs: min(runs, adviceRuns), InFile: w.pool()}
	a.Tried = min(mostTried, max(a.InFile, 3*w.Campaign.Selection.Target))
	for _, days := range earlierDays {
		buffered := w.earlier(days)
		needs, posts := make([]int, a.Runs), make([]int64, a.Runs)
		err := each(ctx, a.Runs, workers, func(i int) (err error) {
			needs[i], posts[i], err = buffered.run(i).need(a.Tried)
			return err
		})
		if err != nil {
			return nil, err
		}
		a.Choices = append(a.Choices, choose(w.Campaign.Schedule.BufferDays, days, needs, posts, a.Tried))
	}
	a.Summary = a.words(w, outOfBudget)
	return a, nil
}

// need is the least number of standbys, up to most, with which this run reaches the target by the last date, and the posts that
// it then has. It is most+1 when none does.
func (w *world) need(most int) (n int, posts int64, failed error) {
	w.known = map[partnership.PartnershipID]*story{}
	reaches := func(n int) bool {
		if failed != nil {
			return true
		}
		c, err := w.withStandby(n).performCampaign()
		if err != nil {
			failed = err
			return true
		}
		posts = int64(c.sum().onTime)
		return posts >= int64(w.wanted())
	}
	// Doubling first: most runs need few, and what few need is cheap to play.
	high := 0
	for !reaches(high) {
		if high == most {
			return most + 1, posts, failed
		}
		high = min(most, max(1, 2*high))
	}
	low := 0
	if high > 1 {
		low = high/2 + 1
	}
	n = low + sort.Search(high-low, func(i int) bool { return reaches(low + i) })
	return n, int64(w.wanted()), failed
}

// wanted is the number of posts that the campaign is for.
func (w *world) wanted() int {
	n := 0
	for _, d := range w.Campaign.Offer.Deliverables {
		n += d.Count
	}
	return n * w.Campaign.Selection.Target
}

// choose reads the curve off the runs' needs.
func choose(buffer, earlier float64, needs []int, posts []int64, most int) Choice {
	c := Choice{BufferDays: buffer + earlier, Earlier: earlier, Standbys: -1, Curve: make([]float64, most+1)}
	c.Posts = quantile(slices.Sorted(slices.Values(posts)), 5)
	for n := range c.Curve {
		reached := 0
		for _, need := range needs {
			if need <= n {
				reached++
			}
		}
		c.Curve[n] = percent(float64(reached) / float64(len(needs)))
		if c.Standbys < 0 && c.Curve[n] >= confidence {
			c.Standbys = n
		}
	}
	c.Chance = c.Curve[len(c.Curve)-1]
	if c.Standbys >= 0 {
		c.Chance = c.Curve[c.Standbys]
	}
	for len(c.Curve) > 1 && c.Curve[len(c.Curve)-2] == c.Curve[len(c.Curve)-1] { // the rest is flat
		c.Curve = c.Curve[:len(c.Curve)-1]
	}
	return c
}

// percent rounds a share to a hundredth of a per cent, so that it prints the same everywhere.
func percent(share float64) float64 { return math.Round(share*10_000) / 10_000 }

// words say what to do.
func (a *Advice) words(w *world, outOfBudget float64) string {
	own := a.Choices[0]
	i := slices.IndexFunc(a.Choices, func(c Choice) bool { return c.Standbys >= 0 })
	if i < 0 {
		best := slices.MaxFunc(a.Choices, func(x, y Choice) int { return cmp.Compare(x.Chance, y.Chance) })
		words := fmt.Sprintf("Even %s and %g buffer days bring %d posts by the last date in only %s of the runs; %s of them bring %d.",
			standbys(a.Tried), best.BufferDays, w.wanted(), share(best.Chance), share(a.Confidence), best.Posts)
		if outOfBudget >= 1-confidence {
			return words + fmt.Sprintf(" The budget runs out in %s of the runs, and then nobody more is invited: raise it, or lower the fees or the target.", share(outOfBudget))
		}
		return words + " A slot that goes quiet is given on weeks later: ask for more slots than posts, lower the target or move the dates."
	}
	words := "With the dates as they are, "
	switch {
	case own.Standbys < 0:
		words += fmt.Sprintf("no number of standbys reaches %s (at most %s).", share(a.Confidence), share(own.Chance))
	case own.Standbys <= w.Campaign.Selection.Standby:
		words += fmt.Sprintf("%s are enough; the file asks for %d.", standbys(own.Standbys), w.Campaign.Selection.Standby)
	default:
		words += fmt.Sprintf("%s are needed; the file asks for %d.", standbys(own.Standbys), w.Campaign.Selection.Standby)
	}
	for _, c := range a.Choices[1:] {
		if c.Standbys >= 0 && (own.Standbys < 0 || c.Standbys < own.Standbys) {
			words += fmt.Sprintf(" Launched %g days earlier (%g buffer days): %s.", c.Earlier, c.BufferDays, standbys(c.Standbys))
			break
		}
	}
	if least := a.Choices[i].Standbys; least > a.InFile {
		words += fmt.Sprintf(" The creators' file holds %d who could stand by.", a.InFile)
	}
	return words
}

func standbys(n int) string {
	if n == 1 {
		return "1 standby"
	}
	return fmt.Sprintf("%d standbys", n)
}

func share(x float64) string { return fmt.Sprintf("%g %%", math.Round(1000*x)/10) }
