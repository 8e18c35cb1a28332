// Package picks is a person's word on whom a running campaign invites: what an invitation out of turn would do, before it is made.
package picks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// Store knows campaigns and creators.
type Store interface {
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	FindCreator(ctx context.Context, typed string) (partnership.Creator, error)
	Uninvitable(ctx context.Context, who []partnership.CreatorID) ([]partnership.CreatorID, error)
}

// Look is what an invitation out of turn would do. Nothing is done by it.
type Look struct {
	CampaignID     partnership.CampaignID `json:"campaign_id"`
	Campaign       string                 `json:"campaign"`
	CreatorID      partnership.CreatorID  `json:"creator_id"`
	Platform       string                 `json:"platform"`
	Creator        string                 `json:"creator"` // handle
	Tier           partnership.Tier       `json:"tier"`
	Followers      int                    `json:"followers"`
	EngagementRate float64                `json:"engagement_rate"`
	Niche          string                 `json:"niche"`
	Fit            []string               `json:"fit"`      // why they fit
	Warnings       []string               `json:"warnings"` // why they may not: what the roster would have left them out for, too
	Place          string                 `json:"place"`    // whose they get
	FeeMinor       int64                  `json:"fee_minor"`
	AmountMinor    int64                  `json:"amount_minor"` // of the budget, that the offer commits
	LeftMinor      int64                  `json:"left_minor"`   // of the budget, before
	Currency       string                 `json:"currency"`
	OfferDue       time.Time              `json:"offer_due"` // when the offer would lapse, sent now
	PublishFrom    time.Time              `json:"publish_from"`
	PublishTo      time.Time              `json:"publish_to"`
}

// Picks shows what would come of an invitation.
type Picks struct {
	Store Store
	Day   time.Duration // how long a campaign day lasts
	Now   func() time.Time
}

// Invite looks at an invitation of whoever is called so. What cannot be is refused with *partnership.Error, which says what is allowed.
func (p Picks) Invite(ctx context.Context, id partnership.CampaignID, who string) (Look, error) {
	if who == "" {
		return Look{}, partnership.FieldErrorf("creator", "say whom: @handle, a profile link, a mail address or a name")
	}
	spec, err := p.Store.Campaign(ctx, id)
	if err != nil {
		return Look{}, err
	}
	doc, err := p.Store.CampaignDocument(ctx, id)
	if err != nil {
		return Look{}, err
	}
	creator, err := p.Store.FindCreator(ctx, who)
	if err != nil {
		return Look{}, err
	}
	if err := p.mayInvite(ctx, doc, spec, creator); err != nil {
		return Look{}, err
	}
	tier := partnership.TierOf(creator.Followers)
	terms, err := partnership.OfferFor(spec, tier)
	if err != nil {
		return Look{}, err
	}
	l := Look{
		CampaignID: id, Campaign: doc.Name, CreatorID: creator.ID, Platform: creator.Platform, Creator: creator.Handle, Tier: tier, Followers: creator.Followers,
		EngagementRate: creator.EngagementRate, Niche: creator.Niche, Warnings: []string{}, Place: place(doc), FeeMinor: terms.FeeMinor, AmountMinor: terms.CostMinor(),
		LeftMinor: doc.Budget.LimitMinor - doc.Budget.CommittedMinor, Currency: spec.Currency, PublishFrom: spec.Schedule.PublishFrom, PublishTo: spec.Schedule.PublishTo,
	}
	_, l.Fit = roster.Score(creator, spec.Selection)
	for _, reason := range roster.Vet(creator, spec.Selection) {
		l.Warnings = append(l.Warnings, reason.Message)
	}
	l.Warnings = append(l.Warnings, roster.RateWarnings(tier, terms.FeeMinor, spec.Currency)...)
	facts := timeline.Facts{Start: p.Now(), InvitedAt: p.Now(), Gift: terms.Gift != nil}
	l.OfferDue = timeline.Make(p.calendar(spec), spec.Schedule, tier, facts).Due(timeline.OfferDue)
	if l.AmountMinor > l.LeftMinor {
		return Look{}, partnership.Errorf(partnership.Conflict, "the budget left is %s, and an offer to @%s commits %s: raise the budget first, by amend, or pick somebody of a cheaper tier",
			money.Display(l.LeftMinor, l.Currency), creator.Handle, money.Display(l.AmountMinor, l.Currency))
	}
	return l, nil
}

// mayInvite refuses what the campaign would refuse, with what is allowed.
func (p Picks) mayInvite(ctx context.Context, doc board.Campaign, spec partnership.Campaign, creator partnership.Creator) error {
	switch {
	case doc.State.Ended():
		return partnership.Errorf(partnership.Conflict, "this campaign is %s: launch another round for them", doc.State)
	case doc.State == partnership.CampaignPaused:
		return partnership.Errorf(partnership.Conflict, "this campaign is paused: resume it first")
	case !timeline.InTime(p.calendar(spec), spec.Schedule, p.Now()):
		return partnership.Errorf(partnership.Conflict, "whoever is invited now could not post before the publish window ends: amend its last day first")
	}
	id := partnership.PartnershipFor(doc.ID, creator.ID)
	for _, one := range doc.Partnerships {
		switch {
		case one.ID != id:
		case one.Outcome == "":
			return partnership.Errorf(partnership.Conflict, "@%s is invited already, and is at %s", creator.Handle, one.Stage)
		default:
			return partnership.Errorf(partnership.Conflict, "@%s was invited, and it ended as %s: nobody is invited twice in one campaign; another round may", creator.Handle, one.Outcome)
		}
	}
	gone, err := p.Store.Uninvitable(ctx, []partnership.CreatorID{creator.ID})
	if err == nil && len(gone) > 0 {
		err = partnership.Errorf(partnership.Conflict, "nobody may write to @%s: they opted out, or there is no address", creator.Handle)
	}
	return err
}

func (p Picks) calendar(spec partnership.Campaign) timeline.Calendar {
	return timeline.Calendar{Day: p.Day, Zone: spec.Timezone}
}

// place says whose place they get.
func place(doc board.Campaign) string {
	held := 0
	for _, one := range doc.Partnerships {
		if one.Outcome == "" || one.Outcome == partnership.Completed {
			held++
		}
	}
	if held < doc.Target {
		return fmt.Sprintf("one that is free: %d of %d are held", held, doc.Target)
	}
	return fmt.Sprintf("that of a creator who went quiet and for whom nobody stands in yet, else one more than the %d there are", doc.Target)
}

// Hash binds what is done to what was shown; dates that move with the clock are not in it.
func (l Look) Hash() string {
	l.OfferDue = time.Time{}
	text, _ := json.Marshal(l) // numbers and words
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

func (l Look) dates(when func(time.Time) string) string {
	words := "Dates: the offer lapses " + when(l.OfferDue) + " if nobody answers"
	if !l.PublishTo.IsZero() {
		words += "; posts are due by " + when(l.PublishTo)
	}
	return words
}

// Words are the look, a line each. when says a time.
func (l Look) Words(when func(time.Time) string) []string {
	words := []string{
		fmt.Sprintf("@%s on %s: %s, %d followers, %g %% engagement, %s", l.Creator, l.Platform, l.Tier, l.Followers, l.EngagementRate, l.Niche),
		fmt.Sprintf("Offer: a fee of %s; it commits %s of the %s that the budget has left", money.Display(l.FeeMinor, l.Currency), money.Display(l.AmountMinor, l.Currency), money.Display(l.LeftMinor, l.Currency)),
		l.dates(when),
		"Place: " + l.Place,
	}
	for _, w := range l.Warnings {
		words = append(words, "Mind: "+w)
	}
	return words
}
