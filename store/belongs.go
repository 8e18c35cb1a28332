package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Prints are the fingerprints of the settings that are a part of the data.
type Prints struct {
	Secret string // of RAPPORT_SECRET_KEY
	Day    string // of RAPPORT_DAY: its value
}

// Belongs refuses settings with which the data here was not made; the first start records them. Links that are out and the list
// of people who want no mail are bound to the secret, and every date that is waited for was counted in days of that length.
func (s *Store) Belongs(ctx context.Context, is Prints) error {
	for _, own := range []db.RecordSettingPrintParams{{Name: settingSecret, Fingerprint: is.Secret}, {Name: settingDay, Fingerprint: is.Day}} {
		if err := s.q.RecordSettingPrint(ctx, own); err != nil {
			return mapped("settings", err)
		}
	}
	return s.Differs(ctx, is)
}

// Differs is Belongs for those who only look: it records nothing.
func (s *Store) Differs(ctx context.Context, is Prints) error {
	rows, err := s.q.SettingPrints(ctx)
	if err != nil {
		return mapped("settings", err)
	}
	for _, known := range rows {
		switch {
		case known.Name == settingSecret && known.Fingerprint != is.Secret:
			return refusal(settingSecret, "it is another one than that which this database was made with: restore the old value. With a new one every link that is out is void, and people who want no mail would get it; "+
				"if that is meant: rapport migrate --accept %s", settingSecret)
		case known.Name == settingDay && known.Fingerprint != is.Day:
			return refusal(settingDay, "it is %s, and this database was made with %s: restore that. Once no campaign, partnership or payout run is open it can be changed: rapport migrate --accept %s",
				is.Day, known.Fingerprint, settingDay)
		}
	}
	return nil
}

// Accept takes a changed setting for the one that is right from here on.
func (s *Store) Accept(ctx context.Context, name string, is Prints) error {
	print := map[string]string{settingSecret: is.Secret, settingDay: is.Day}[name]
	if print == "" {
		return partnership.FieldErrorf("accept", "%q must be %s or %s; a codec key is changed by giving the new one an id of its own", name, settingSecret, settingDay)
	}
	if name == settingDay {
		open, err := s.q.OpenStories(ctx)
		if err != nil {
			return mapped("settings", err)
		}
		if open > 0 {
			return refusal(settingDay, "%d campaigns, partnerships and payout runs are open, and count in the old days: let them end or cancel them first", open)
		}
	}
	if name == settingSecret {
		if err := s.rekeyBooks(ctx); err != nil {
			return err
		}
	}
	return mapped("settings", s.q.ReplaceSettingPrint(ctx, db.ReplaceSettingPrintParams{Name: name, Fingerprint: print}))
}
