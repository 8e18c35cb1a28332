package launch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Plan is what a launch would do, as the files and the books say now. Nothing of it has happened. Personal data.
type Plan struct {
	Campaign partnership.Campaign `json:"campaign"`
	Creators int                  `json:"creators"` // of the file, without those whom somebody left out
	Places   []Placed             `json:"places"`   // whom it invites first, best first, then who stands by
	Spare    int                  `json:"spare"`    // who would fit too and has no place
	Unfit    []Unfit              `json:"unfit"`    // whom it does not invite, and why
	Vetoed   []Placed             `json:"vetoed"`   // whom somebody left out
	Warnings []string             `json:"warnings"`
	Changes  []string             `json:"changes"` // what the list would change on people with open work, a line each
	Confirm  string               `json:"confirm"` // the hash of those changes, "" for none
	Erased   bool                 `json:"erased"`  // one of them was erased: a reason is needed to bring them back
	Hash     string               `json:"hash"`    // the same as long as nothing of all that is another
}

// Placed is a creator with a place. Personal data.
type Placed struct {
	Key        string   `json:"key"` // CreatorKey
	Handle     string   `json:"handle"`
	Followers  int      `json:"followers"`
	Engagement float64  `json:"engagement"` // per cent
	Niche      string   `json:"niche"`
	Standby    bool     `json:"standby"`
	Why        []string `json:"why"`
}

// Unfit is a creator who is not invited. Personal data.
type Unfit struct {
	Handle string `json:"handle"`
	Why    string `json:"why"`
}

// Invited are those who have a place at once.
func (p Plan) Invited() (all []Placed) {
	return slices.DeleteFunc(slices.Clone(p.Places), func(one Placed) bool { return one.Standby })
}

// Plan says what a launch would do; its errors are those of Launch, but for changes of people with open work, which it shows.
func (l *Launcher) Plan(ctx context.Context, r Request) (Plan, error) {
	plan, _, err := l.plan(ctx, r)
	return plan, err
}

func (l *Launcher) plan(ctx context.Context, r Request) (Plan, Draft, error) {
	d, err := l.prepare(r)
	if err != nil {
		return Plan{}, d, err
	}
	p := Plan{Campaign: d.Campaign, Creators: len(d.Creators)}
	ask, asks := (*partnership.UnconfirmedError)(nil), false
	if err := l.Store.AskFirst(ctx, d.Creators); err != nil {
		if ask, asks = errors.AsType[*partnership.UnconfirmedError](err); !asks {
			return Plan{}, d, err
		}
		p.Changes, p.Confirm = ask.Lines(), ask.Hash
		p.Erased = slices.ContainsFunc(ask.Changes, func(c partnership.PersonChange) bool { return c.Kind == partnership.PersonErased })
	}
	left, err := l.Store.LeftOut(ctx, d.Creators)
	if err != nil {
		return Plan{}, d, err
	}
	unpaid, doubt := l.unreached(ctx, d)
	for _, w := range append(d.Warnings, unreachedInWords(r.named().CreatorsName, unpaid, len(d.Creators), doubt)...) {
		p.Warnings = append(p.Warnings, w.String())
	}
	p.seat(&d, left, unpaid)
	p.Hash = p.hash(digest(r.Files, d.Campaign.Round))
	return p, d, nil
}

// seat gives the places, and leaves in the draft those who can have one.
func (p *Plan) seat(d *Draft, left []partnership.LeftOut, unpaid []unpaid) {
	why := map[string]string{}
	for _, out := range left { // an address stands for whoever has the handle in this file
		why[out.Handle] = causes[out.Cause]
	}
	for _, out := range unpaid {
		why[out.creator.Handle] = cmp.Or(why[out.creator.Handle], "cannot be paid: "+out.why)
	}
	d.Creators = slices.DeleteFunc(d.Creators, func(c partnership.Creator) bool {
		words := why[c.Handle]
		for _, reason := range roster.Vet(c, d.Campaign.Selection) {
			if reason.Refuses && words == "" {
				words = reason.Message
			}
		}
		if words != "" {
			p.Unfit = append(p.Unfit, Unfit{c.Handle, words})
		}
		return words != ""
	})
	ranked := roster.Rank(d.Creators, d.Campaign.Selection)
	for _, place := range []roster.Place{roster.Slot, roster.Standby} {
		for _, one := range ranked {
			if one.Place == place {
				p.Places = append(p.Places, placed(one.Creator, place == roster.Standby, one.Why))
			}
		}
	}
	p.Spare = len(ranked) - len(p.Places)
	for _, c := range d.Vetoed {
		_, words := roster.Score(c, d.Campaign.Selection)
		p.Vetoed = append(p.Vetoed, placed(c, false, words))
	}
}

func placed(c partnership.Creator, standby bool, why []string) Placed {
	return Placed{CreatorKey(c), c.Handle, c.Followers, c.EngagementRate, c.Niche, standby, why}
}

// hash binds who would be invited, in which order, and what else would change, to the files. Dates that are counted from the launch are
// another each second and are not in it.
func (p Plan) hash(files string) string {
	bound := struct {
		Files, Confirm string
		Places, Vetoed []string
		Unfit          []Unfit
	}{Files: files, Confirm: p.Confirm, Unfit: p.Unfit}
	for _, one := range p.Places {
		bound.Places = append(bound.Places, fmt.Sprint(one.Key, one.Standby))
	}
	for _, one := range p.Vetoed {
		bound.Vetoed = append(bound.Vetoed, one.Key)
	}
	text, err := json.Marshal(bound)
	if err != nil {
		panic(err) // strings alone
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// startOf is the instant from which a rehearsal counts: the launch's.
func (l *Launcher) startOf() time.Time { return l.Now().Truncate(time.Minute) }
