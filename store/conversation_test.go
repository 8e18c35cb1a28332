package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
)

// A conversation is kept whole, in order, and erased whole.
func TestAConversationIsKeptAndErased(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	pa, other := parties[0], parties[1]
	mail := store.InboundMessage{
		MessageID: "m1", PartnershipID: pa.id, Sender: "CANARY <c@mail.example>", Subject: "Re: CANARY", Body: "CANARY?", Text: "CANARY?\n> http://r.example/t/" + f.TaskToken("x"), HTML: "<p>CANARY</p>",
		MailID: "canary@mail.example", Earlier: []string{"first@in.example"}, At: f.clock(), NeedsAnswer: true, Files: []store.InboundFile{{Name: "CANARY.jpg", Type: "image/jpeg", Size: 6, Content: []byte("CANARY")}},
	}
	for range 2 {
		_, err := f.AddInboundMessage(ctx, mail)
		must(t, err)
	}
	keep := mail
	keep.MessageID, keep.PartnershipID = "m2", other.id
	_, err := f.AddInboundMessage(ctx, keep)
	must(t, err)
	_, err = f.AddInboundMessage(ctx, store.InboundMessage{MessageID: "z-auto", PartnershipID: pa.id, Body: "away", At: f.clock(), AutoReply: true})
	must(t, err)
	by := partnership.Deed{Who: "cli:ana"}
	a := partnership.AnswerToCreator{ID: "a1", PartnershipID: pa.id, Words: "CANARY is fine"}
	for range 2 { // the same id is one answer
		sent, err := f.AnswerCreator(ctx, a, by)
		must(t, err)
		if sent.MessageID != "m1" || sent.Subject != "Re: CANARY" {
			t.Errorf("it answers %q under %q", sent.MessageID, sent.Subject)
		}
	}
	all, err := f.Conversation(ctx, pa.id)
	must(t, err)
	if len(all) != 3 || all[0].Words != "CANARY?" || bytes.Contains([]byte(all[0].Whole), []byte(f.TaskToken("x"))) || all[0].NeedsAnswer || all[0].Files[0].Size != 6 || all[2].State != board.MailWaits {
		t.Errorf("kept is %+v", all)
	}
	kept, err := f.MessageFile(ctx, all[0].Files[0].ID)
	must(t, err)
	if string(kept.Content) != "CANARY" {
		t.Errorf("the file holds %q", kept.Content)
	}
	pending, err := f.PendingDecisions(ctx, 10)
	must(t, err)
	var wait []string
	for _, p := range pending {
		if p.Kind == "mail" {
			wait = append(wait, p.ID)
		}
	}
	if len(wait) != 1 || wait[0] != "m2" {
		t.Errorf("waiting are %v", wait)
	}
	wantCode(t, f.NeedsNoAnswer(ctx, pa.id, "m2", by), partnership.NotFound) // another's

	_, err = f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	for _, table := range []string{"inbound_messages", "answers", "notices", "audit"} {
		must(t, f.sql(`do $$ begin if exists (select from `+table+` x where to_jsonb(x)::text like '%CANARY%' and to_jsonb(x)::text not like '%m2%') then raise 'left in `+table+`'; end if; end $$`))
	}
	must(t, f.sql(`do $$ begin if (select count(*) from message_files) <> 1 then raise 'another person''s file went, or theirs is left'; end if; end $$`))
	_, err = f.MessageFile(ctx, all[0].Files[0].ID)
	wantCode(t, err, partnership.NotFound)
	_, err = f.AnswerCreator(ctx, partnership.AnswerToCreator{PartnershipID: pa.id, Words: "hello?"}, by)
	wantCode(t, err, partnership.Conflict)
	mail.MessageID = "m3" // a mail that comes in late
	_, err = f.AddInboundMessage(ctx, mail)
	must(t, err)
	all, err = f.Conversation(ctx, pa.id)
	must(t, err)
	for _, m := range all {
		if m.Words != "" || m.Whole != "" || m.Subject != "" || len(m.Files) > 0 || m.NeedsAnswer {
			t.Errorf("after an erasure there is %+v", m)
		}
	}
}

// A mail that came in while another one was answered waits on: nobody has read it.
func TestAnAnswerSettlesNothingThatCameLater(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	at := f.clock().Add(-time.Hour)
	for i, id := range []string{"m1", "m2", "m3"} {
		_, err := f.AddInboundMessage(ctx, store.InboundMessage{MessageID: id, PartnershipID: parties[0].id, Body: id, At: at.Add(time.Duration(i) * time.Minute), NeedsAnswer: true})
		must(t, err)
	}
	_, err := f.AnswerCreator(ctx, partnership.AnswerToCreator{ID: "a1", PartnershipID: parties[0].id, MessageID: "m2", Words: "Thursday is fine"}, partnership.Deed{Who: "cli:ana"})
	must(t, err)
	all, err := f.InboundMessages(ctx, parties[0].id)
	must(t, err)
	for _, m := range all {
		if m.NeedsAnswer != (m.MessageID == "m3") {
			t.Errorf("%s waits for an answer: %v", m.MessageID, m.NeedsAnswer)
		}
	}
}
