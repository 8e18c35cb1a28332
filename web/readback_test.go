package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// meaning is a form whose fee was read back and meant.
func meaning(form url.Values, minor string) url.Values {
	form.Set("fee_meant", minor)
	return form
}

// An amount counts once it was read back: the first press shows what was understood, and nothing is told to anybody.
func TestAFeeIsReadBackBeforeItCounts(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	form := countering("2300,00", "I film twice")
	shown := h.post(link, form)
	want(t, "status", shown.StatusCode, http.StatusOK)
	wantIn(t, shown.body, "You ask for $2,300.00", "$1,800.00 more than the offer of $500.00", canaryStreet, "CHICAGO, IL 60601", "UNITED STATES",
		`name="fee_meant" value="230000"`, `name="note" value="I film twice"`, "Yes, ask for $2,300.00")
	for _, other := range []string{"", "230001", "2300", "-230000"} { // what nobody has seen does not count
		want(t, "status of another amount", h.post(link, meaning(countering("2300,00", ""), other)).StatusCode, http.StatusOK)
	}
	want(t, "messages before it was read back", len(h.temporal.messages()), 0)

	form.Set("again", "yes")
	back := h.post(link, meaning(form, "230000"))
	want(t, "status", back.StatusCode, http.StatusOK)
	wantIn(t, back.body, `value="2300,00"`, "I film twice", canaryStreet, `<details class="card" open`)
	want(t, "messages after going back", len(h.temporal.messages()), 0)

	form.Del("again")
	want(t, "status", h.post(link, meaning(form, "230000")).StatusCode, http.StatusSeeOther)
	told := h.temporal.messages()
	if len(told) != 1 {
		t.Fatalf("told %d times", len(told))
	}
	want(t, "answer", told[0].Arg.(workflows.AnswerOffer).FeeMinor, int64(230_000))
}

func TestTheFieldsOfAnotherCountryWithoutAScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	form := acceptance("n")
	form.Set("country", "AE")
	form.Set("show", "fields")
	shown := h.post(link, form)
	want(t, "status", shown.StatusCode, http.StatusOK)
	wantIn(t, shown.body, "Emirate", canaryStreet)
	want(t, "messages", len(h.temporal.messages()), 0)

	form.Del("show")
	form.Del("postal_code")
	form.Del("city")
	form.Set("region", "Dubai")
	res := h.post(link, form)
	want(t, "status", res.StatusCode, http.StatusSeeOther)
	wantIn(t, h.get(res.Header.Get("Location")).body, "goes to:", canaryStreet, "Dubai", "UNITED ARAB EMIRATES")
	v, err := h.store.View(t.Context(), h.partnership)
	must(t, err)
	if v.Address == nil || v.Address.Country != "AE" || v.Address.City != "Dubai" || v.Address.PostalCode != "" {
		t.Errorf("kept %+v", v.Address)
	}
}

func TestAnAddressThatLeadsNowhereIsRefusedWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	form := acceptance("n")
	form.Set("line1", "PO Box 7")
	form.Set("city", "Nowhere")
	form.Set("region", "ZZ")
	form.Set("postal_code", "00000")
	res := h.post(h.task(partnership.TaskOffer, "offer"), form)
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, `id="region-error"`, `id="postal_code-error"`, "PO Box 7", `value="Nowhere"`, `value="ZZ"`, `value="00000"`)
	if strings.Contains(res.body, "you are in") || len(h.temporal.messages()) > 0 {
		t.Error("it was taken")
	}
}
