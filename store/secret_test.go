package store_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// A link is a secret: who knows an id, or has a link for one thing, cannot make one for another; nor can an installation whose secret is
// another.
func TestALinkIsMadeOfItsPurposeAndTheSecret(t *testing.T) {
	t.Parallel()
	made := map[string]string{}
	for _, secret := range []string{"one secret of thirty-two bytes..", "another secret of thirty-two byt"} {
		s, err := store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{SecretKey: []byte(secret), PublicURL: "https://r.example", InboundDomain: "in.example"})
		must(t, err)
		t.Cleanup(s.Close)
		for purpose, token := range map[string]string{
			"task": s.TaskToken("018f0000-0000-7000-8000-000000000001"), "opt-out": s.OptOutToken("018f0000-0000-7000-8000-000000000001"),
			"reply": s.ReplyToken("018f0000-0000-7000-8000-000000000001"), "another task": s.TaskToken("018f0000-0000-7000-8000-000000000002"),
		} {
			if before, twice := made[token]; twice || len(token) < 32 {
				t.Errorf("the token %q for %s, secret %q, is short or was made for %s", token, purpose, secret, before)
			}
			made[token] = purpose + " of " + secret
		}
	}
}

// Who decided stands in the audit, written with the deed.
func TestWhoDecidedStandsInTheAudit(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.pay(plan)
	if n := f.audited("finance"); n != 1 {
		t.Errorf("an approval left %d lines of who approved", n)
	}
	_, err := f.EraseCreator(t.Context(), "@creator0", "U_WHO_ERASED")
	must(t, err)
	if n := f.audited("U_WHO_ERASED"); n != 1 {
		t.Errorf("an erasure left %d lines of who erased", n)
	}
	const key = partnership.EffectKey("partnership/p1/gifting/label/1")
	_, err = f.BeginEffect(t.Context(), key, "label")
	must(t, err)
	must(t, f.ParkEffect(t.Context(), key, "nobody knows"))
	must(t, f.ResolveEffect(t.Context(), key, partnership.ChoiceSent, "U_WHO_LOOKED"))
	if n := f.audited("U_WHO_LOOKED"); n != 1 {
		t.Errorf("a person's word on an act left %d lines of whose it was", n)
	}
}

// audited counts the lines that somebody's deeds left.
func (f *fixture) audited(actor string) (n int) {
	f.t.Helper()
	conn, err := pgx.Connect(f.t.Context(), f.url)
	must(f.t, err)
	defer conn.Close(context.WithoutCancel(f.t.Context()))
	must(f.t, conn.QueryRow(f.t.Context(), `select count(*) from audit where actor = $1 and action <> '' and target <> ''`, actor).Scan(&n))
	return n
}
