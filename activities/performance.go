package activities

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/report"
)

// AskForPayoutSetup mails the link to the page where a creator says how they are paid. Where there is one rail and it has pages of its
// own, the account there is opened first; of several the creator chooses. Whoever is set up already, from an earlier campaign, gets no
// mail.
func (a *Activities) AskForPayoutSetup(ctx context.Context, in Request) (out Payable, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.Letter.PartnershipID)
	if err != nil {
		return out, err
	}
	rail, err := a.Rails.Named(partnership.RailPort, v.Terms.Rail)
	if err != nil {
		return out, err
	}
	if v.MayBePaid() {
		return Payable{Ready: true}, a.letGo(ctx, letterKey(in.Letter))
	}
	if v.AccountID == "" && len(v.Campaign.Payout.Also) == 0 && rail.Onboarding() == partnership.OnboardHosted {
		if err := a.openAccount(ctx, rail, a.Rails.name(v.Terms.Rail), v.Creator); err != nil {
			return out, err
		}
	}
	if _, err := a.Store.MayChase(ctx, v.Creator.ID, letterKey(in.Letter)); err != nil { // the first word goes out whatever was told before
		return out, err
	}
	_, err = a.ask(ctx, in)
	return out, err
}

// openAccount is keyed by the creator: one account serves all their campaigns. The rail's own idempotency key makes it safe to
// send again.
func (a *Activities) openAccount(ctx context.Context, rail PayoutRail, name string, c partnership.Creator) error {
	key := partnership.EffectKey("creator/" + string(c.ID) + "/payout-account")
	open := func(ctx context.Context, _ partnership.Effect) (partnership.PayoutAccount, error) {
		return rail.OpenAccount(ctx, partnership.AccountRequest{Key: key, CreatorID: c.ID, Email: c.Email, Country: c.Country})
	}
	account, err := once(ctx, a, effect[partnership.PayoutAccount]{
		key: key, kind: "account", do: open,
		find: func(ctx context.Context, e partnership.Effect) (partnership.PayoutAccount, sighting, error) {
			r, err := open(ctx, e)
			return r, found, err
		},
	})
	if err != nil {
		return err
	}
	account.Rail = name
	return a.Store.SavePayoutAccount(ctx, c.ID, account)
}

// looksReady asks the rail about an account that is not ready as far as we know: its message may have been lost, and nobody's
// money waits for that.
func (a *Activities) looksReady(ctx context.Context, railName string, accountID string) (bool, error) {
	rail, there := a.Rails.By[a.Rails.name(railName)]
	if accountID == "" || !there || rail.Onboarding() != partnership.OnboardHosted {
		return false, nil
	}
	account, err := rail.Account(ctx, accountID)
	if err != nil || !account.Ready {
		return false, err
	}
	account.Rail = a.Rails.name(railName)
	_, err = a.Store.NotePayoutAccount(ctx, account)
	return err == nil, err
}

// remindOfPayout mails a reminder of what is missing, unless nothing is, or somebody wrote of it lately.
func (a *Activities) remindOfPayout(ctx context.Context, l Letter, link string) (Sent, error) {
	v, err := a.Store.View(ctx, l.PartnershipID)
	if err != nil {
		return Sent{}, err
	}
	if !v.PayoutReady {
		if v.PayoutReady, err = a.looksReady(ctx, cmp.Or(v.AccountRail, v.Terms.Rail), v.AccountID); err != nil {
			slog.WarnContext(ctx, "the payout account was not read", "creator_id", v.Creator.ID, "error", err)
		}
	}
	may, err := a.mayChase(ctx, v, letterKey(l))
	if err != nil {
		return Sent{}, err
	}
	if !may {
		return Sent{}, a.letGo(ctx, letterKey(l))
	}
	return a.mail(ctx, l, link)
}

// mayChase says whether somebody is to be reminded of what is missing.
func (a *Activities) mayChase(ctx context.Context, v partnership.PartnershipView, key partnership.EffectKey) (bool, error) {
	if v.MayBePaid() {
		return false, nil
	}
	return a.Store.MayChase(ctx, v.Creator.ID, key)
}

// HandOver sums up what a partnership brought and tells the creator what they earned and when it is paid.
func (a *Activities) HandOver(ctx context.Context, in Letter) (out HandedOver, err error) {
	defer mapped(&err)
	r, err := a.Store.Performance(ctx, in.PartnershipID)
	if err != nil {
		return out, err
	}
	out.Summary = fmt.Sprintf("%d clicks, %d orders, %s in sales; earned: %s fee, %s commission.", r.Clicks, r.Orders,
		r.Revenue.Display(r.Currency), r.Costs.Fees.Display(r.Currency), r.Costs.Commission.Display(r.Currency))
	out.Renewal = renewal(r)
	_, err = a.mail(ctx, in, "")
	return out, err
}

// renewal suggests what to do next with a creator, as the campaign's report does.
func renewal(r partnership.Results) string {
	l := report.Of(r)
	advice, why := l.Advise()
	if roas, ok := l.ROAS(); ok && l.Comparable {
		why = fmt.Sprintf("ROAS %.2f, %.2f to %.2f: %s", roas, l.ROASWithin.Low, l.ROASWithin.High, why)
	}
	if l.Rates != "" {
		why += " (" + l.Rates + ")"
	}
	return fmt.Sprintf("Suggestion: %s. It cost %s; %s.", advice, r.Costs.All().Display(r.Currency), why)
}
