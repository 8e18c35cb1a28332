package main

import (
	"context"
	"log/slog"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// newGuard knows who may decide what by this worker's own settings: RAPPORT_ROLES and RAPPORT_API_TOKENS must be the front door's.
func newGuard(s settings.Settings, secret []byte, c vendors.Clients, kept *store.Store, log *slog.Logger) (*doors.Guard, error) {
	directory, err := s.Directory()
	if err != nil {
		return nil, err
	}
	directory.Kept = kept
	if chat, _ := vendors.First[addressBook](c, partnership.ChatPort); chat != nil {
		directory.Mail, directory.User = chat.MailOf, chat.UserOf
	}
	return &doors.Guard{Key: partnership.ProofKey(secret), Directory: directory, Refused: kept.RefuseDeed, Log: log}, nil
}

// addressBook is a chat that knows the addresses of the brand's own people.
type addressBook interface {
	MailOf(ctx context.Context, user string) (string, error)
	UserOf(ctx context.Context, mail string) (string, error)
}
