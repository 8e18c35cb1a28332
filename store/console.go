package store

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// What is taken of links to sign in: more than that is told what everybody is told, and nothing is mailed.
const (
	signInsOfAddress = 3
	signInsOfAll     = 200
	signInWindow     = 15 * time.Minute
	signInsKept      = 24 * time.Hour
	signInLease      = time.Minute
	signInsAtOnce    = 20
)

// AskSignIn keeps that somebody at an address asked for a link; who is "" for a stranger. It takes as long for one as for the other.
func (s *Store) AskSignIn(ctx context.Context, mail, who, leadsTo string) error {
	now, hash := s.now(), s.keyed("signin", mail)
	return s.tx(ctx, "ask to sign in", func(q *db.Queries) error {
		if err := q.ForgetSignIns(ctx, now.Add(-signInsKept)); err != nil {
			return err
		}
		asked, err := q.SignInsAsked(ctx, db.SignInsAskedParams{MailHash: hash, Since: now.Add(-signInWindow)})
		if err != nil || asked.OfAddress >= signInsOfAddress || asked.OfAll >= signInsOfAll {
			return err
		}
		return q.AddSignIn(ctx, db.AddSignInParams{ID: newID(), MailHash: hash, Who: who, LeadsTo: leadsTo, AskedAt: now})
	})
}

// ClaimSignIns are links that wait to be mailed, each with a secret of its own: an earlier one of the same opens nothing.
func (s *Store) ClaimSignIns(ctx context.Context) (list []partnership.SignIn, err error) {
	now := s.now()
	err = s.tx(ctx, "claim sign-ins", func(q *db.Queries) error {
		list = nil
		rows, err := q.ClaimSignIns(ctx, db.ClaimSignInsParams{Now: now, Since: now.Add(-signInWindow), Lease: now.Add(-signInLease), Most: signInsAtOnce})
		if err != nil {
			return err
		}
		for _, row := range rows {
			one := partnership.SignIn{ID: row.ID, Who: row.Who, LeadsTo: row.LeadsTo, Secret: rand.Text() + rand.Text()}
			expires := now.Add(partnership.SignInLife)
			if err := q.ArmSignIn(ctx, db.ArmSignInParams{ID: one.ID, Digest: digest(one.Secret), ExpiresAt: &expires}); err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	return list, err
}

// SignInSent notes that a link was mailed.
func (s *Store) SignInSent(ctx context.Context, id string) error {
	return mapped("sign-in", s.q.SignInSent(ctx, db.SignInSentParams{ID: id, Now: s.now()}))
}

// SignIn is who a link would sign in. *partnership.Error NotFound for one that was used, is over, or never was.
func (s *Store) SignIn(ctx context.Context, secret string) (partnership.SignIn, error) {
	row, err := s.q.SignIn(ctx, db.SignInParams{Digest: digest(secret), Now: s.now()})
	return partnership.SignIn{Who: row.Who, LeadsTo: row.LeadsTo}, notFound("link", err)
}

// UseSignIn uses a link up and begins a session.
func (s *Store) UseSignIn(ctx context.Context, secret string) (in partnership.SignIn, session string, err error) {
	err = s.tx(ctx, "sign in", func(q *db.Queries) error {
		row, err := q.UseSignIn(ctx, db.UseSignInParams{Digest: digest(secret), Now: s.now()})
		if err != nil {
			return notFound("link", err)
		}
		in = partnership.SignIn{Who: row.Who, LeadsTo: row.LeadsTo}
		session, err = s.beginSession(ctx, q, row.Who, "mail")
		return err
	})
	return in, session, err
}

// BeginSession signs somebody in who has proven otherwise who they are, and returns the session's secret.
func (s *Store) BeginSession(ctx context.Context, who, how string) (secret string, err error) {
	err = s.tx(ctx, "sign in", func(q *db.Queries) error {
		secret, err = s.beginSession(ctx, q, who, how)
		return err
	})
	return secret, err
}

func (s *Store) beginSession(ctx context.Context, q *db.Queries, who, how string) (secret string, err error) {
	now := s.now()
	if err := q.ForgetSessions(ctx, now.Add(-2*partnership.SessionLife)); err != nil {
		return "", err
	}
	secret = rand.Text() + rand.Text()
	return secret, q.AddSession(ctx, db.AddSessionParams{Digest: digest(secret), Who: who, How: how, Now: now})
}

// Session is the live session of that secret, and notes that somebody was seen. *partnership.Error NotFound when there is none.
func (s *Store) Session(ctx context.Context, secret string) (partnership.Session, error) {
	row, err := s.q.Session(ctx, digest(secret))
	if err != nil {
		return partnership.Session{}, notFound("session", err)
	}
	now := s.now()
	session := partnership.Session{Who: row.Who, How: row.How, BeganAt: row.BeganAt, SeenAt: row.SeenAt, EndedAt: orZero(row.EndedAt)}
	if !session.Live(now) {
		return partnership.Session{}, partnership.Errorf(partnership.NotFound, "the session is over")
	}
	return session, mapped("session", s.q.SeeSession(ctx, db.SeeSessionParams{Digest: row.Digest, Now: now, Before: now.Add(-time.Minute)}))
}

// EndSession signs out.
func (s *Store) EndSession(ctx context.Context, secret string) error {
	return mapped("session", s.q.EndSession(ctx, db.EndSessionParams{Digest: digest(secret), Now: s.now()}))
}

// EndSessions signs somebody out wherever they are signed in, and says how many sessions that were.
func (s *Store) EndSessions(ctx context.Context, who string) (ended int, err error) {
	n, err := s.q.EndSessionsOf(ctx, db.EndSessionsOfParams{Who: who, Now: s.now()})
	return int(n), mapped("sessions", err)
}

// Sessions is in how many places somebody is signed in.
func (s *Store) Sessions(ctx context.Context, who string) (int, error) {
	now := s.now()
	n, err := s.q.SessionsOf(ctx, db.SessionsOfParams{Who: who, Seen: now.Add(-partnership.SessionIdle), Began: now.Add(-partnership.SessionLife)})
	return int(n), mapped("sessions", err)
}
