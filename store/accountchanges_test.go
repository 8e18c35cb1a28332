package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// wish is a creator's wish to be paid elsewhere.
func (f *fixture) wish(of partnership.CreatorID, rail string, to partnership.Receiver) error {
	f.t.Helper()
	open, err := f.PartnershipsOf(f.t.Context(), of)
	must(f.t, err)
	return f.AskAccountChange(f.t.Context(), of, open[0], rail, to, partnership.Deed{Who: partnership.ByCreator(of)})
}

// wished is the one that is open, and its code as the mail says it; code is "" where no mail with one is to be sent.
func (f *fixture) wished(of partnership.CreatorID) (change, code string) {
	f.t.Helper()
	c, err := f.AccountChange(f.t.Context(), of)
	must(f.t, err)
	for _, n := range f.told(partnership.NoticeCode) {
		if !n.Change.Over && strings.Contains(n.ID, c.ID) {
			code = n.Change.Code
		}
	}
	return c.ID, code
}

// told are the notices of a kind that wait.
func (f *fixture) told(kind string) (list []partnership.Notice) {
	f.t.Helper()
	ids, _, err := f.OpenNotices(f.t.Context(), "")
	must(f.t, err)
	for _, id := range ids {
		n, err := f.Notice(f.t.Context(), id)
		must(f.t, err)
		if n.Kind == kind {
			list = append(list, n)
		}
	}
	return list
}

// giveCode is the code of a wish, as a creator types it.
func (f *fixture) giveCode(of partnership.CreatorID, change, code string) error {
	f.t.Helper()
	_, err := f.ProveAccountChange(f.t.Context(), of, change, code, partnership.Deed{Who: partnership.ByCreator(of)})
	return err
}

// change makes a wish come true.
func (f *fixture) change(of partnership.CreatorID, change string, a partnership.PayoutAccount) error {
	f.t.Helper()
	return f.ChangeAccount(f.t.Context(), of, change, a, partnership.Deed{Who: partnership.ByCreator(of)})
}

// moveTo is a creator who chooses where they are paid, with the code that is mailed to them where it takes one.
func (f *fixture) moveTo(of partnership.CreatorID, rail string, to partnership.Receiver) {
	f.t.Helper()
	ready := partnership.PayoutAccount{Rail: rail, Ready: true}
	err := f.ChooseAccount(f.t.Context(), of, ready, to, partnership.Deed{Who: partnership.ByCreator(of)})
	if errors.Is(err, partnership.ErrNeedsCode) {
		must(f.t, f.wish(of, rail, to))
		change, code := f.wished(of)
		must(f.t, f.giveCode(of, change, code))
		err = f.change(of, change, ready)
	}
	must(f.t, err)
}

func at(mail string) partnership.Receiver { return partnership.Receiver{Kind: "EMAIL", ID: mail} }

// current is where a creator's money goes.
func (f *fixture) current(of partnership.CreatorID) (now partnership.PayoutAccount) {
	f.t.Helper()
	all, err := f.PayoutAccounts(f.t.Context(), of)
	must(f.t, err)
	for _, a := range all {
		if a.Current {
			now = a
		}
	}
	return now
}

// Whoever has a creator's link and not their mail moves no money: the store itself refuses it. What they typed and the code stand nowhere in
// plain, and the code makes true what was typed when it was asked for, once.
func TestAnotherAccountTakesTheCodeFromTheMail(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	ana, bea := parties[0].creator, parties[1].creator
	before, paypal := f.current(ana), partnership.PayoutAccount{Rail: "paypal", Ready: true}
	deed := partnership.Deed{Who: partnership.ByCreator(ana)}
	if err := f.ChooseAccount(ctx, ana, paypal, at("thief@pay.example"), deed); !errors.Is(err, partnership.ErrNeedsCode) {
		t.Errorf("it is chosen without the code: %v", err)
	}
	if err := f.ChooseAccount(ctx, ana, partnership.PayoutAccount{Rail: theRail, ID: "acct_thief"}, partnership.Receiver{}, deed); !errors.Is(err, partnership.ErrNeedsCode) {
		t.Errorf("an account at a rail with pages of its own is chosen without the code: %v", err)
	}
	must(t, f.ChooseAccount(ctx, ana, before, partnership.Receiver{}, deed)) // the same again is no change

	must(t, f.wish(ana, "paypal", at("ana.canary@pay.example")))
	must(t, f.wish(ana, "paypal", at("ana.canary@pay.example"))) // the same wish again mails nothing more
	must(t, f.wish(bea, "paypal", at("bea@pay.example")))
	change, code := f.wished(ana)
	others, otherCode := f.wished(bea)
	mails := f.told(partnership.NoticeCode)
	if len(mails) != 2 || mails[0].Address != "Creator0@Mail.example" || len(code) != 6 || mails[0].Change.Account != "…mple" || mails[0].Change.Rail != "paypal" {
		t.Fatalf("%d codes are mailed, the first to %q", len(mails), mails[0].Address)
	}
	for table, text := range f.everything() {
		if strings.Contains(strings.ToLower(text), "canary") || strings.Contains(text, `"`+code+`"`) {
			t.Errorf("%s holds what was typed, or the code", table)
		}
	}
	if err := f.change(ana, change, paypal); !errors.Is(err, partnership.ErrNeedsCode) {
		t.Errorf("a wish comes true without its code: %v", err)
	}
	wantCode(t, f.giveCode(ana, change, otherCode), partnership.Invalid)
	wantCode(t, f.giveCode(bea, change, code), partnership.NotFound)
	wantCode(t, f.giveCode(ana, others, otherCode), partnership.NotFound)
	if now := f.current(ana); now.ID != before.ID || len(f.told(partnership.NoticeAccountChanged)) != 0 {
		t.Errorf("money goes to %+v by then", now)
	}

	must(t, f.giveCode(ana, change, "  "+code[:3]+" "+code[3:]))
	if err := f.change(ana, change, partnership.PayoutAccount{Rail: theRail, ID: "acct_thief", Ready: true}); !errors.Is(err, partnership.ErrNeedsCode) {
		t.Errorf("the code makes something else true: %v", err)
	}
	must(t, f.change(ana, change, paypal))
	now := f.current(ana)
	if to, err := f.Receiver(ctx, "paypal", now.ID); err != nil || to.ID != "ana.canary@pay.example" {
		t.Errorf("money goes to %v, %v", to, err)
	}
	wantCode(t, f.change(ana, change, paypal), partnership.Gone)
	wantCode(t, f.giveCode(ana, change, code), partnership.Gone)

	told := f.told(partnership.NoticeAccountChanged)
	if len(told) != 1 || told[0].Address != "Creator0@Mail.example" || told[0].Change.Account != "…mple" || !told[0].Change.At.Equal(f.clock()) || !told[0].Change.From.Equal(f.clock().Add(2*day)) {
		t.Fatalf("told are %+v", told)
	}
	f.order(parties[0], "o1", 50_000)
	f.pass(day + time.Hour)
	if _, carried, err := f.PreviewPayouts(ctx, program, period, f.clock()); err != nil || len(carried) != 1 || !strings.HasSuffix(carried[0].Reason, told[0].Change.From.Format("2 Jan 2006 15:04 UTC")) {
		t.Errorf("the mail and the run disagree: %+v %v", carried, err)
	}
	var whys []string
	lines, err := f.AuditOf(ctx, "creator/"+string(ana))
	must(t, err)
	for _, l := range lines {
		whys = append(whys, l.Why)
	}
	if said := strings.Join(whys, "; "); !strings.Contains(said, "it takes the code") || !strings.Contains(said, "the code was wrong, 1 of 5") {
		t.Errorf("the audit says %q", said)
	}
	f.sound()
}

// A code ends with its time, with five wrong ones, with another wish, with an address that is another by then, and with a word; then nothing
// is changed by it, and nothing of what was typed is left.
func TestACodeEnds(t *testing.T) {
	t.Parallel()
	for how, end := range map[partnership.ChangeEnd]func(f *fixture, of partnership.CreatorID, change, code string){
		partnership.ChangeLate: func(f *fixture, _ partnership.CreatorID, _, _ string) { f.pass(partnership.CodeLife) },
		partnership.ChangeMistyped: func(f *fixture, of partnership.CreatorID, change, code string) {
			for n := range partnership.CodeTries {
				err := f.giveCode(of, change, fmt.Sprintf("%s%d", code[1:], (int(code[0]-'0')+1+n)%10))
				wantCode(f.t, err, map[bool]partnership.Code{false: partnership.Invalid, true: partnership.Gone}[n == partnership.CodeTries-1])
			}
		},
		partnership.ChangeReplaced: func(f *fixture, of partnership.CreatorID, _, _ string) {
			must(f.t, f.wish(of, "paypal", at("other@pay.example")))
		},
		partnership.ChangeKept: func(f *fixture, of partnership.CreatorID, change, _ string) {
			must(f.t, f.LeaveAccount(f.t.Context(), of, change, partnership.Deed{Who: partnership.ByCreator(of)}))
		},
		"another address": func(f *fixture, of partnership.CreatorID, _, _ string) {
			must(f.t, f.sql(`update creators set email = 'new@mail.example', email_hash = 'another' where id = $1`, of))
		},
	} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			of := parties[0].creator
			before := f.current(of)
			must(t, f.wish(of, "paypal", at("canary@pay.example")))
			change, code := f.wished(of)
			end(f, of, change, code)
			wantCode(t, f.giveCode(of, change, code), partnership.Gone)
			wantCode(t, f.change(of, change, partnership.PayoutAccount{Rail: "paypal", Ready: true}), partnership.Gone)
			wantCode(t, f.MailCodeAgain(t.Context(), of, change), partnership.Gone)
			for _, n := range f.told(partnership.NoticeCode) {
				if strings.Contains(n.ID, change) && !n.Change.Over {
					t.Error("its mail is still sent")
				}
			}
			f.pass(partnership.CodeLife)
			must(t, f.EndLateChanges(t.Context()))
			must(t, f.sql(`do $$ begin if exists (select from account_changes where sealed is not null or fingerprint is not null or ended_at is null) then raise 'left'; end if; end $$`))
			if now := f.current(of); now.ID != before.ID || len(f.told(partnership.NoticeAccountChanged)) != 0 {
				t.Errorf("money goes to %+v", now)
			}
		})
	}
}

// Whoever guesses has few codes to guess at: each takes a mail, and mails are counted over all wishes.
func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	of, n := parties[0].creator, 0
	ask := func() error {
		n++
		return f.wish(of, "paypal", at(fmt.Sprintf("n%d@pay.example", n)))
	}
	must(t, ask())
	change, code := f.wished(of)
	must(t, f.MailCodeAgain(ctx, of, change))
	must(t, f.MailCodeAgain(ctx, of, change))
	wantCode(t, f.MailCodeAgain(ctx, of, change), partnership.Invalid)
	wantCode(t, ask(), partnership.Invalid)
	if mails := f.told(partnership.NoticeCode); len(mails) != 3 || mails[2].Change.Code != code {
		t.Errorf("%d mails", len(mails))
	}
	for mailed := 3; mailed < partnership.CodeMailsADay; mailed++ {
		f.pass(partnership.CodeLife)
		must(t, ask())
	}
	f.pass(partnership.CodeLife)
	wantCode(t, ask(), partnership.Invalid)
	f.pass(day)
	must(t, ask())

	_, err := f.SuppressEmail(ctx, "creator0@mail.example", partnership.ByAddress, "bounced")
	must(t, err)
	f.pass(day)
	if err := ask(); err == nil || !strings.Contains(err.Error(), "does not arrive") {
		t.Errorf("a code goes to a dead address: %v", err)
	}
	_, err = f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	if rows := f.everything()["account_changes"]; rows != "" {
		t.Errorf("an erasure leaves %s", rows)
	}
}
