package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// digesting is how long a digest is one front door's to post.
const digesting = time.Minute

// SlackPerson is one of the brand's people who uses the app in Slack.
type SlackPerson struct {
	Who          string
	Zone         string // IANA, "" unknown
	DigestMinute int    // of their day; NoDigest for none
	NextDigest   time.Time
	ToldUntil    time.Time // what the last digest told of
	LookedUntil  time.Time // what they have asked for themselves
}

// NoDigest is the minute of who wants none.
const NoDigest = -1

// MeetInSlack notes somebody who uses the app in Slack for the first time, and says whether it is.
func (s *Store) MeetInSlack(ctx context.Context, p SlackPerson) (first bool, err error) {
	rows, err := s.q.MeetInSlack(ctx, db.MeetInSlackParams{Who: p.Who, Zone: p.Zone, DigestMinute: int32(p.DigestMinute), NextDigest: p.NextDigest, Now: s.now()})
	return rows > 0, mapped("slack person", err)
}

// SlackPerson is somebody who has used it. *partnership.Error NotFound for nobody.
func (s *Store) SlackPerson(ctx context.Context, who string) (SlackPerson, error) {
	row, err := s.q.SlackPerson(ctx, who)
	return slackPersonOf(row), notFound("person", err)
}

func slackPersonOf(r db.SlackPerson) SlackPerson {
	return SlackPerson{Who: r.Who, Zone: r.Zone, DigestMinute: int(r.DigestMinute), NextDigest: orZero(r.NextDigest), ToldUntil: r.ToldUntil, LookedUntil: r.LookedUntil}
}

// SetDigest says when somebody wants their digest; next is the first of them, zero for none.
func (s *Store) SetDigest(ctx context.Context, who string, minute int, next time.Time) error {
	return mapped("digest", s.q.SetDigest(ctx, db.SetDigestParams{Who: who, DigestMinute: int32(minute), NextDigest: timeOrNil(next)}))
}

// LookedInSlack says until when somebody has seen what changed.
func (s *Store) LookedInSlack(ctx context.Context, who string, until time.Time) error {
	return mapped("slack person", s.q.LookedInSlack(ctx, db.LookedInSlackParams{Who: who, Until: until}))
}

// ClaimDigests takes those that are due for a while.
func (s *Store) ClaimDigests(ctx context.Context) ([]SlackPerson, error) {
	now := s.now()
	rows, err := s.q.ClaimDigests(ctx, db.ClaimDigestsParams{Now: now, Until: now.Add(digesting)})
	return each(rows, slackPersonOf), mapped("digests", err)
}

// DigestTold ends a claimed digest, whether there was something to tell or not: it told of what was until an instant, and the next is then.
func (s *Store) DigestTold(ctx context.Context, p SlackPerson, until, next time.Time) error {
	return mapped("digest", s.q.DigestTold(ctx, db.DigestToldParams{Who: p.Who, Was: p.NextDigest, NextDigest: timeOrNil(next), Until: until}))
}

// Change is how often something has happened in a campaign. Handles are some of those to whom it did: personal data.
type Change struct {
	CampaignID partnership.CampaignID
	Campaign   string
	Round      int
	Kind       string // of a timeline's event
	N          int
	Handles    []string
}

// DeedCount is how often somebody has asked for a deed.
type DeedCount struct {
	Who, Deed string
	N         int
}

// ChangesSince is what has happened after an instant and until another: events of these kinds by campaign, and what others than who asked for.
func (s *Store) ChangesSince(ctx context.Context, since, until time.Time, kinds []string, who string) ([]Change, []DeedCount, error) {
	changes, err := s.q.ChangesSince(ctx, db.ChangesSinceParams{Since: since, Until: until, Kinds: kinds})
	if err != nil {
		return nil, nil, mapped("changes", err)
	}
	deeds, err := s.q.DeedsSince(ctx, db.DeedsSinceParams{Since: since, Until: until, Who: who})
	return each(changes, func(r db.ChangesSinceRow) Change {
			return Change{CampaignID: r.CampaignID, Campaign: r.Name, Round: int(r.Round), Kind: r.Kind, N: int(r.N), Handles: r.Handles}
		}), each(deeds, func(r db.DeedsSinceRow) DeedCount {
			return DeedCount{r.Actor, r.Action, int(r.N)}
		}), mapped("changes", err)
}
