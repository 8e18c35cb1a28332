package store

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// Why a link leads nowhere any more: the Field of a *partnership.Error Gone.
const (
	LinkExpired = "expired"
	LinkRevoked = "revoked"
	LinkErased  = "erased" // there is nobody left to whom a fresh one could be sent
)

// defaultLinkDays is how long links live on after what they are about is over.
const defaultLinkDays = 30

// linkLife counts in real days whatever a campaign day lasts: links lie in people's mailboxes and calendar programs.
func (s *Store) linkLife() time.Duration {
	days := s.opt.LinkDays
	if days == 0 {
		days = defaultLinkDays
	}
	return time.Duration(days) * 24 * time.Hour
}

func gone(why string) error {
	return &partnership.Error{Code: partnership.Gone, Field: why, Message: "this link has ended"}
}

// checkTask says whether a task's link still opens its page, which is its creator's home too: it ends some time after the partnership is
// over. Payout set-up goes on as long as it is open, because earnings are paid after the end too.
func (s *Store) checkTask(row db.TaskByTokenRow) error {
	var over time.Time
	if closed := orZero(row.Task.ClosedAt); row.Outcome != "" && (row.Task.Kind != partnership.TaskPayoutSetup || !closed.IsZero()) {
		over = row.UpdatedAt
		if closed.After(over) {
			over = closed
		}
	}
	switch {
	case row.ErasedAt != nil:
		return gone(LinkErased)
	case !over.IsZero() && s.now().After(over.Add(s.linkLife())):
		return gone(LinkExpired)
	}
	return nil
}

// endedLink says whether a token that opens nothing was a link once.
func (s *Store) endedLink(ctx context.Context, what, token string) error {
	row, err := s.q.RevokedLink(ctx, digest(token))
	switch {
	case noRows(err):
		return partnership.Errorf(partnership.NotFound, "there is no such %s", what)
	case err != nil:
		return mapped("link", err)
	case row.Kind != linkOfTask:
		return gone(LinkRevoked)
	}
	owner, err := s.q.TaskOwner(ctx, partnership.TaskID(row.Subject))
	if err == nil && owner.ErasedAt != nil {
		return gone(LinkErased)
	}
	return gone(LinkRevoked)
}

// The kinds of links that can be revoked. An opt-out link is none: it is honoured always.
const (
	linkOfTask     = "task"
	linkOfCalendar = "calendar"
	linkOfEarnings = "earnings"
)

// RevokeTaskLinks ends all links to a creator's tasks and earnings: the next mail of each carries a new one. It returns how many ended.
func (s *Store) RevokeTaskLinks(ctx context.Context, id partnership.CreatorID, by, reason string) (n int, err error) {
	err = s.tx(ctx, "revoke links", func(q *db.Queries) error {
		if n, err = s.revokeTasks(ctx, q, id); err != nil {
			return err
		}
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedRevokeLinks, Subject: "creator/" + string(id), Reason: reason})
	})
	return n, err
}

func (s *Store) revokeTasks(ctx context.Context, q *db.Queries, id partnership.CreatorID) (int, error) {
	tasks, err := q.TaskLinksOf(ctx, id)
	if err != nil {
		return 0, err
	}
	old := db.RevokeLinksParams{Kind: linkOfTask, Now: s.now()}
	for _, t := range tasks {
		old.TokenHashes, old.Subjects = append(old.TokenHashes, digest(s.taskToken(t.ID, t.LinkN))), append(old.Subjects, string(t.ID))
		next := db.SetTaskLinkParams{ID: t.ID, LinkN: t.LinkN + 1, TokenHash: digest(s.taskToken(t.ID, t.LinkN+1))}
		if err := q.SetTaskLink(ctx, next); err != nil {
			return 0, err
		}
	}
	if err := q.RevokeLinks(ctx, old); err != nil {
		return 0, err
	}
	earnings, err := s.revokeEarnings(ctx, q, id)
	return len(tasks) + earnings, err
}

// RevokeCalendar ends the link of a campaign's feed and returns the new one.
func (s *Store) RevokeCalendar(ctx context.Context, id partnership.CampaignID, by, reason string) (link string, err error) {
	err = s.tx(ctx, "revoke calendar", func(q *db.Queries) error {
		n, err := q.NextFeed(ctx, id)
		if err != nil {
			return notFound("campaign", err)
		}
		link = s.calendarURL(id, n)
		old := db.RevokeLinksParams{Kind: linkOfCalendar, Now: s.now(), TokenHashes: [][]byte{digest(s.calendarToken(id, n-1))}, Subjects: []string{string(id)}}
		if err := q.RevokeLinks(ctx, old); err != nil {
			return err
		}
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedRevokeCalendar, Subject: "campaign/" + string(id), Reason: reason})
	})
	return link, err
}

// CalendarURL is the secret link of a campaign's feed.
func (s *Store) CalendarURL(ctx context.Context, id partnership.CampaignID) (string, error) {
	n, err := s.q.Feed(ctx, id)
	return s.calendarURL(id, n), notFound("campaign", err)
}

// CalendarByToken is the calendar that a feed's link leads to; *partnership.Error Gone for one that was revoked, or whose campaign ended
// some time ago. No token is kept anywhere: it is made again for each campaign and compared, which takes microseconds for thousands.
func (s *Store) CalendarByToken(ctx context.Context, token string) (doc board.Calendar, err error) {
	feeds, err := s.q.Feeds(ctx)
	if err != nil {
		return doc, mapped("calendar", err)
	}
	var found *db.FeedsRow
	for i, feed := range feeds {
		if subtle.ConstantTimeCompare([]byte(s.calendarToken(feed.ID, feed.FeedN)), []byte(token)) == 1 {
			found = &feeds[i]
		}
	}
	if found == nil {
		return doc, s.endedLink(ctx, "calendar", token)
	}
	if found.State.Ended() && s.now().After(found.UpdatedAt.Add(s.linkLife())) {
		return doc, gone(LinkExpired)
	}
	return s.CampaignCalendar(ctx, found.ID)
}

// AskFreshLink keeps the wish for a fresh link of somebody whose link has ended, once a day, and returns the notice that has to be sent:
// to the address that is known, never to one that was typed. *partnership.Error NotFound is a link that never was.
func (s *Store) AskFreshLink(ctx context.Context, token string) (notice string, err error) {
	owner, of, err := s.ownerOfOldLink(ctx, token)
	if err != nil {
		return "", err
	}
	if owner.ErasedAt != nil || owner.Email == "" {
		return "", gone(LinkErased)
	}
	notice = fmt.Sprintf("fresh-link/%s/%s", of, s.now().UTC().Format(time.DateOnly))
	err = s.q.AddNotice(ctx, db.AddNoticeParams{
		ID: notice, Kind: partnership.NoticeFreshLink, CreatorID: owner.ID, PartnershipID: of, Address: owner.Email, Now: s.now(),
	})
	return notice, mapped("fresh link", err)
}

// LinkOwner is whose link a token is or was, whatever it opens. *partnership.Error NotFound for one that never was a creator's, and for whoever is
// erased: nothing is known of them. Personal data.
func (s *Store) LinkOwner(ctx context.Context, token string) (partnership.Creator, error) {
	owner, _, err := s.ownerOfOldLink(ctx, token)
	if partnership.CodeOf(err) == partnership.NotFound {
		id, optOutErr := s.OptOutCreator(ctx, token)
		if optOutErr != nil {
			return partnership.Creator{}, optOutErr
		}
		owner, err = s.q.Creator(ctx, id)
	}
	if err == nil && owner.ErasedAt != nil {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return partnership.Creator{}, notFound("link", err)
	}
	return creatorOf(owner), nil
}

// ownerOfOldLink is whose link it was, and the partnership in which they are told.
func (s *Store) ownerOfOldLink(ctx context.Context, token string) (owner db.Creator, of partnership.PartnershipID, err error) {
	task, err := s.taskOfOldLink(ctx, token)
	if partnership.CodeOf(err) == partnership.NotFound {
		of, err = s.partnershipOfEarningsLink(ctx, token)
	} else if err == nil {
		row, ownerErr := s.q.TaskOwner(ctx, task)
		of, err = row.Task.PartnershipID, ownerErr
	}
	if err != nil {
		return owner, of, notFound("link", err)
	}
	row, err := s.q.PartnershipByID(ctx, of)
	if err == nil {
		owner, err = s.q.Creator(ctx, row.CreatorID)
	}
	return owner, of, notFound("link", err)
}

// partnershipOfEarningsLink is the newest partnership of whoever a link to earnings belongs or belonged to, in its program.
func (s *Store) partnershipOfEarningsLink(ctx context.Context, token string) (partnership.PartnershipID, error) {
	of := EarningsOwner{}
	now, err := s.q.EarningsByToken(ctx, digest(token))
	if err == nil {
		of = EarningsOwner{now.CreatorID, now.Program}
	} else if noRows(err) {
		old, oldErr := s.q.RevokedLink(ctx, digest(token))
		if oldErr == nil && old.Kind != linkOfEarnings {
			oldErr = pgx.ErrNoRows
		}
		creator, program, _ := strings.Cut(old.Subject, "/")
		of, err = EarningsOwner{partnership.CreatorID(creator), program}, oldErr
	}
	if err != nil {
		return "", err
	}
	return s.q.NewestPartnershipIn(ctx, db.NewestPartnershipInParams{CreatorID: of.Creator, Program: of.Program})
}

func (s *Store) taskOfOldLink(ctx context.Context, token string) (partnership.TaskID, error) {
	row, err := s.q.TaskByToken(ctx, digest(token))
	if err == nil {
		return row.Task.ID, nil
	}
	if !noRows(err) {
		return "", mapped("link", err)
	}
	old, err := s.q.RevokedLink(ctx, digest(token))
	if err == nil && old.Kind != linkOfTask {
		err = pgx.ErrNoRows
	}
	return partnership.TaskID(old.Subject), notFound("link", err)
}
