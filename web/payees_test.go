package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/integrations/paypal"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// hosting is a rail with pages of its own.
type hosting struct {
	url    string
	opened []partnership.AccountRequest
	closed map[string]bool
}

func (r *hosting) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (r *hosting) Serves(_ context.Context, country, _ string) (string, error) {
	if country == "IR" {
		return "It pays nobody there", nil
	}
	return "", nil
}

func (r *hosting) OpenAccount(_ context.Context, in partnership.AccountRequest) (partnership.PayoutAccount, error) {
	r.opened = append(r.opened, in)
	return partnership.PayoutAccount{ID: fmt.Sprintf("acct_new_%d", len(r.opened))}, nil
}

func (r *hosting) Account(_ context.Context, id string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{ID: id, Closed: r.closed[id]}, nil
}

func (r *hosting) OnboardingLink(_ context.Context, account, back, _ string) (string, error) {
	return r.url + "/assets/none?account=" + account + "&return=" + url.QueryEscape(back), nil
}

// choosing is a house whose program lets creators choose between two rails.
func choosing(t *testing.T) (*house, *hosting, string) {
	t.Helper()
	rail := &hosting{closed: map[string]bool{}}
	h := open(t, func(d *web.Deps) {
		rail.url = d.PublicURL
		d.Payees = map[string]payees.Rail{"stripe": rail, "paypal": paypal.New(paypal.Config{})}
	})
	h.sql(`update campaigns set spec = jsonb_set(spec, '{payout}', spec->'payout' || '{"provider": "stripe", "also": ["paypal", "nowhere"]}')`)
	link := h.task(partnership.TaskPayoutSetup, "payout_setup")
	return h, rail, link
}

func (h *house) accounts() []partnership.PayoutAccount {
	h.t.Helper()
	all, err := h.store.PayoutAccounts(h.t.Context(), h.creator.ID)
	must(h.t, err)
	return all
}

func TestACreatorChoosesHowTheyArePaid(t *testing.T) {
	t.Parallel()
	h, _, link := choosing(t)
	page := h.get(link).body
	wantIn(t, page, "Choose one way")
	wantIn(t, page, "Go on to Stripe")
	wantIn(t, page, "Who are you at PayPal?")

	form := url.Values{"action": {"payout_setup"}, "rail": {"paypal"}, "receiver": {"mira@pay.example"}}
	res := h.post(link, form)
	want(t, "unconfirmed", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "cannot be called back")
	form.Set("confirmed", "yes")
	form.Set("receiver", "mira at pay")
	res = h.post(link, form)
	want(t, "no receiver", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "no address, phone number")
	want(t, "nothing is kept", len(h.accounts()), 0)

	form.Set("receiver", "mira@pay.example")
	want(t, "chosen", h.post(link, form).StatusCode, http.StatusSeeOther)
	want(t, "signal", h.temporal.next(t).Name, workflows.SignalPayoutAccountReady)
	accounts := h.accounts()
	if len(accounts) != 1 || !accounts[0].Current || !accounts[0].Ready || accounts[0].Rail != "paypal" || accounts[0].Shown != "…mple" {
		t.Fatalf("%+v", accounts)
	}
	page = h.get(link).body
	wantIn(t, page, "You are all set")
	wantIn(t, page, "…mple")
	if strings.Contains(page, "mira@pay.example") || strings.Contains(h.log.String(), "mira@pay.example") {
		t.Error("the receiver is shown or logged")
	}
	form.Set("rail", "nowhere")
	want(t, "a rail that is not set up", h.post(link, form).StatusCode, http.StatusUnprocessableEntity)
}

// A hosted account is opened at the press; one that its rail has closed is replaced by another, under a key of its own.
func TestAClosedAccountIsReplacedByAnother(t *testing.T) {
	t.Parallel()
	h, rail, link := choosing(t)
	press := url.Values{"action": {"payout_setup"}, "rail": {"stripe"}}
	for range 2 {
		wantIn(t, h.post(link, press).Header.Get("Location"), "account=acct_new_1")
	}
	want(t, "opened", len(rail.opened), 1)
	rail.closed["acct_new_1"] = true
	_, err := h.store.NotePayoutAccount(t.Context(), partnership.PayoutAccount{ID: "acct_new_1", Rail: "stripe", Closed: true})
	must(t, err)
	wantIn(t, h.post(link, press).Header.Get("Location"), "account=acct_new_2")
	if rail.opened[0].Key == rail.opened[1].Key {
		t.Errorf("both have the key %s, and the rail would answer with the closed one", rail.opened[0].Key)
	}
	for _, opened := range rail.opened { // each is an act outside with its receipt
		e, err := h.store.BeginEffect(t.Context(), opened.Key, "account")
		if err != nil || e.State != partnership.EffectConfirmed || !strings.Contains(string(e.Receipt), "acct_new_") {
			t.Errorf("%s stands as %+v, %v", opened.Key, e, err)
		}
	}
	for _, a := range h.accounts() {
		if a.Current != (a.ID == "acct_new_2") {
			t.Errorf("%+v", a)
		}
	}
}

// A front door that died once the rail had answered opens no second account: the receipt is taken up.
func TestAnOpenedAccountIsFoundByItsReceipt(t *testing.T) {
	t.Parallel()
	h, rail, link := choosing(t)
	key := partnership.EffectKey("creator/" + string(h.creator.ID) + "/payout-account")
	_, err := h.store.BeginEffect(t.Context(), key, "account")
	must(t, err)
	must(t, h.store.ConfirmEffect(t.Context(), key, partnership.PayoutAccount{ID: "acct_before"}))
	wantIn(t, h.post(link, url.Values{"action": {"payout_setup"}, "rail": {"stripe"}}).Header.Get("Location"), "account=acct_before")
	want(t, "opened", len(rail.opened), 0)
}

// code is the newest that a mail to the creator holds, with where it goes.
func (h *house) code() (code, to string) {
	h.t.Helper()
	ids, _, err := h.store.OpenNotices(h.t.Context(), "")
	must(h.t, err)
	for _, id := range ids {
		n, err := h.store.Notice(h.t.Context(), id)
		must(h.t, err)
		if n.Kind == partnership.NoticeCode && !n.Change.Over {
			code, to = n.Change.Code, n.Address
		}
	}
	return code, to
}

var changeID = regexp.MustCompile(`name="change" value="([^"]+)"`)

// Whoever has the link alone moves no money; with the code from the creator's mail it goes, once, where they said. A rail with pages of its own
// is reached by the same code.
func TestALeakedLinkMovesNoMoney(t *testing.T) {
	t.Parallel()
	h, rail, link := choosing(t)
	form := url.Values{"action": {"payout_setup"}, "rail": {"paypal"}, "receiver": {"mira@pay.example"}, "confirmed": {"yes"}}
	want(t, "the first takes no code", h.post(link, form).StatusCode, http.StatusSeeOther)
	want(t, "nor does the same again", h.post(link, form).StatusCode, http.StatusSeeOther)
	if code, _ := h.code(); code != "" {
		t.Fatal("a code was mailed")
	}
	goesTo := func() string {
		for _, a := range h.accounts() {
			if a.Current {
				return a.ID
			}
		}
		return ""
	}
	before := goesTo()
	form.Set("receiver", "thief@pay.test")
	want(t, "another", h.post(link, form).StatusCode, http.StatusSeeOther)
	want(t, "money goes", goesTo(), before)
	page := h.get(link).body
	wantIn(t, page, "We have sent a code to "+partnership.AccountEnding(h.creator.Email), `inputmode="numeric"`, `autocomplete="one-time-code"`, "…test", "Send it again", "Leave it as it is")
	code, to := h.code()
	want(t, "the code's address", to, h.creator.Email)
	give := url.Values{"action": {"payout_setup"}, "change": {changeID.FindStringSubmatch(page)[1]}, "code": {"x"}}
	wrong := h.post(link, give)
	want(t, "a wrong code", wrong.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, wrong.body, "That is not the code")
	want(t, "money still goes", goesTo(), before)
	give.Set("code", code)
	want(t, "the code", h.post(link, give).StatusCode, http.StatusSeeOther)
	after := goesTo()
	if after == before {
		t.Error("nothing is changed by the code")
	}
	want(t, "the code once more", h.post(link, give).StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, h.get(link).body, "It is changed, and we have written to you.")

	press := url.Values{"action": {"payout_setup"}, "rail": {"stripe"}}
	wantIn(t, h.post(link, press).Header.Get("Location"), link)
	want(t, "opened without the code", len(rail.opened), 0)
	code, _ = h.code()
	give.Set("change", changeID.FindStringSubmatch(h.get(link).body)[1])
	give.Set("code", code)
	wantIn(t, h.post(link, give).Header.Get("Location"), "account=acct_new_1")
	want(t, "money goes by Stripe", goesTo(), "acct_new_1")

	form.Set("receiver", "other@pay.test")
	h.post(link, form)
	give.Set("change", changeID.FindStringSubmatch(h.get(link).body)[1])
	give.Set("instead", "leave")
	want(t, "left", h.post(link, give).StatusCode, http.StatusSeeOther)
	want(t, "money goes by Stripe as before", goesTo(), "acct_new_1")
	for _, word := range []string{"thief@", "other@pay", code, h.creator.Email} {
		if strings.Contains(h.log.String(), word) {
			t.Errorf("the log holds %s", word)
		}
	}
}

func TestARailThatDoesNotServeACountrySaysSo(t *testing.T) {
	t.Parallel()
	h, _, link := choosing(t)
	h.sql("update creators set country = 'IR'")
	page := h.get(link).body
	wantIn(t, page, "It pays nobody there")
	wantIn(t, page, "PayPal pays nobody in IR")
	res := h.post(link, url.Values{"action": {"payout_setup"}, "rail": {"paypal"}, "receiver": {"mira@pay.example"}, "confirmed": {"yes"}})
	want(t, "chosen all the same", res.StatusCode, http.StatusUnprocessableEntity)
}
