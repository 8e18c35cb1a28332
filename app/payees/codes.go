package payees

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Changes are wishes to be paid elsewhere, each with a code that only the creator's mail has.
type Changes interface {
	AskAccountChange(ctx context.Context, id partnership.CreatorID, of partnership.PartnershipID, rail string, to partnership.Receiver, d partnership.Deed) error
	MailCodeAgain(ctx context.Context, id partnership.CreatorID, change string) error
	ProveAccountChange(ctx context.Context, id partnership.CreatorID, change, code string, d partnership.Deed) (partnership.AccountChange, error)
	// ChangeAccount is once, and refuses a wish whose code was not given.
	ChangeAccount(ctx context.Context, id partnership.CreatorID, change string, a partnership.PayoutAccount, d partnership.Deed) error
	LeaveAccount(ctx context.Context, id partnership.CreatorID, change string, d partnership.Deed) error
	AccountChange(ctx context.Context, id partnership.CreatorID) (partnership.AccountChange, error)
}

// Change is a creator's newest wish, open or over; the zero one when there is none.
func (p *Payees) Change(ctx context.Context, v partnership.PartnershipView) (partnership.AccountChange, error) {
	c, err := p.Store.AccountChange(ctx, v.Creator.ID)
	if partnership.CodeOf(err) == partnership.NotFound {
		return c, nil
	}
	return c, err
}

// Prove takes the code of a wish and makes it come true, as Choose would have.
func (p *Payees) Prove(ctx context.Context, by deeds.By, v partnership.PartnershipView, change, code, back string) (link string, err error) {
	if err := by.May(partnership.DeedChooseAccount); err != nil {
		return "", err
	}
	wish, err := p.Store.ProveAccountChange(ctx, v.Creator.ID, change, code, deedOf(by))
	if err != nil {
		return "", err
	}
	ways, err := p.Ways(ctx, v)
	if err != nil {
		return "", err
	}
	way, rail := find(ways, wish.Rail), p.Rails[wish.Rail]
	switch {
	case rail == nil || way.Rail == "":
		return "", partnership.FieldErrorf("rail", "%s", locale.Words("choose one of the ways on this page"))
	case way.Why != "":
		return "", partnership.FieldErrorf("rail", "%s; choose another way", way.Why)
	case way.Onboarding == partnership.OnboardHosted:
		return p.host(ctx, by, v, way, rail, back, change)
	}
	if err := p.Store.ChangeAccount(ctx, v.Creator.ID, change, partnership.PayoutAccount{Rail: wish.Rail, Ready: true}, deedOf(by)); err != nil {
		return "", err
	}
	return "", p.tell(ctx, v.Creator.ID, by.ID)
}

// SendAgain mails the code of a wish once more.
func (p *Payees) SendAgain(ctx context.Context, by deeds.By, v partnership.PartnershipView, change string) error {
	if err := by.May(partnership.DeedChooseAccount); err != nil {
		return err
	}
	return p.Store.MailCodeAgain(ctx, v.Creator.ID, change)
}

// Leave ends a wish: money goes where it went.
func (p *Payees) Leave(ctx context.Context, by deeds.By, v partnership.PartnershipView, change string) error {
	if err := by.May(partnership.DeedChooseAccount); err != nil {
		return err
	}
	return p.Store.LeaveAccount(ctx, v.Creator.ID, change, deedOf(by))
}
