package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/creator"
)

// underWay is a partnership in its content stage: signed, the parcel there, the draft awaited, something earned.
func (h *house) underWay() (offer, draft string) {
	h.t.Helper()
	ctx := h.t.Context()
	offer, draft = h.task(partnership.TaskOffer, "offer"), h.task(partnership.TaskDraft, "draft-1")
	start := time.Date(2026, 11, 9, 17, 0, 0, 0, time.UTC)
	plan := timeline.Make(timeline.Calendar{Zone: "America/New_York"}, partnership.Schedule{OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30}, partnership.Nano,
		timeline.Facts{Start: start, InvitedAt: start, AcceptedAt: start.Add(day1), SignedAt: start.Add(2 * day1), ShippedAt: start.Add(3 * day1), DeliveredAt: start.Add(6 * day1), Gift: true})
	must(h.t, h.store.SaveProjection(ctx, partnership.Projection{
		PartnershipID: h.partnership, Seq: 3, Stage: partnership.Content, WaitingFor: "the creator's draft", Plan: plan.Record(), ClosedTasks: []string{"offer"}, OpenTask: "draft-1", OpenDue: plan.Due(timeline.DraftDue),
	}))
	must(h.t, h.store.SaveContract(ctx, partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env", Status: partnership.EnvelopeCompleted, PDF: []byte("%PDF-signed"), PDFSHA256: "x", CompletedAt: start}))
	must(h.t, h.store.SaveAddress(ctx, h.creator.ID, partnership.Address{Name: canaryName, Line1: canaryStreet, City: "Chicago", Region: "IL", PostalCode: "60601", Country: "US"}))
	must(h.t, h.store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "s", Carrier: "USPS", TrackingCode: "EZ1000000001", Status: partnership.ParcelDelivered}))
	kit, err := h.store.EnsureKit(ctx, h.partnership)
	must(h.t, err)
	kit.DiscountID, kit.DiscountBPS, kit.VerifiedAt = "gid://1", 1500, start
	must(h.t, h.store.SaveKit(ctx, kit, nil))
	must(h.t, h.store.EarnFee(ctx, h.partnership, "reel/1", 5000, time.Now()))
	return offer, draft
}

const day1 = 24 * time.Hour

// One link opens the creator's home, whichever it is: what is asked now, what comes when in their own zone, and all that is theirs.
func TestOneLinkOpensAHome(t *testing.T) {
	t.Parallel()
	h := open(t)
	offer, draft := h.underWay()
	for name, link := range map[string]string{"an old link": offer, "the newest": draft} {
		res := h.get(link)
		want(t, name, res.StatusCode, http.StatusOK)
		wantIn(t, res.body, "You said yes", "Tuesday 10 November", "Agreement signed", "Your parcel arrived", "Your draft", "Sales count for you", "America/Chicago",
			"https://tools.usps.com/go/TrackConfirmAction?tLabels=EZ1000000001", "The carrier says it was delivered",
			"Your money", "$50.00", "It counts: the next payouts take it", "What you accepted", "$500.00 flat fee", "/agreement", "No health claims.", canaryStreet, canaryMail, "Write to us", "I want to stop", "Ask for my data to be deleted")
		if strings.Contains(res.body, " style=") || strings.Contains(res.body, "onclick") {
			t.Errorf("%s has an inline style or handler, which its own policy forbids", name)
		}
	}
	wantIn(t, h.get(regexp.MustCompile(`/assets/style\.\w+\.css`).FindString(h.get(draft).body)).body, "[hidden] { display: none !important; }") // buttons that copy are not there without a script
	old := h.get(offer).body
	token := draft[strings.LastIndex(draft, "/")+1:]
	wantIn(t, old, "What we ask of you now", "Send your draft", `href="/t/`+token+`"`)
	pdf := h.get(offer + "/agreement")
	want(t, "the agreement", pdf.body, "%PDF-signed")
	want(t, "its type", pdf.Header.Get("Content-Type"), "application/pdf")
	// Whoever has an old link does not thereby have the one that says where money goes.
	payout := h.task(partnership.TaskPayoutSetup, "payout_setup")
	if strings.Contains(h.get(offer).body, payout[strings.LastIndex(payout, "/")+1:]) {
		t.Error("the page holds the link to where money goes")
	}
	wantIn(t, h.get(offer).body, "Mail me that link")

	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 4, Stage: partnership.Closed, Outcome: partnership.Cancelled}))
	ended := h.get(draft).body
	wantIn(t, ended, "Nothing more to do here", "You said yes")
	for _, gone := range []string{"What we ask of you now", "Sales count for you", "I want to stop", "Send the draft"} {
		if strings.Contains(ended, gone) {
			t.Errorf("after the end the page still says %q", gone)
		}
	}
}

// A creator's message goes the way of their mails, once, and stops nothing that it does not ask to stop.
func TestACreatorWritesOnTheirPage(t *testing.T) {
	t.Parallel()
	h := running(t)
	_, draft := h.underWay()
	form := url.Values{"nonce": {"n1"}, "words": {"My light is awful. Thursday instead?"}}
	for range 2 {
		res := h.post(draft+"/write", form)
		want(t, "status", res.StatusCode, http.StatusOK)
		wantIn(t, res.body, "We have your message")
	}
	eventually(t, "it is in the conversation", func() bool { return len(h.conversation()) == 1 })
	m := h.conversation()[0]
	if m.Words != "My light is awful. Thursday instead?" || !m.NeedsAnswer || m.Ours || m.Machine {
		t.Errorf("kept is %+v", m)
	}
	wantIn(t, h.said().message.Text, "wrote on their page")
	wantIn(t, h.get(draft).body, "Thursday instead?")
	want(t, "nothing", h.post(draft+"/write", url.Values{"words": {"  "}}).StatusCode, http.StatusUnprocessableEntity)
	want(t, "a link of nobody", h.post("/t/nothing/write", form).StatusCode, http.StatusNotFound)

	for _, wish := range []string{"stop", "erase"} {
		res := h.post(draft+"/write", url.Values{"nonce": {"n" + wish}, "wish": {wish}})
		want(t, wish, res.StatusCode, http.StatusOK)
		wantIn(t, res.body, "We have your wish")
	}
	eventually(t, "the wishes are there", func() bool { return len(h.conversation()) == 3 })
	stopped, err := h.store.Suppressed(t.Context(), canaryMail)
	must(t, err)
	want(t, "their mail is stopped by a button that does not say so", stopped, false)
	h.post(draft+"/write", url.Values{"nonce": {"n9"}, "words": {"STOP"}})
	eventually(t, "their own words stop it", func() bool {
		stopped, err := h.store.Suppressed(t.Context(), canaryMail)
		must(t, err)
		return stopped
	})
}

// What a receipt says was answered: a link alone says nothing.
func TestAReceiptIsOfAnAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	offer := h.task(partnership.TaskOffer, "offer")
	for _, made := range []string{"?done=accept", "?asked=nothing", "?asked="} {
		page := h.get(offer + made).body
		if strings.Contains(page, "you are in") {
			t.Errorf("%s says that they are in", made)
		}
		wantIn(t, page, "Please answer by")
	}
	res := h.post(offer, meaning(countering("600", ""), "60000"))
	want(t, "status", res.StatusCode, http.StatusSeeOther)
	receipt := h.get(res.Header.Get("Location")).body
	wantIn(t, receipt, "We have your counter-offer", "our offer is yours to take again")
	if strings.Contains(receipt, "stays open") {
		t.Error("it is said to stay open, and is not")
	}
	other := h.task(partnership.TaskOffer, "offer-9") // that answer is to another question
	if strings.Contains(h.get(other+"?"+strings.SplitN(res.Header.Get("Location"), "?", 2)[1]).body, "We have your counter-offer") {
		t.Error("an answer to one task is the receipt of another")
	}
	h.sql(`delete from tasks where name = 'offer-9'`)
	// Refused: the old link says so, and leads to the offer that stands.
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Outreach, ClosedTasks: []string{"offer"}}))
	wantIn(t, h.get(offer).body, "We have your answer")
	again := h.task(partnership.TaskOffer, "offer-2")
	wantIn(t, h.get(offer).body, "We could not go as far as you asked", again[strings.LastIndex(again, "/"):])
	wantIn(t, h.get(again).body, "Our offer is still yours to take", "Accept the offer: $500.00")
}

// A post without its disclosure is mended on a page that says so, and keeps what was typed.
func TestTheMendPageSaysWhatToMend(t *testing.T) {
	t.Parallel()
	h := open(t, inWindow)
	first := h.task(partnership.TaskPost, "post-1")
	form := url.Values{"action": {"post"}, "nonce": {"n"}, "url": {"https://instagram.example/p/1"}, "caption": {"Calm evenings with a candle"}}
	want(t, "told", h.post(first, form).StatusCode, http.StatusSeeOther)
	page := h.get(h.task(partnership.TaskPost, "post-2")).body
	wantIn(t, page, "One thing to mend in your post", "has to begin with #ad", `value="https://instagram.example/p/1"`, "Calm evenings with a candle", "It is mended")
	if strings.Contains(page, "cleared to post") {
		t.Error("it says that they are cleared to post")
	}
}

// The pages speak the creator's language whole, and the brief stays in the brand's words.
func TestPagesSpeakTheCreatorsLanguage(t *testing.T) {
	t.Parallel()
	for lang, says := range map[string][]string{
		"de-AT": {`<html lang="de" dir="ltr">`, "Ada, wir würden gern mit dir arbeiten", "500,00", "Das Angebot annehmen", "zwischen 1. Dezember und 20. Dezember", "Vereinigte Staaten"},
		"fr":    {`<html lang="fr" dir="ltr">`, "Ada, nous aimerions travailler avec vous", "entre le 1 décembre et le 20 décembre"},
		"es":    {`<html lang="es" dir="ltr">`, "Ada, nos encantaría trabajar contigo", "1 de diciembre"},
		"pt-BR": {`<html lang="pt" dir="ltr">`, "Ada, adoraríamos trabalhar com você", "1 de dezembro"},
		"ja":    {`<html lang="ja" dir="ltr">`, "Adaさん、ぜひご一緒させてください", "12月1日から12月20日まで"},
		"sw":    {`<html lang="en" dir="ltr">`, "Ada, we would love to work with you"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.sql(`update creators set language = $1 where id = $2`, lang, h.creator.ID)
			page := h.get(h.task(partnership.TaskOffer, "offer")).body
			wantIn(t, page, append(says, "Show how an evening slows down", "Acme Scents")...)
			if len(page) > 50<<10 {
				t.Errorf("the offer has %d bytes", len(page))
			}
			left := regexp.MustCompile(`>[^<]*%!?[sd(][^<]*<`).FindString(page)
			want(t, "left open", left, "")
			if lang != "sw" {
				for _, english := range []string{"Please answer", "What you make", "Your time", "Choose", "This page"} {
					if strings.Contains(page, english) {
						t.Errorf("it says %q", english)
					}
				}
			}
		})
	}
}

// Every route, by links of other creators and of other kinds: kind words, and none of their data.
func TestNobodyElsesLinkOpensAnything(t *testing.T) {
	t.Parallel()
	h := open(t, func(d *web.Deps) { d.DevOpen = true })
	offer, draft := h.underWay()
	earnings, err := h.store.EarningsURL(t.Context(), h.creator.ID, "dreams")
	must(t, err)
	other := partnership.Creator{Handle: "bo", Name: "Bo Other", Email: "bo@mail.example", Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: "sleep", Country: "US"}
	second := campaign()
	second.Name = "Another"
	id, _, err := h.store.CreateCampaign(t.Context(), second, []partnership.Creator{other}, "hash2")
	must(t, err)
	all, err := h.store.CampaignCreators(t.Context(), id)
	must(t, err)
	theirs, err := h.store.EarningsURL(t.Context(), all[0].ID, "dreams")
	must(t, err)
	last := func(link string) string { return link[strings.LastIndex(link, "/")+1:] }
	books := h.get(earnings + "/" + time.Now().UTC().Format("2006-01")).body
	row := regexp.MustCompile(`/\d{4}-\d\d/([\w-]+)"`).FindStringSubmatch(books)
	if row == nil {
		t.Fatal("the month has no line to object to")
	}
	links := map[string][]string{ // by the kind of page: links of all other kinds, and of nobody
		"/t/": {last(earnings), h.store.OptOutToken(h.creator.ID), "nothing", strings.ToLower(last(offer)), last(offer)[:20]},
		"/e/": {last(offer), last(draft), h.store.OptOutToken(h.creator.ID), "nothing", last(theirs)},
		"/u/": {last(offer), last(earnings), "nothing"},
	}
	for _, route := range (&creator.Pages{}).Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		for _, token := range links[path[:3]] {
			if token == last(theirs) && !strings.Contains(path, "{row}") {
				continue // it is a page of its own
			}
			link := strings.NewReplacer("{token}", token, "{period}", time.Now().UTC().Format("2006-01"), "{row}", row[1]).Replace(path)
			var res answered
			if method == http.MethodPost {
				res = h.post(link, url.Values{"words": {"x"}, "action": {"accept"}})
			} else {
				res = h.do(h.request(method, link, nil))
			}
			if path == "/t/{token}/fresh" { // says the same to everybody
				want(t, route.Pattern, res.StatusCode < 500, true)
			} else {
				want(t, route.Pattern+" of another", res.StatusCode, http.StatusNotFound)
			}
			for _, secret := range []string{"Canary", "canary", "Ada", "99 Canary", "EZ1000000001", "%PDF", "$50.00"} {
				if strings.Contains(res.body, secret) {
					t.Errorf("%s shows %q", route.Pattern, secret)
				}
			}
		}
	}
}
