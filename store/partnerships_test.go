package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

func TestAnOldProjectionNeverOvertakes(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	agreed := terms()
	agreed.Version, agreed.FeeMinor = 2, 60_000
	_, err := f.OpenTask(ctx, partnership.Task{PartnershipID: id, Kind: partnership.TaskOffer, Name: "offer"})
	must(t, err)
	newer := partnership.Projection{
		PartnershipID: id, Seq: 2, Stage: partnership.Contracting, WaitingFor: "the creator's signature", Terms: &agreed, ClosedTasks: []string{"offer"},
		Events: []partnership.TimelineEvent{{At: epoch.Add(day), Kind: "accepted", Owner: "creator"}},
	}
	older := partnership.Projection{PartnershipID: id, Seq: 1, Stage: partnership.Outreach, Events: []partnership.TimelineEvent{{At: epoch, Kind: "invited", Owner: "brand"}}}
	for _, pr := range []partnership.Projection{newer, older, newer} {
		must(t, f.SaveProjection(ctx, pr))
		if doc, err := f.PartnershipDocument(ctx, id); err != nil || doc.Stage != partnership.Contracting {
			t.Errorf("after number %d the board shows %s, %v", pr.Seq, doc.Stage, err)
		}
	}
	doc, err := f.PartnershipDocument(ctx, id)
	must(t, err)
	if doc.Stage != partnership.Contracting || doc.Terms.FeeMinor != 60_000 {
		t.Errorf("the board shows %s with a fee of %d", doc.Stage, doc.Terms.FeeMinor)
	}
	if len(doc.Timeline) != 2 || doc.Timeline[0].Kind != "invited" || doc.Timeline[1].Kind != "accepted" {
		t.Errorf("timeline is %+v", doc.Timeline)
	}
	tasks, err := f.Tasks(ctx, id)
	must(t, err)
	if tasks[0].ClosedAt.IsZero() {
		t.Error("the offer is still open")
	}
	wantCode(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: "nobody", Seq: 1}), partnership.NotFound)
}

func TestAnEventIsAddedOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	for range 2 {
		must(t, f.AddEvent(t.Context(), parties[0].id, "opened", partnership.TimelineEvent{At: epoch, Kind: "opened", Owner: "creator"}))
	}
	doc, err := f.PartnershipDocument(t.Context(), parties[0].id)
	must(t, err)
	if len(doc.Timeline) != 1 {
		t.Errorf("timeline is %+v", doc.Timeline)
	}
}

func TestTaskLinksOpenOneTaskOnly(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	link, err := f.OpenTask(ctx, partnership.Task{PartnershipID: parties[0].id, Kind: partnership.TaskDraft, Name: "draft-1", Due: epoch.Add(day)})
	must(t, err)
	again, err := f.OpenTask(ctx, partnership.Task{PartnershipID: parties[0].id, Kind: partnership.TaskDraft, Name: "draft-1", Due: epoch.Add(2 * day), Note: "shorter"})
	must(t, err)
	other, err := f.OpenTask(ctx, partnership.Task{PartnershipID: parties[1].id, Kind: partnership.TaskDraft, Name: "draft-1"})
	must(t, err)
	if link != again || link == other || !strings.HasPrefix(link, "https://rapport.example/t/") {
		t.Errorf("links are %q, %q, %q", link, again, other)
	}
	token := strings.TrimPrefix(link, "https://rapport.example/t/")
	view, err := f.TaskView(ctx, token)
	must(t, err)
	if view.Task.PartnershipID != parties[0].id || view.View.Creator.Handle != "Creator0" || view.Task.Note != "shorter" || !view.Task.Due.Equal(epoch.Add(2*day)) {
		t.Errorf("the page is %+v", view.Task)
	}
	_, err = f.TaskView(ctx, string(view.Task.ID))
	wantCode(t, err, partnership.NotFound)
	// A copy of the database opens nothing: no column holds the token.
	must(t, f.sql(`do $$ begin if exists (select from tasks where to_jsonb(tasks)::text like '%`+token+`%') then raise 'token found'; end if; end $$`))
	if id, err := f.PartnershipByReply(ctx, strings.TrimSuffix(strings.TrimPrefix(f.ReplyAddress(parties[1].id), "reply+"), "@in.rapport.example")); err != nil || id != parties[1].id {
		t.Errorf("the reply address leads to %q, %v", id, err)
	}
}

func TestContractsAndParcelsMoveForwardOnly(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	contract := func(c partnership.Contract) {
		c.PartnershipID, c.Version = id, 1
		must(t, f.SaveContract(ctx, c))
	}
	contract(partnership.Contract{EnvelopeID: "env-1", Status: partnership.EnvelopeSent, PDF: []byte("draft"), PDFSHA256: "d"})
	contract(partnership.Contract{EnvelopeID: "env-1", Status: partnership.EnvelopeCompleted, PDF: []byte("signed"), PDFSHA256: "s", Certificate: []byte("c"), CompletedAt: epoch})
	contract(partnership.Contract{EnvelopeID: "env-1", Status: partnership.EnvelopeDelivered})
	contract(partnership.Contract{EnvelopeID: "env-2", Status: partnership.EnvelopeSent})
	parcel := func(status partnership.ParcelStatus, shipment string) {
		must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: id, ShipmentID: shipment, Status: status}))
	}
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: id, GiftOrderID: "draft-1", OrderID: "gift-1", CostMinor: 700, CostCurrency: "USD"}))
	parcel(partnership.ParcelDelivered, "shp_1")
	parcel(partnership.ParcelInTransit, "shp_1")
	view, err := f.View(ctx, id)
	must(t, err)
	wantContract := &partnership.Contract{
		PartnershipID: id, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeCompleted, PDF: []byte("signed"), PDFSHA256: "s", Certificate: []byte("c"), CompletedAt: epoch,
	}
	if diff := cmp.Diff(wantContract, view.Contract); diff != "" {
		t.Error(diff)
	}
	wantDelivery := &partnership.Delivery{PartnershipID: id, GiftOrderID: "draft-1", OrderID: "gift-1", ShipmentID: "shp_1", CostMinor: 700, CostCurrency: "USD", Status: partnership.ParcelDelivered}
	if diff := cmp.Diff(wantDelivery, view.Delivery); diff != "" {
		t.Error(diff)
	}
	parcel(partnership.ParcelPreTransit, "shp_2")
	if by, err := f.PartnershipByShipment(ctx, "shp_2"); err != nil || by != id {
		t.Errorf("a second shipment leads to %q, %v", by, err)
	}
	if by, err := f.PartnershipByEnvelope(ctx, "env-1"); err != nil || by != id {
		t.Errorf("the envelope leads to %q, %v", by, err)
	}
}

// What is signed stands until something newer is; an amendment that was not signed is shown as such, beside it.
func TestTheAgreementShownIsTheOneThatStands(t *testing.T) {
	t.Parallel()
	type version = partnership.EnvelopeStatus
	for name, tt := range map[string]struct {
		versions         []version // one after the other, from the first
		stands, beside   int       // 0 none
		besideIs, status partnership.EnvelopeStatus
	}{
		"one that is out":                      {[]version{partnership.EnvelopeSent}, 1, 0, "", partnership.EnvelopeSent},
		"one that was replaced before":         {[]version{partnership.EnvelopeVoided, partnership.EnvelopeSent}, 2, 0, "", partnership.EnvelopeSent},
		"its amendment waits":                  {[]version{partnership.EnvelopeCompleted, partnership.EnvelopeSent}, 1, 2, partnership.EnvelopeSent, partnership.EnvelopeCompleted},
		"its amendment was voided":             {[]version{partnership.EnvelopeCompleted, partnership.EnvelopeVoided}, 1, 2, partnership.EnvelopeVoided, partnership.EnvelopeCompleted},
		"its amendment is signed":              {[]version{partnership.EnvelopeCompleted, partnership.EnvelopeCompleted}, 2, 0, "", partnership.EnvelopeCompleted},
		"a second amendment after the first's": {[]version{partnership.EnvelopeCompleted, partnership.EnvelopeVoided, partnership.EnvelopeCompleted}, 3, 0, "", partnership.EnvelopeCompleted},
		"a second amendment was declined, too": {[]version{partnership.EnvelopeCompleted, partnership.EnvelopeVoided, partnership.EnvelopeDeclined}, 1, 3, partnership.EnvelopeDeclined, partnership.EnvelopeCompleted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			id := parties[0].id
			document := func(version int, status partnership.EnvelopeStatus) *board.Contract {
				if version == 0 {
					return nil
				}
				return &board.Contract{EnvelopeID: fmt.Sprintf("env-%d", version), Status: status, Version: version}
			}
			for i, status := range tt.versions {
				must(t, f.SaveContract(t.Context(), partnership.Contract{PartnershipID: id, Version: i + 1, EnvelopeID: fmt.Sprintf("env-%d", i+1), Status: status}))
			}
			doc, err := f.PartnershipDocument(t.Context(), id)
			must(t, err)
			if diff := cmp.Diff(document(tt.stands, tt.status), doc.Contract); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(document(tt.beside, tt.besideIs), doc.Amendment); diff != "" {
				t.Error(diff)
			}
			view, err := f.View(t.Context(), id)
			must(t, err)
			if view.Contract == nil || view.Contract.Version != tt.stands {
				t.Errorf("whoever writes to the creator sees %+v", view.Contract)
			}
		})
	}
}

func TestKitsAreMadeOnceAndDiffer(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	kits := make([]partnership.TrackingKit, 10)
	atOnce(10, func(i int) {
		var err error
		if kits[i], err = f.EnsureKit(ctx, parties[0].id); err != nil {
			t.Error(err)
		}
	})
	for _, kit := range kits {
		if diff := cmp.Diff(parties[0].kit, kit); diff != "" {
			t.Error(diff)
		}
	}
	kit := parties[0].kit
	if kit.LinkCode == parties[1].kit.LinkCode || kit.DiscountCode == parties[1].kit.DiscountCode {
		t.Error("two creators share a code")
	}
	if !strings.HasPrefix(kit.DiscountCode, "CREATOR015-") || len(kit.LinkCode) != 8 || kit.Link != "https://rapport.example/c/"+kit.LinkCode {
		t.Errorf("kit is %+v", kit)
	}
	if want := "https://shop.example/products/sampler?ref=1&utm_campaign=dreams&utm_content=" + kit.LinkCode + "&utm_id=" + string(kit.PartnershipID) + "&utm_medium=creator&utm_source=instagram"; kit.Destination != want {
		t.Errorf("destination is %s, want %s", kit.Destination, want)
	}
	kit.DiscountID, kit.VerifiedAt = "gid://1", epoch
	must(t, f.SaveKit(ctx, kit, map[string]string{"location": kit.Destination}))
	found, err := f.View(ctx, parties[0].id)
	must(t, err)
	if diff := cmp.Diff(&kit, found.Kit); diff != "" {
		t.Error(diff)
	}
	if leads, err := f.Destination(ctx, kit.LinkCode); err != nil || leads != kit.Destination {
		t.Errorf("the link leads to %s (%v), want %s", leads, err, kit.Destination)
	}
	must(t, f.RecordClick(ctx, kit.LinkCode, epoch, false))
	must(t, f.RecordClick(ctx, kit.LinkCode, epoch, true))
	wantCode(t, f.RecordClick(ctx, "nobody00", epoch, false), partnership.NotFound)
	results, err := f.Performance(ctx, parties[0].id)
	must(t, err)
	if results.Clicks != 1 {
		t.Errorf("%d clicks, want 1: bots do not count", results.Clicks)
	}
}
