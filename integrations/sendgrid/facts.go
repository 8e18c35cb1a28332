package sendgrid

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter: what became of our mails, and the mails that come back.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{
		{
			Vendor: vendor, Path: "/webhooks/sendgrid/events", Inbox: vendor, Setting: "SENDGRID_EVENT_PUBLIC_KEY",
			Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.EventPublicKeys, h, body) },
			Read:   func(_ http.Header, body []byte) ([]facts.Fact, error) { return eventFacts(body) },
		},
		{
			Vendor: vendor, Path: "/webhooks/sendgrid/inbound", Inbox: "sendgrid-inbound", Setting: "SENDGRID_INBOUND_PUBLIC_KEY", Large: true,
			Keep:   []string{"Content-Type"},
			Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.InboundPublicKeys, h, body) },
			Hash:   SignedHash,
			Proven: func(h http.Header, sum []byte) error { return VerifySum(s.InboundPublicKeys, h, sum) },
			ID: func(h http.Header, body []byte) string { // knows a mail again in whatever form it is delivered
				in, err := ParseInbound(body, h.Get("Content-Type"))
				if err != nil {
					return ""
				}
				return in.ID
			},
			Read: func(h http.Header, body []byte) ([]facts.Fact, error) {
				return []facts.Fact{mailFact(h, body)}, nil
			},
		},
	}
}

// eventFacts reads a batch about mails of ours. That some arrived says that the plan has room again.
func eventFacts(body []byte) ([]facts.Fact, error) {
	events, err := ParseEvents(body)
	if err != nil {
		return nil, err
	}
	var told []facts.Fact
	var arrived time.Time
	for _, e := range events {
		if e.Key == "" {
			continue // not a mail of ours
		}
		if e.Type == "delivered" && e.At.After(arrived) {
			arrived = e.At
		}
		told = append(told, e.fact())
	}
	if !arrived.IsZero() {
		told = append(told, facts.TroubleOver{Kind: partnership.OverQuota, At: arrived})
	}
	return told, nil
}

func (e Event) fact() facts.MailEvent {
	out := facts.MailEvent{
		ID: e.ID, Key: e.Key, PartnershipID: e.PartnershipID, Kind: e.Type, Reason: e.BounceType, At: e.At, Email: e.Email, OptsOut: e.OptOut(),
		Clicked: e.Type == "click", Link: e.URL,
	}
	if e.Fault != "" {
		out.Reason = string(e.Fault)
	}
	if e.Undeliverable() {
		out.Failed = e.failure()
	}
	return out
}

// failures say in words whose doing it is that a mail did not arrive, and what to mend where it is ours.
var failures = map[Fault]facts.MailFailure{
	OurQuota: {
		Why: "SendGrid's plan is used up", Trouble: partnership.OverQuota,
		Mend: "SendGrid drops our mails because the plan's mails are used up: raise the plan, or wait for the next period",
	},
	OurName: {
		Why: "the receiving server refuses us as a sender", Trouble: partnership.Reputation,
		Mend: "mail servers refuse us as a sender: look at SendGrid's reputation and block lists, and at SPF, DKIM and DMARC of SENDGRID_FROM's domain",
	},
	OurWords: {
		Why: "it was taken for spam", Trouble: partnership.BadContent,
		Mend: "mails are dropped or refused for what they say: look at the templates, the brief's words and links, and at SendGrid's spam checker",
	},
	OurSetup: {
		Why: "SendGrid could not read how it was sent", Trouble: partnership.BadSetup,
		Mend: "SendGrid drops mails as malformed: this is a fault of this program; report it",
	},
}

func (e Event) failure() *facts.MailFailure {
	f := failures[e.Fault]
	f.DeadAddress = e.Fault == DeadAddress
	switch {
	case f.Why != "":
	case e.BounceType != "":
		f.Why = e.BounceType
	default:
		f.Why = e.Type
	}
	return &f
}

// mailFact reads a kept delivery. Earlier builds kept what they had read of it instead.
func mailFact(h http.Header, body []byte) facts.Fact {
	kind := h.Get("Content-Type")
	var in Inbound
	if kind == "" && json.Unmarshal(body, &in) == nil && len(in.To) > 0 {
		return in.fact()
	}
	in, err := ParseInbound(body, kind)
	if err != nil {
		return facts.MailUnread{Err: err}
	}
	if whole := h.Get(facts.HeaderCut); whole != "" {
		in.Doubts = append(in.Doubts, fmt.Sprintf("of its %s bytes the first %d are kept", whole, len(body)))
	}
	return in.fact()
}

func (in Inbound) fact() facts.MailReceived {
	out := facts.MailReceived{
		ID: in.ID, To: in.To, From: in.From, HeaderFrom: in.HeaderFrom, Subject: in.Subject, Text: in.Text, Reply: in.Reply,
		AutoReply: in.AutoReply, Doubts: in.Doubts, HTML: in.HTML, MessageID: in.MessageID, Earlier: in.References,
	}
	for _, f := range in.Files {
		out.Files = append(out.Files, facts.MailFile{Name: f.Name, Type: f.Type, Size: f.Size, Content: f.Content})
	}
	return out
}
