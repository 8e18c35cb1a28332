package store_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

func TestOptingOutIsHonouredAtOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	token := strings.TrimPrefix(f.OptOutURL(parties[0].creator), "https://rapport.example/u/")
	if id, err := f.OptOutCreator(ctx, token); err != nil || id != parties[0].creator {
		t.Errorf("the link is %q's, %v", id, err)
	}
	if view, err := f.View(ctx, parties[0].id); err != nil || view.OptedOut {
		t.Errorf("looking at the link opted the creator out (%v)", err)
	}
	for range 2 {
		open, err := f.OptOut(ctx, token)
		must(t, err)
		if len(open) != 1 || open[0] != parties[0].id {
			t.Errorf("open partnerships are %v", open)
		}
	}
	for i, want := range []bool{true, false} {
		view, err := f.View(ctx, parties[i].id)
		must(t, err)
		if view.OptedOut != want {
			t.Errorf("creator %d: opted out is %v", i, view.OptedOut)
		}
	}
	if yes, err := f.Suppressed(ctx, " CREATOR0@mail.EXAMPLE"); err != nil || !yes {
		t.Errorf("the address in other letters is not suppressed (%v)", err)
	}
	_, err := f.OptOut(ctx, "guess")
	wantCode(t, err, partnership.NotFound)
}

func TestErasureRemovesThePersonAndKeepsTheBooks(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	pa := parties[0]
	f.order(pa, "o1", 10_000)
	must(t, f.SaveAddress(ctx, pa.creator, partnership.Address{Name: "Name 0", Line1: "CANARY street", City: "Austin"}))
	_, err := f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: "draft-1", URL: "https://CANARY.example", Caption: "CANARY", Note: "CANARY"})
	must(t, err)
	must(t, f.SaveContract(ctx, partnership.Contract{PartnershipID: pa.id, Version: 1, PDF: []byte("CANARY"), PDFSHA256: "kept", Status: partnership.EnvelopeCompleted}))
	must(t, f.AddNote(ctx, pa.id, "n1", "cli:mia", "@mia", "CANARY said so on the phone"))
	_, err = f.AddInboundMessage(ctx, store.InboundMessage{MessageID: "m1", PartnershipID: pa.id, Body: "CANARY"})
	must(t, err)
	_, err = f.Receive(ctx, "sendgrid-inbound", "d1", nil, []byte("From: Creator0@Mail.example CANARY"))
	must(t, err)

	done, err := f.EraseCreator(ctx, "@creator0", "U1")
	must(t, err)
	if done.ID != pa.creator {
		t.Errorf("erased %q", done.ID)
	}
	for _, canary := range []string{"canary", "creator0@mail.example", "name 0"} {
		for _, table := range []string{"creators", "addresses", "submissions", "inbound_messages", "tasks", "posts", "timeline_events"} {
			must(t, f.sql(`do $$ begin if exists (select from `+table+` x where lower(to_jsonb(x)::text) like '%`+canary+`%') then raise 'left in `+table+`'; end if; end $$`))
		}
		for _, bytes := range []string{"inbox where position('CANARY'::bytea in body) > 0", "contracts where position('CANARY'::bytea in pdf) > 0"} {
			must(t, f.sql(`do $$ begin if exists (select from `+bytes+`) then raise 'left in bytes'; end if; end $$`))
		}
	}
	_, err = f.FindCreator(ctx, "Creator0")
	wantCode(t, err, partnership.NotFound)
	if rows, sum := f.rows("o1"); len(rows) != 1 || sum != 1000 {
		t.Errorf("the ledger holds %d rows, %d", len(rows), sum)
	}
	f.sound()
	if yes, err := f.Suppressed(ctx, "creator0@mail.example"); err != nil || !yes {
		t.Errorf("an erased person may be written to again (%v)", err)
	}
	if view, err := f.View(ctx, parties[1].id); err != nil || view.OptedOut || view.Creator.Email == "" {
		t.Errorf("another creator was touched: %v", err)
	}
}

func TestErrorsQuoteNoPerson(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	_, err := f.AddSubmission(t.Context(), partnership.Submission{PartnershipID: "nobody", Caption: "CANARY"})
	wantCode(t, err, partnership.NotFound)
	bad := people(1)
	bad[0].Handle, bad[0].Notes = "new", "CANARY\x00" // Postgres refuses a zero byte and quotes what it refused
	_, err2 := f.ImportCreators(t.Context(), bad, partnership.Consent{})
	err3 := f.SavePost(t.Context(), parties[0].id, "CANARY", "", true, "")
	for _, err := range []error{err, err2, err3} {
		if err == nil || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("error is %v", err)
		}
	}
}
