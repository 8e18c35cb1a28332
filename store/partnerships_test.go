package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/board"
	p "github.com/rapport-dev/rapport/partnership"
)

func TestAnOldProjectionNeverOvertakes(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	agreed := terms()
	agreed.Version, agreed.FeeMinor = 2, 60_000
	_, err := f.OpenTask(ctx, p.Task{PartnershipID: id, Kind: p.TaskOffer, Name: "offer"})
	must(t, err)
	newer := p.Projection{
		PartnershipID: id, Seq: 2, Stage: p.Contracting, WaitingFor: "the creator's signature", Terms: &agreed, ClosedTasks: []string{"offer"},
		Events: []p.TimelineEvent{{At: epoch.Add(day), Kind: "accepted", Owner: "creator"}},
	}
	older := p.Projection{PartnershipID: id, Seq: 1, Stage: p.Outreach, Events: []p.TimelineEvent{{At: epoch, Kind: "invited", Owner: "brand"}}}
	for _, pr := range []p.Projection{newer, older, newer} {
		must(t, f.SaveProjection(ctx, pr))
		if doc, err := f.PartnershipDocument(ctx, id); err != nil || doc.Stage != p.Contracting {
			t.Errorf("after number %d the board shows %s, %v", pr.Seq, doc.Stage, err)
		}
	}
	doc, err := f.PartnershipDocument(ctx, id)
	must(t, err)
	if doc.Stage != p.Contracting || doc.Terms.FeeMinor != 60_000 {
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
	wantCode(t, f.SaveProjection(ctx, p.Projection{PartnershipID: "nobody", Seq: 1}), p.NotFound)
}

func TestAnEventIsAddedOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	for range 2 {
		must(t, f.AddEvent(t.Context(), parties[0].id, "opened", p.TimelineEvent{At: epoch, Kind: "opened", Owner: "creator"}))
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
	link, err := f.OpenTask(ctx, p.Task{PartnershipID: parties[0].id, Kind: p.TaskDraft, Name: "draft-1", Due: epoch.Add(day)})
	must(t, err)
	again, err := f.OpenTask(ctx, p.Task{PartnershipID: parties[0].id, Kind: p.TaskDraft, Name: "draft-1", Due: epoch.Add(2 * day), Note: "shorter"})
	must(t, err)
	other, err := f.OpenTask(ctx, p.Task{PartnershipID: parties[1].id, Kind: p.TaskDraft, Name: "draft-1"})
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
	wantCode(t, err, p.NotFound)
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
	contract := func(c p.Contract) {
		c.PartnershipID, c.Version = id, 1
		must(t, f.SaveContract(ctx, c))
	}
	contract(p.Contract{EnvelopeID: "env-1", Status: p.EnvelopeSent, PDF: []byte("draft"), PDFSHA256: "d"})
	contract(p.Contract{EnvelopeID: "env-1", Status: p.EnvelopeCompleted, PDF: []byte("signed"), PDFSHA256: "s", Certificate: []byte("c"), CompletedAt: epoch})
	contract(p.Contract{EnvelopeID: "env-1", Status: p.EnvelopeDelivered})
	contract(p.Contract{EnvelopeID: "env-2", Status: p.EnvelopeSent})
	parcel := func(status p.ParcelStatus, shipment string) {
		must(t, f.SaveDelivery(ctx, p.Delivery{PartnershipID: id, ShipmentID: shipment, Status: status}))
	}
	must(t, f.SaveDelivery(ctx, p.Delivery{PartnershipID: id, GiftOrderID: "draft-1", OrderID: "gift-1", CostMinor: 700}))
	parcel(p.ParcelDelivered, "shp_1")
	parcel(p.ParcelInTransit, "shp_1")
	view, err := f.View(ctx, id)
	must(t, err)
	wantContract := &p.Contract{
		PartnershipID: id, Version: 1, EnvelopeID: "env-1", Status: p.EnvelopeCompleted, PDF: []byte("signed"), PDFSHA256: "s", Certificate: []byte("c"), CompletedAt: epoch,
	}
	if diff := cmp.Diff(wantContract, view.Contract); diff != "" {
		t.Error(diff)
	}
	wantDelivery := &p.Delivery{PartnershipID: id, GiftOrderID: "draft-1", OrderID: "gift-1", ShipmentID: "shp_1", CostMinor: 700, Status: p.ParcelDelivered}
	if diff := cmp.Diff(wantDelivery, view.Delivery); diff != "" {
		t.Error(diff)
	}
	parcel(p.ParcelPreTransit, "shp_2")
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
	type version = p.EnvelopeStatus
	for name, tt := range map[string]struct {
		versions         []version // one after the other, from the first
		stands, beside   int       // 0 none
		besideIs, status p.EnvelopeStatus
	}{
		"one that is out":                      {[]version{p.EnvelopeSent}, 1, 0, "", p.EnvelopeSent},
		"one that was replaced before":         {[]version{p.EnvelopeVoided, p.EnvelopeSent}, 2, 0, "", p.EnvelopeSent},
		"its amendment waits":                  {[]version{p.EnvelopeCompleted, p.EnvelopeSent}, 1, 2, p.EnvelopeSent, p.EnvelopeCompleted},
		"its amendment was voided":             {[]version{p.EnvelopeCompleted, p.EnvelopeVoided}, 1, 2, p.EnvelopeVoided, p.EnvelopeCompleted},
		"its amendment is signed":              {[]version{p.EnvelopeCompleted, p.EnvelopeCompleted}, 2, 0, "", p.EnvelopeCompleted},
		"a second amendment after the first's": {[]version{p.EnvelopeCompleted, p.EnvelopeVoided, p.EnvelopeCompleted}, 3, 0, "", p.EnvelopeCompleted},
		"a second amendment was declined, too": {[]version{p.EnvelopeCompleted, p.EnvelopeVoided, p.EnvelopeDeclined}, 1, 3, p.EnvelopeDeclined, p.EnvelopeCompleted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			id := parties[0].id
			document := func(version int, status p.EnvelopeStatus) *board.Contract {
				if version == 0 {
					return nil
				}
				return &board.Contract{EnvelopeID: fmt.Sprintf("env-%d", version), Status: status, Version: version}
			}
			for i, status := range tt.versions {
				must(t, f.SaveContract(t.Context(), p.Contract{PartnershipID: id, Version: i + 1, EnvelopeID: fmt.Sprintf("env-%d", i+1), Status: status}))
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
	kits := make([]p.TrackingKit, 10)
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
	found, err := f.LinkByCode(ctx, kit.LinkCode)
	must(t, err)
	if diff := cmp.Diff(kit, found); diff != "" {
		t.Error(diff)
	}
	must(t, f.RecordClick(ctx, kit.LinkCode, epoch, false))
	must(t, f.RecordClick(ctx, kit.LinkCode, epoch, true))
	wantCode(t, f.RecordClick(ctx, "nobody00", epoch, false), p.NotFound)
	results, err := f.Performance(ctx, parties[0].id)
	must(t, err)
	if results.Clicks != 1 {
		t.Errorf("%d clicks, want 1: bots do not count", results.Clicks)
	}
}
