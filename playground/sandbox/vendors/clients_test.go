package vendors_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/partnership"
)

// These tests drive the sandbox with the real clients and verify its webhooks with their verifiers: both sides were
// written from the vendors' documentation, not from each other.

const pid = partnership.PartnershipID("0198-aaaa")

var brand = partnership.Address{Name: "Acme", Line1: "1 Main St", City: "Austin", Region: "TX", PostalCode: "78701", Country: "US", Phone: "5125550100"}

func (b *box) mailer() *sendgrid.Client {
	return sendgrid.New(sendgrid.Config{APIKey: b.env["SENDGRID_API_KEY"], BaseURL: b.env["SENDGRID_BASE_URL"], From: "Acme <" + b.env["SENDGRID_FROM"] + ">"})
}

func invitation() partnership.Mail {
	return partnership.Mail{
		Key: ctxKey, PartnershipID: pid, Kind: "invitation", Task: "offer", Step: "request", To: "ana@creators.example", ToName: "Ana", FromName: "Acme",
		ReplyTo: "p-0198@inbound.acme.example", Subject: "An idea for you", Text: "Hello, see http://127.0.0.1/t/abc.", HTML: `<p>Hello <a href="http://127.0.0.1/t/abc?x=1&amp;y=2">see</a></p>`,
		Unsubscribe: "https://acme.example/u/abc",
	}
}

func TestSendGrid(t *testing.T) {
	t.Parallel()
	b := start(t)
	got, err := b.mailer().SendMail(ctx, invitation())
	if err != nil || got.ID == "" {
		t.Fatalf("%+v %v", got, err)
	}
	mails := b.truth("mails")
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	for k, want := range map[string]string{"key": ctxKey, "partnership_id": string(pid), "kind": "invitation", "task": "offer", "step": "request", "to": "ana@creators.example"} {
		if mails[0][k] != want {
			t.Errorf("%s: %v, want %s", k, mails[0][k], want)
		}
	}
	h := b.door.wait(t, "/webhooks/sendgrid/events", 1)[0]
	if err := sendgrid.Verify([]string{b.env["SENDGRID_EVENT_PUBLIC_KEY"]}, h.header, h.body); err != nil {
		t.Error(err)
	}
	events, err := sendgrid.ParseEvents(h.body)
	if err != nil || len(events) != 2 || events[0].Type != "processed" || events[1].Type != "delivered" || events[0].Key != ctxKey {
		t.Errorf("%+v %v", events, err)
	}
	if !strings.HasPrefix(events[0].MessageID, got.ID) {
		t.Errorf("message id %q does not begin with the receipt's %q", events[0].MessageID, got.ID)
	}
	if _, err := b.mailer().SendMail(ctx, invitation()); err != nil || len(b.truth("mails")) != 2 {
		t.Errorf("the same mail again must be a second mail, as at SendGrid (%v)", err)
	}
}

func TestMailReply(t *testing.T) {
	t.Parallel()
	b := start(t)
	if _, err := b.mailer().SendMail(ctx, invitation()); err != nil {
		t.Fatal(err)
	}
	var box struct {
		Mails []struct {
			Seq     int64
			Links   []string
			ReplyTo string `json:"reply_to"`
		}
	}
	b.get("/sandbox/mails?to=ANA@creators.example", &box)
	if len(box.Mails) != 1 || len(box.Mails[0].Links) != 2 || box.Mails[0].Links[0] != "http://127.0.0.1/t/abc?x=1&y=2" || box.Mails[0].Links[1] != "http://127.0.0.1/t/abc" {
		t.Fatalf("%+v", box)
	}
	b.post("/sandbox/mails/reply", map[string]any{"mail_seq": box.Mails[0].Seq, "text": "Yes, gladly"})
	h := b.door.wait(t, "/webhooks/sendgrid/inbound", 1)[0]
	if err := sendgrid.Verify([]string{b.env["SENDGRID_INBOUND_PUBLIC_KEY"]}, h.header, h.body); err != nil {
		t.Error(err)
	}
	in, err := sendgrid.ParseInbound(h.body, h.header.Get("Content-Type"))
	if err != nil || in.Reply != "Yes, gladly" || in.From != "ana@creators.example" || len(in.To) != 1 || in.To[0] != box.Mails[0].ReplyTo || in.Subject != "Re: An idea for you" {
		t.Errorf("%+v %v", in, err)
	}
	b.door.wait(t, "/webhooks/sendgrid/events", 1) // else the next event may join the first batch
	b.post("/sandbox/mails/event", map[string]any{"key": ctxKey, "event": "spamreport"})
	for _, h := range b.door.wait(t, "/webhooks/sendgrid/events", 2)[1:] {
		if events, err := sendgrid.ParseEvents(h.body); err != nil || len(events) != 1 || !events[0].OptOut() {
			t.Errorf("%+v %v", events, err)
		}
	}
}

func (b *box) signer() *docusign.Client {
	return docusign.New(docusign.Config{
		AccountID: b.env["DOCUSIGN_ACCOUNT_ID"], IntegrationKey: b.env["DOCUSIGN_INTEGRATION_KEY"], UserID: b.env["DOCUSIGN_USER_ID"],
		PrivateKeyPEM: b.env["DOCUSIGN_PRIVATE_KEY"], BaseURL: b.env["DOCUSIGN_BASE_URL"], AuthURL: b.env["DOCUSIGN_AUTH_URL"],
	})
}

// contractPDF holds the two anchors at which the signer's tabs stand.
const contractPDF = "%PDF-1.4 contract /sig1/ /date1/"

const contractKey = partnership.EffectKey("partnership/0198-aaaa/contracting/agreement/1")

func (b *box) envelope(version int) partnership.EnvelopeRequest {
	return partnership.EnvelopeRequest{
		Key: contractKey, PartnershipID: pid, Version: version, Subject: "Agreement", Message: "Please sign", PDF: []byte(contractPDF),
		SignerName: "Ana", SignerEmail: "ana@creators.example", WebhookURL: b.door.URL + "/webhooks/docusign",
	}
}

func TestDocuSign(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.signer()
	if _, err := c.FindEnvelope(ctx, contractKey); partnership.CodeOf(err) != partnership.NotFound {
		t.Fatalf("before creation: %v", err)
	}
	e, err := c.CreateEnvelope(ctx, b.envelope(1))
	if err != nil || e.Status != partnership.EnvelopeSent {
		t.Fatalf("%+v %v", e, err)
	}
	if found, err := c.FindEnvelope(ctx, contractKey); err != nil || found.ID != e.ID {
		t.Fatalf("look-up by key: %+v %v", found, err)
	}
	link := b.signingLink()
	if status, page := b.call(http.MethodGet, link, nil); status != 200 || !bytes.Contains(page, []byte("Sign as Ana")) {
		t.Errorf("signing page: %d %s", status, page)
	}
	if status, body := b.call(http.MethodPost, link, url.Values{"action": {"sign"}, "consent": {"1"}}); status != http.StatusSeeOther {
		t.Fatalf("signing: %d %s", status, body)
	}
	if got, err := c.Envelope(ctx, e.ID); err != nil || got.Status != partnership.EnvelopeCompleted || got.CompletedAt.IsZero() {
		t.Errorf("%+v %v", got, err)
	}
	docs, err := c.Documents(ctx, e.ID)
	if err != nil || string(docs.Contract) != contractPDF || !bytes.HasPrefix(docs.Certificate, []byte("%PDF")) {
		t.Errorf("documents: %d and %d bytes, %v", len(docs.Contract), len(docs.Certificate), err)
	}
	if err := c.VoidEnvelope(ctx, e.ID, "too late"); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("voiding a completed envelope: %v", err)
	}
	var kinds []string
	for _, h := range b.door.wait(t, "/webhooks/docusign", 4) {
		if err := docusign.Verify([]string{b.env["DOCUSIGN_HMAC_KEYS"]}, h.header, h.body); err != nil {
			t.Error(err)
		}
		ev, err := docusign.Parse(h.body)
		if err != nil || ev.EnvelopeID != e.ID || ev.Key != contractKey || ev.Version != 1 {
			t.Errorf("%+v %v", ev, err)
		}
		kinds = append(kinds, ev.Kind)
	}
	if got := strings.Join(kinds, " "); got != "envelope-sent envelope-delivered recipient-completed envelope-completed" {
		t.Errorf("events: %s", got)
	}
	row := b.truth("envelopes")[0]
	if row["key"] != string(contractKey) || row["version"] != 1.0 || row["status"] != "completed" || row["completed_at"] == nil || row["voided_at"] != nil {
		t.Errorf("%v", row)
	}
	if len(b.truth("mails")) != 0 {
		t.Error("DocuSign's own mail is not one of ours")
	}
}

// signingLink is the path of the last signing page that went to the signer.
func (b *box) signingLink() string {
	b.t.Helper()
	var box struct {
		Mails []struct {
			Kind  string
			Links []string
		}
	}
	b.get("/sandbox/mails?to=ana@creators.example", &box)
	if len(box.Mails) == 0 || box.Mails[len(box.Mails)-1].Kind != "docusign" {
		b.t.Fatalf("no signing mail in %+v", box)
	}
	return strings.TrimPrefix(box.Mails[len(box.Mails)-1].Links[0], b.url)
}

func TestDocuSignVoidAndDecline(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.signer()
	first, err := c.CreateEnvelope(ctx, b.envelope(1))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.VoidEnvelope(ctx, first.ID, "terms changed"); err != nil {
			t.Fatalf("voiding is repeatable: %v", err)
		}
	}
	second, err := c.CreateEnvelope(ctx, b.envelope(2))
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := b.call(http.MethodPost, b.signingLink(), url.Values{"action": {"decline"}, "reason": {"no"}}); status != http.StatusSeeOther {
		t.Fatalf("declining: %d", status)
	}
	if status, _ := b.call(http.MethodPost, b.signingLink(), url.Values{"action": {"sign"}}); status != http.StatusConflict {
		t.Errorf("signing what was declined: %d", status)
	}
	if e, err := c.Envelope(ctx, second.ID); err != nil || e.Status != partnership.EnvelopeDeclined {
		t.Errorf("%+v %v", e, err)
	}
	if rows := b.truth("envelopes"); rows[0]["voided_at"] == nil || rows[1]["version"] != 2.0 || rows[1]["status"] != "declined" {
		t.Errorf("%v", rows)
	}
}

func (b *box) shipper() *easypost.Client {
	return easypost.New(easypost.Config{APIKey: b.env["EASYPOST_API_KEY"], BaseURL: b.env["EASYPOST_BASE_URL"]})
}

const giftKey = partnership.EffectKey("partnership/0198-aaaa/gifting/label/1")

func (b *box) ship(c *easypost.Client) partnership.Shipment {
	b.t.Helper()
	to := brand
	to.Name = "Ana"
	sh, err := c.CreateShipment(ctx, partnership.ShipmentRequest{Key: giftKey, PartnershipID: pid, To: to, From: brand, WeightOz: 40})
	if err != nil || sh.CostMinor != 770 {
		b.t.Fatalf("the cheapest rate is 7.70: %+v %v", sh, err)
	}
	bought, err := c.BuyLabel(ctx, sh.ID, sh.RateID)
	if err != nil || bought.TrackingCode == "" || bought.LabelURL == "" {
		b.t.Fatalf("%+v %v", bought, err)
	}
	return bought
}

func TestEasyPost(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shipper()
	sh := b.ship(c)
	if again, err := c.BuyLabel(ctx, sh.ID, sh.RateID); err != nil || again.TrackingCode != sh.TrackingCode {
		t.Errorf("buying again: %+v %v", again, err)
	}
	if n := len(b.truth("labels")); n != 1 {
		t.Errorf("%d labels", n)
	}
	var last easypost.TrackerEvent
	for n := 1; last.Parcel.Status != partnership.ParcelDelivered; n++ { // it moves by itself
		h := b.door.wait(t, "/webhooks/easypost", n)[n-1]
		if err := easypost.Verify([]string{b.env["EASYPOST_WEBHOOK_SECRET"]}, h.header, h.body); err != nil {
			t.Fatal(err)
		}
		var err error
		if last, err = easypost.Parse(h.body); err != nil || last.ShipmentID != sh.ID || last.Parcel.TrackingCode != sh.TrackingCode {
			t.Fatalf("%+v %v", last, err)
		}
	}
	if p, err := c.Parcel(ctx, sh.ID); err != nil || p.Status != partnership.ParcelDelivered {
		t.Errorf("%+v %v", p, err)
	}
	if err := c.RefundLabel(ctx, sh.ID); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("refunding a delivered parcel: %v", err)
	}
	row := b.truth("labels")[0]
	if row["key"] != string(giftKey) || row["partnership_id"] != string(pid) || row["delivered_at"] == nil || row["refunded_at"] != nil {
		t.Errorf("%v", row)
	}
}

func TestEasyPostRefundAndDelay(t *testing.T) {
	t.Parallel()
	b := start(t, slowDay)
	c := b.shipper()
	sh := b.ship(c)
	before, _ := c.Parcel(ctx, sh.ID)
	b.post("/sandbox/parcels/"+sh.TrackingCode, map[string]any{"delay_days": 2})
	after, err := c.Parcel(ctx, sh.ID)
	if err != nil || after.EstimatedAt.Sub(before.EstimatedAt) != 2*time.Hour {
		t.Errorf("a delay of two days moves the estimate from %v to %v (%v)", before.EstimatedAt, after.EstimatedAt, err)
	}
	for range 2 {
		if err := c.RefundLabel(ctx, sh.ID); err != nil {
			t.Errorf("refunding is repeatable: %v", err)
		}
	}
	if row := b.truth("labels")[0]; row["refunded_at"] == nil {
		t.Errorf("%v", row)
	}
	if status, _ := b.call(http.MethodPost, "/sandbox/parcels/"+sh.TrackingCode, map[string]any{"status": "delivered"}); status != http.StatusConflict {
		t.Errorf("delivering a refunded label: %d", status)
	}
}
