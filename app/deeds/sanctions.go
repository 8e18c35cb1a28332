package deeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
)

// Sanctions keep lists, what names are like them, and people's words on it, with the audit's lines.
type Sanctions interface {
	ImportSanctions(ctx context.Context, list partnership.SanctionList, entries []sanctions.Entry, d partnership.Deed) ([]partnership.NameHit, error)
	DecideNameHit(ctx context.Context, id, decision string, first bool, d partnership.Deed) error
}

var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ImportSanctions puts a list, as OFAC publishes it, in the place of the last one of its source, with its date and hash; alt holds further
// names, nil none. It returns the hits that wait for a word.
func ImportSanctions(ctx context.Context, kept Sanctions, by By, source, published string, sdn, alt []byte) ([]partnership.NameHit, error) {
	if err := by.May(partnership.DeedImportSanctions); err != nil {
		return nil, err
	}
	if !sourceName.MatchString(source) {
		return nil, partnership.FieldErrorf("source", "%q is no name of a list: a-z, 0-9 and hyphens, such as ofac-sdn", source)
	}
	if _, err := time.Parse(time.DateOnly, published); err != nil {
		return nil, partnership.FieldErrorf("published", "%q is no day: the one of the list, such as 2026-11-28", published)
	}
	var more io.Reader
	if alt != nil {
		more = bytes.NewReader(alt)
	}
	entries, err := sanctions.ParseSDN(source, bytes.NewReader(sdn), more)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	_, _ = hash.Write(sdn)
	_, _ = hash.Write(alt)
	list := partnership.SanctionList{Source: source, Published: published, Hash: hex.EncodeToString(hash.Sum(nil))}
	return kept.ImportSanctions(ctx, list, entries, partnership.Deed{Who: by.Who, Deed: partnership.DeedImportSanctions})
}

// ClearHit says that a creator is another than who is on the list.
func ClearHit(ctx context.Context, kept Sanctions, by By, id, reason string) error {
	return decideHit(ctx, kept, by, partnership.DeedClearHit, id, reason, false)
}

// ConfirmHit says that it is they: nothing may be paid.
func ConfirmHit(ctx context.Context, kept Sanctions, by By, id, reason string) error {
	return decideHit(ctx, kept, by, partnership.DeedConfirmHit, id, reason, false)
}

// AnswerHit is ClearHit or ConfirmHit by somebody who was asked and has seen no answer: a later one does not change what another has said.
func AnswerHit(ctx context.Context, kept Sanctions, by By, id string, choice partnership.Choice, reason string) error {
	deed := map[partnership.Choice]string{partnership.ChoiceClear: partnership.DeedClearHit, partnership.ChoiceConfirm: partnership.DeedConfirmHit}[choice]
	return decideHit(ctx, kept, by, deed, id, reason, true)
}

func decideHit(ctx context.Context, kept Sanctions, by By, deed, id, reason string, first bool) error {
	if err := by.May(deed); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return partnership.FieldErrorf("reason", "say by what you know, such as another birthday; the audit keeps it")
	}
	decision := map[string]string{partnership.DeedClearHit: "cleared", partnership.DeedConfirmHit: "confirmed"}[deed]
	return kept.DecideNameHit(ctx, id, decision, first, partnership.Deed{Who: by.Who, Deed: deed, Reason: reason})
}
