package store

import (
	"context"
	"errors"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// How long a launch that is prepared is kept, and how long one that was asked for is one front door's to carry out.
const (
	draftKept   = 24 * time.Hour
	launchingBy = 2 * time.Minute
)

func draftSeal(id string) string { return "launch-draft/" + id }

// KeepLaunchDraft keeps a launch that somebody prepares, or what has become of it since. *partnership.Error Conflict for one that was asked for.
func (s *Store) KeepLaunchDraft(ctx context.Context, d partnership.LaunchDraft) error {
	rows, err := s.q.KeepLaunchDraft(ctx, db.KeepLaunchDraftParams{ID: d.ID, Who: d.Who, Kept: s.seal(draftSeal(d.ID), d.Kept), Now: s.now()})
	if err == nil && rows == 0 {
		return partnership.Errorf(partnership.Conflict, "this launch was asked for already")
	}
	return mapped("launch draft", err)
}

// LaunchDraft is one that is prepared. Personal data.
func (s *Store) LaunchDraft(ctx context.Context, id string) (partnership.LaunchDraft, error) {
	row, err := s.q.LaunchDraft(ctx, id)
	if err != nil {
		return partnership.LaunchDraft{}, notFound("launch in preparation", err)
	}
	return s.draftOf(db.ClaimLaunchesRow(row))
}

func (s *Store) draftOf(r db.ClaimLaunchesRow) (partnership.LaunchDraft, error) {
	kept, err := s.unseal(draftSeal(r.ID), r.Kept)
	return partnership.LaunchDraft{ID: r.ID, Who: r.Who, Kept: kept, Asked: r.AskedAt != nil}, err
}

// AskLaunch says that a draft is to be launched as it is given. It is then carried out once, by whoever asked or, should they die, by whoever
// claims it. *partnership.Error Conflict for one that was asked for or is gone.
func (s *Store) AskLaunch(ctx context.Context, d partnership.LaunchDraft) error {
	now := s.now()
	rows, err := s.q.AskLaunch(ctx, db.AskLaunchParams{ID: d.ID, Who: d.Who, Kept: s.seal(draftSeal(d.ID), d.Kept), Now: now, Until: now.Add(launchingBy)})
	if err == nil && rows == 0 {
		return partnership.Errorf(partnership.Conflict, "this launch was asked for already")
	}
	return mapped("ask launch", err)
}

// ClaimLaunches takes launches that were asked for and that nobody carries out, and forgets what nobody asked for in a day. Personal data.
func (s *Store) ClaimLaunches(ctx context.Context) (all []partnership.LaunchDraft, err error) {
	now := s.now()
	if err := s.q.ForgetOldLaunches(ctx, now.Add(-draftKept)); err != nil {
		return nil, mapped("launch drafts", err)
	}
	rows, err := s.q.ClaimLaunches(ctx, db.ClaimLaunchesParams{Now: now, Until: now.Add(launchingBy)})
	err = mapped("launch drafts", err)
	for _, row := range rows {
		d, no := s.draftOf(row)
		if no != nil { // of another key: it keeps nobody else's from being done
			err = errors.Join(err, no)
			continue
		}
		all = append(all, d)
	}
	return all, err
}

// ForgetLaunch ends a launch in preparation, with its files.
func (s *Store) ForgetLaunch(ctx context.Context, id string) error {
	return mapped("launch draft", s.q.ForgetLaunch(ctx, id))
}
