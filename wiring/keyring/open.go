// Package keyring holds a process to the settings that are a part of the data: it opens the database only under those that the
// data was made with, and agrees with the other processes on the codec key that everybody can read.
package keyring

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// Open opens the database of these settings, unless it was made with others. Those are settings.Faults.
func Open(ctx context.Context, s settings.Settings) (*store.Store, error) {
	kept, err := OpenAnyway(ctx, s)
	if err != nil {
		return nil, err
	}
	prints, err := Prints(s)
	if err == nil {
		err = asFaults(kept.Belongs(ctx, prints))
	}
	if err != nil {
		kept.Close()
		return nil, err
	}
	return kept, nil
}

// OpenAnyway is Open for those who look at what is wrong, or change it on purpose.
func OpenAnyway(ctx context.Context, s settings.Settings) (*store.Store, error) {
	if err := s.Require("RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY"); err != nil {
		return nil, err
	}
	secret, err := s.Secret()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, s.DatabaseURL.Reveal(), store.Options{
		SecretKey: secret, Day: s.Day, PublicURL: s.PublicURL, InboundDomain: s.Vendors.ReplyDomain(), LinkDays: s.LinkDays,
	})
}

// Prints are the fingerprints of the settings that are a part of the data.
func Prints(s settings.Settings) (store.Prints, error) {
	secret, err := s.Secret()
	return store.Prints{Secret: engine.Fingerprint("secret key", secret), Day: s.Day.String()}, err
}

// Compare holds settings against those that the data was made with and those of the processes that run, and changes nothing.
func Compare(ctx context.Context, kept *store.Store, s settings.Settings) error {
	prints, err := Prints(s)
	if err != nil {
		return err
	}
	if err := kept.Differs(ctx, prints); err != nil {
		return asFaults(err)
	}
	keys, err := s.Keys()
	if err != nil {
		return settings.Faults{{Name: "RAPPORT_CODEC_KEYS", Message: err.Error()}}
	}
	return asFaults(kept.MayJoin(ctx, Named(keys)))
}

// asFaults says a refused setting as every wrong setting is said.
func asFaults(err error) error {
	if refused, ok := errors.AsType[*partnership.Error](err); ok && refused.Field != "" {
		return settings.Faults{{Name: refused.Field, Message: refused.Message}}
	}
	return err
}
