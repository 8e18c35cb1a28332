package main

import (
	"context"
	"log/slog"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// newGuard knows who may decide what by this worker's own settings: RAPPORT_ROLES and RAPPORT_API_TOKENS must be the front door's.
func newGuard(s settings.Settings, secret []byte, v vendors.Vendors, kept *store.Store, log *slog.Logger) (*doors.Guard, error) {
	directory, err := s.Directory()
	if err != nil {
		return nil, err
	}
	if v.Slack != nil {
		directory.Mail = func(ctx context.Context, user string) (string, error) {
			person, err := v.Slack.Person(ctx, user)
			return person.Ours(), err
		}
	}
	return &doors.Guard{Key: p.ProofKey(secret), Directory: directory, Refused: kept.RefuseDeed, Log: log}, nil
}
