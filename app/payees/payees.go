// Package payees is how creators say where their money goes: at which of the rails that their program offers and that pay somebody of
// their country in its currency, and who they are there.
package payees

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Rail is what of a rail this needs. Of those that keep accounts, OnboardingLink leads to its own pages; the others read what a creator
// typed (Receives, Banks).
type Rail interface {
	Onboarding() partnership.Onboarding
	Serves(ctx context.Context, country, currency string) (why string, err error)
	OpenAccount(ctx context.Context, r partnership.AccountRequest) (partnership.PayoutAccount, error)
	Account(ctx context.Context, id string) (partnership.PayoutAccount, error)
}

// Hosts is a rail with pages of its own. A link works once and for minutes: it is made at the press.
type Hosts interface {
	OnboardingLink(ctx context.Context, accountID, returnURL, refreshURL string) (string, error)
}

// Receives is a rail that knows people by an address, a number or an id.
type Receives interface {
	ReadReceiver(text string) (partnership.Receiver, error)
}

// Banks is a rail that pays into banks.
type Banks interface {
	ReadAccount(country, currency string, a partnership.BankAccount) (partnership.Receiver, error)
}

// Store keeps what creators chose.
type Store interface {
	// ChooseAccount refuses with partnership.ErrNeedsCode what would take the place of an account that could be paid.
	ChooseAccount(ctx context.Context, id partnership.CreatorID, a partnership.PayoutAccount, to partnership.Receiver, d partnership.Deed) error
	Changes
	PayoutAccounts(ctx context.Context, id partnership.CreatorID) ([]partnership.PayoutAccount, error)
	PartnershipsOf(ctx context.Context, id partnership.CreatorID) ([]partnership.PartnershipID, error)
	// An account is opened under a row of the ledger of acts outside, as every act is.
	BeginEffect(ctx context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error)
	ConfirmEffect(ctx context.Context, key partnership.EffectKey, receipt any) error
	FailEffect(ctx context.Context, key partnership.EffectKey, note string) error
}

// Payees takes creators' words. Rails are those that are set up.
type Payees struct {
	Store     Store
	Workflows news.Teller
	Rails     map[string]Rail
	First     string // the rail that is meant where none is named
}

// Way is one way in which a creator can be paid.
type Way struct {
	Rail       string
	Onboarding partnership.Onboarding
	Account    partnership.PayoutAccount // theirs at it, the one that is current or was chosen last; empty none
	Why        string                    // it cannot pay them, in words
	Guarded    bool                      // they have an account that could be paid: another takes their code
}

// Ways are the ways that a creator's program offers, in its order.
func (p *Payees) Ways(ctx context.Context, v partnership.PartnershipView) ([]Way, error) {
	accounts, err := p.Store.PayoutAccounts(ctx, v.Creator.ID)
	if err != nil {
		return nil, err
	}
	var ways []Way
	for _, name := range v.Campaign.Payout.Rails() {
		name = cmp.Or(name, p.First)
		rail, there := p.Rails[name]
		if !there {
			continue
		}
		w := Way{Rail: name, Onboarding: rail.Onboarding(), Guarded: slices.ContainsFunc(accounts, func(a partnership.PayoutAccount) bool { return a.WasReady })}
		if w.Why, err = rail.Serves(ctx, v.Creator.Country, v.Terms.Currency); err != nil {
			return nil, err
		}
		for _, a := range accounts {
			if cmp.Or(a.Rail, p.First) == name && !a.Closed && !w.Account.Current {
				w.Account = a
			}
		}
		ways = append(ways, w)
	}
	return ways, nil
}

// Words are what a creator typed in the form of a way.
type Words struct {
	Rail      string
	Receiver  string
	Bank      partnership.BankAccount
	Confirmed bool // they have said that it is theirs
}

// Choose makes one of the ways the creator's. Where the rail has pages of its own the answer is a link to them that leads back; else the
// account is ready, and whoever waited for it is told. What would take the place of an account that could be paid waits for the code that is
// mailed to them (Prove). Errors are about a field of the form, or *partnership.Error.
func (p *Payees) Choose(ctx context.Context, by deeds.By, v partnership.PartnershipView, w Words, back string) (link string, err error) {
	if err := by.May(partnership.DeedChooseAccount); err != nil {
		return "", err
	}
	ways, err := p.Ways(ctx, v)
	if err != nil {
		return "", err
	}
	if w.Rail == "" && len(ways) == 1 {
		w.Rail = ways[0].Rail
	}
	way, rail := find(ways, w.Rail), p.Rails[w.Rail]
	switch {
	case rail == nil || way.Rail == "":
		return "", partnership.FieldErrorf("rail", "%s", locale.Words("choose one of the ways on this page"))
	case way.Why != "":
		return "", partnership.FieldErrorf("rail", "%s; choose another way", way.Why)
	case way.Onboarding == partnership.OnboardHosted:
		return p.host(ctx, by, v, way, rail, back, "")
	}
	to, err := read(rail, v, w)
	if err != nil {
		return "", err
	}
	if !w.Confirmed {
		return "", partnership.FieldErrorf("confirmed", "%s", locale.Words("tick the box: what is sent elsewhere cannot be called back"))
	}
	account := partnership.PayoutAccount{Rail: w.Rail, Ready: true}
	err = p.Store.ChooseAccount(ctx, v.Creator.ID, account, to, deedOf(by))
	switch {
	case errors.Is(err, partnership.ErrNeedsCode):
		return "", p.Store.AskAccountChange(ctx, v.Creator.ID, v.ID, w.Rail, to, deedOf(by))
	case err != nil:
		return "", err
	}
	return "", p.tell(ctx, v.Creator.ID, by.ID)
}

func deedOf(by deeds.By) partnership.Deed { return partnership.Deed{ID: by.ID, Who: by.Who} }

func find(ways []Way, rail string) Way {
	for _, w := range ways {
		if w.Rail == rail {
			return w
		}
	}
	return Way{}
}

func read(rail Rail, v partnership.PartnershipView, w Words) (partnership.Receiver, error) {
	switch r := rail.(type) {
	case Banks:
		return r.ReadAccount(v.Creator.Country, v.Terms.Currency, w.Bank)
	case Receives:
		return r.ReadReceiver(w.Receiver)
	}
	return partnership.Receiver{}, partnership.Errorf(partnership.Missing, "%s takes nobody's word on where they are paid", w.Rail)
}

// host leads to the rail's own pages, for the account that is there or, where there is none that can ever be paid, a fresh one. proven is the
// wish whose code was given: without one nothing is opened that would take the place of an account that could be paid.
func (p *Payees) host(ctx context.Context, by deeds.By, v partnership.PartnershipView, way Way, rail Rail, back, proven string) (string, error) {
	pages, ok := rail.(Hosts)
	if !ok {
		return "", partnership.Errorf(partnership.Missing, "%s has no pages of its own", way.Rail)
	}
	account := way.Account
	if account.ID != "" {
		now, err := rail.Account(ctx, account.ID)
		switch {
		case partnership.ClassOf(err) == partnership.Permanent: // the rail does not know it any more
			account = partnership.PayoutAccount{}
		case err != nil:
			return "", err
		case now.Closed:
			account = partnership.PayoutAccount{}
		default:
			account.Ready = now.Ready
		}
	}
	if way.Guarded && !account.Current && proven == "" {
		return "", p.Store.AskAccountChange(ctx, v.Creator.ID, v.ID, way.Rail, partnership.Receiver{}, deedOf(by))
	}
	if account.ID == "" {
		var err error
		if account, err = p.open(ctx, v, way, rail); err != nil {
			return "", err
		}
	}
	account.Rail = way.Rail
	var err error
	switch {
	case proven != "":
		err = p.Store.ChangeAccount(ctx, v.Creator.ID, proven, account, deedOf(by))
	case !account.Current || account.Ready != way.Account.Ready:
		err = p.Store.ChooseAccount(ctx, v.Creator.ID, account, partnership.Receiver{}, deedOf(by))
	}
	if err != nil {
		return "", err
	}
	return pages.OnboardingLink(ctx, account.ID, back, back)
}

// open opens an account. Its key counts those that there were: a repetition is the same account, and a closed one is replaced by another.
func (p *Payees) open(ctx context.Context, v partnership.PartnershipView, way Way, rail Rail) (partnership.PayoutAccount, error) {
	accounts, err := p.Store.PayoutAccounts(ctx, v.Creator.ID)
	if err != nil {
		return partnership.PayoutAccount{}, err
	}
	n := 1
	for _, a := range accounts {
		if cmp.Or(a.Rail, p.First) == way.Rail {
			n++
		}
	}
	key := partnership.EffectKey("creator/" + string(v.Creator.ID) + "/payout-account")
	if n > 1 {
		key = partnership.EffectKey(fmt.Sprintf("%s/%d", key, n))
	}
	return p.openOnce(ctx, rail, partnership.AccountRequest{Key: key, CreatorID: v.Creator.ID, Email: v.Creator.Email, Country: v.Creator.Country})
}

// openOnce opens an account, or takes up the receipt of one that was opened and not kept. An answer that was lost is asked for again under
// the same key at the next press.
func (p *Payees) openOnce(ctx context.Context, rail Rail, r partnership.AccountRequest) (account partnership.PayoutAccount, err error) {
	before, err := p.Store.BeginEffect(ctx, r.Key, "account")
	if err != nil {
		return account, err
	}
	if before.State == partnership.EffectConfirmed && len(before.Receipt) > 0 {
		err = json.Unmarshal(before.Receipt, &account)
		return account, err
	}
	if account, err = rail.OpenAccount(ctx, r); err == nil {
		return account, p.Store.ConfirmEffect(ctx, r.Key, account)
	}
	switch partnership.ClassOf(err) {
	case partnership.Retry, partnership.Barred, partnership.Permanent: // nothing was opened
		err = errors.Join(err, p.Store.FailEffect(ctx, r.Key, "no account was opened"))
	}
	return account, err
}

// tell says to all of a creator's partnerships that they can be paid.
func (p *Payees) tell(ctx context.Context, id partnership.CreatorID, event string) error {
	open, err := p.Store.PartnershipsOf(ctx, id)
	if err != nil {
		return err
	}
	for _, of := range open {
		err := news.PayoutAccountReady(ctx, p.Workflows, of, event)
		if err != nil && partnership.CodeOf(err) != partnership.NotFound {
			return err
		}
	}
	return nil
}
