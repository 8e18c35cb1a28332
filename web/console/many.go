package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// What is asked of many partnerships at once. The first press shows whom it reaches and whom not, the second does just that: for each the deed
// of its own that the partnership's page has, under a key of its own.

const (
	// mostAtOnce is how many one press reaches: whoever presses can still read who they are.
	mostAtOnce = 100
	// All that is asked of workflows is kept first. Then so many are told at a time, and whoever has not answered by then is told again by the sweeper.
	toldAtOnce   = 8
	answersUntil = 20 * time.Second
)

// manyDeed is a deed that may be asked of many.
type manyDeed struct {
	name, path    string
	button, title string
	does, said    string // beforehand and afterwards
	// not is why it does not reach a partnership that is open, "" where it does.
	not func(l board.PartnershipLine) string
	// ask keeps it for one; tell, where it is not nil, has to be told to a workflow still.
	ask func(c *Console, r *http.Request, v visitor, id partnership.PartnershipID) (tell telling, err error)
}

type telling func(ctx context.Context) error

var manyDeeds = []manyDeed{
	{
		partnership.DeedPause, "/many/pause", "Pause", "Pause partnerships",
		"They get no new mails until they go on; their dates move by as much. Their campaigns go on.", "They get no new mails, and their dates move with it.",
		func(l board.PartnershipLine) string { return ifSo(l.Paused, "is paused already") },
		requested(func(r *http.Request, id partnership.PartnershipID) (deeds.Request, error) {
			return deeds.StopPartnership(partnership.DeedPause, id, r.PostFormValue("reason"))
		}),
	},
	{
		partnership.DeedResume, "/many/resume", "Resume", "Let partnerships go on",
		"Mails go out again. Every date that was moved by the pause stays moved.", "They go on; every date that was moved by the pause has moved.",
		func(l board.PartnershipLine) string { return ifSo(!l.Paused, "is not paused") },
		requested(func(_ *http.Request, id partnership.PartnershipID) (deeds.Request, error) {
			return deeds.StopPartnership(partnership.DeedResume, id, "")
		}),
	},
	{
		partnership.DeedGiveTime, "/many/extend", "Give time", "Give more time",
		"The draft or post that is open is due so many days later, and each creator is told.", "The dates move, and the creators are told.",
		func(l board.PartnershipLine) string {
			return ifSo(l.Stage != partnership.Content, "is in "+string(l.Stage)+": no draft or post is asked for now")
		},
		requested(func(r *http.Request, id partnership.PartnershipID) (deeds.Request, error) {
			days, err := daysTyped(r)
			if err != nil {
				return deeds.Request{}, err
			}
			return deeds.GiveTime(id, days)
		}),
	},
	{
		partnership.DeedAnswerCreator, "/many/messages", "Write", "Write to creators",
		"Each gets a mail of their own in the thread of their mails, under the brand's name, and can answer it. A mail of theirs that waits for an answer is answered by it.",
		"Kept, and mailed in a moment. Each conversation says when it has left.",
		func(board.PartnershipLine) string { return "" },
		func(c *Console, r *http.Request, v visitor, id partnership.PartnershipID) (telling, error) {
			_, err := deeds.AnswerCreator(r.Context(), c.Store, v.By, partnership.AnswerToCreator{PartnershipID: id, Subject: r.PostFormValue("subject"), Words: typedLines(r, "words")})
			return nil, err
		},
	},
	{
		partnership.DeedNote, "/many/note", "Note", "Keep a note with each",
		"Keeps what was said elsewhere on each timeline. Reminders of what is open stop, and the silence counts from now. The creators do not read it.",
		"Noted. Reminders of what is open stop, and the silence counts from now.",
		func(board.PartnershipLine) string { return "" },
		func(c *Console, r *http.Request, v visitor, id partnership.PartnershipID) (telling, error) {
			notes := note.Notes{Store: c.Store, Workflows: c.Workflows, Now: c.Now}
			_, err := notes.Add(r.Context(), string(id), r.PostFormValue("text"), note.Writer{By: v.By, Name: v.name})
			return nil, err
		},
	},
}

func ifSo(so bool, why string) string {
	if !so {
		return ""
	}
	return why
}

// requested is a deed that a workflow does.
func requested(of func(r *http.Request, id partnership.PartnershipID) (deeds.Request, error)) func(*Console, *http.Request, visitor, partnership.PartnershipID) (telling, error) {
	return func(c *Console, r *http.Request, v visitor, id partnership.PartnershipID) (telling, error) {
		ask, err := of(r, id)
		if err != nil {
			return nil, err
		}
		kept, err := ask.Keep(r.Context(), c.Workflows, v.By, nil)
		return func(ctx context.Context) error {
			_, err := deeds.Tell(ctx, c.Workflows, kept)
			return err
		}, err
	}
}

// why says why a deed does not reach a partnership, "" where it does.
func (d manyDeed) why(l board.PartnershipLine) string {
	if l.Outcome != "" {
		return "is over: " + strings.ReplaceAll(string(l.Outcome), "_", " ")
	}
	return d.not(l)
}

// mayDoMany says whether somebody may ask for anything of many, so that they can choose.
func (v visitor) mayDoMany() bool {
	return slices.ContainsFunc(manyDeeds, func(d manyDeed) bool { return v.mayDo(d.name) })
}

// chosen are the partnerships whose boxes are ticked; with the box of all, all that the list shows that they were chosen on.
func (c *Console) chosen(r *http.Request) ([]board.PartnershipLine, error) {
	var ids []partnership.PartnershipID
	for _, id := range r.PostForm["of"] {
		ids = append(ids, partnership.PartnershipID(id))
	}
	if r.PostFormValue("all") != "" {
		shown, err := c.shown(r.Context(), backTo(r))
		if err != nil {
			return nil, err
		}
		ids = append(ids, shown...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) == 0:
		return nil, partnership.Errorf(partnership.Invalid, "Nobody is chosen: tick the boxes beside them first.")
	case len(ids) > mostAtOnce:
		return nil, partnership.Errorf(partnership.Invalid, "%d are chosen, and at most %d are reached at once, so that they can be looked through. Sieve the list further, such as by stage, and do one part after the other.", len(ids), mostAtOnce)
	}
	found, _, err := c.Store.PartnershipPage(r.Context(), store.PartnershipFilter{IDs: ids}, store.Page{Most: mostAtOnce})
	if err == nil && len(found) < len(ids) {
		err = partnership.Errorf(partnership.NotFound, "%s of those chosen is not there; choose again", plural(len(ids)-len(found), "partnership"))
	}
	return found, err
}

// shown are the partnerships that a list shows at an address of ours.
func (c *Console) shown(ctx context.Context, at string) (ids []partnership.PartnershipID, err error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, partnership.Errorf(partnership.Invalid, "the list that they were chosen on is not known; choose again")
	}
	s := sieveOf(u.Query())
	if id, is := strings.CutPrefix(u.Path, "/campaigns/"); is {
		doc, err := c.Store.CampaignDocument(ctx, partnership.CampaignID(id))
		for _, one := range s.of(doc).Partnerships {
			ids = append(ids, one.ID)
		}
		return ids, err
	}
	found, _, err := c.Store.PartnershipPage(ctx, s.filter(), store.Page{After: u.Query().Get("after"), Most: mostAtOnce})
	for _, one := range found {
		ids = append(ids, one.ID)
	}
	return ids, err
}

// manyData is whom a deed reaches, and whom not.
type manyData struct {
	reach, not []board.PartnershipLine
	back       string
}

// manyLook is the page of a deed of many, with what is wrong where it cannot be done as it was sent.
func (c *Console) manyLook(d manyDeed) show {
	return func(w http.ResponseWriter, r *http.Request, v visitor) {
		m := manyData{back: backTo(r)}
		found, err := c.chosen(r)
		if err != nil && partnership.CodeOf(err) == "" {
			c.fail(w, r, err)
			return
		}
		for _, l := range found {
			if d.why(l) == "" {
				m.reach = append(m.reach, l)
			} else {
				m.not = append(m.not, l)
			}
		}
		page.Show(w, r, http.StatusOK, manyPage(v, d, m))
	}
}

// many asks for a deed of each that was chosen. What is wrong with its words is refused before anything is kept.
func (c *Console) many(d manyDeed) func(r *http.Request, v visitor) (string, error) {
	return func(r *http.Request, v visitor) (string, error) {
		found, err := c.chosen(r)
		if err != nil {
			return "", err
		}
		if !sure(r) {
			return "", &look{}
		}
		tells, came, kept := make([]telling, len(found)), make([]error, len(found)), 0
		for i, l := range found {
			if why := d.why(l); why != "" {
				came[i] = errors.New(why)
				continue
			}
			one := v
			one.ID += "/" + string(l.ID)
			tells[i], came[i] = d.ask(c, r, one, l.ID)
			if code := partnership.CodeOf(came[i]); came[i] != nil && (code == "" || code == partnership.Invalid && kept == 0) {
				return "", came[i] // its words, which are the same for all; or nobody knows, and sent again it counts once
			}
			if came[i] == nil {
				kept++
			}
		}
		c.tellMany(r.Context(), tells, came)
		return cameOf(d, found, came)
	}
}

// tellMany tells workflows what was kept for them.
func (c *Console) tellMany(ctx context.Context, tells []telling, came []error) {
	ctx, cancel := context.WithTimeout(ctx, answersUntil)
	defer cancel()
	var all sync.WaitGroup
	turns := make(chan struct{}, toldAtOnce)
	for i, tell := range tells {
		if tell == nil || came[i] != nil {
			continue
		}
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			came[i] = tell(ctx)
		})
	}
	all.Wait()
}

// partly is what came of a form that was not done for all whom it was to reach.
type partly struct{ said string }

func (p *partly) Error() string { return p.said }

// cameOf says for how many it was done, and for whom not, in its partnership's own words.
func cameOf(d manyDeed, found []board.PartnershipLine, came []error) (string, error) {
	done, taken, not := 0, 0, []string{}
	var kept *partnership.Taken
	for i, err := range came {
		no, ours := errors.AsType[*partnership.Error](err)
		waits, is := errors.AsType[*partnership.Taken](err)
		switch {
		case err == nil:
			done++
		case is:
			taken, kept = taken+1, waits
		case ours:
			not = append(not, "@"+found[i].Creator+": "+no.Message)
		default:
			not = append(not, "@"+found[i].Creator+": "+err.Error())
		}
	}
	var said []string
	if done > 0 {
		said = append(said, fmt.Sprintf("Done for %d. %s", done, d.said))
	}
	if taken > 0 {
		said = append(said, fmt.Sprintf("For %d: %s.", taken, title(kept.Error())))
	}
	if len(not) > 0 {
		said = append(said, fmt.Sprintf("Not for %d:", len(not)))
	}
	words := strings.Join(append(said, not...), "\n")
	if done < len(came) {
		return "", &partly{words}
	}
	return words, nil
}
