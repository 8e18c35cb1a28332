package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// replyShape is a mail as some program writes it, and what has to be kept of it. Exactly one of its bodies is set, or none.
type replyShape struct {
	Name, Subject, From, Headers, Text, HTML, Raw, Charset string

	EnvFrom *string
	Bytes   []byte `json:"text_base64"`
	Files   []struct {
		Name, Type string
		Size       int
	}
	Want struct {
		Reply   string
		Machine bool
		Files   []string
	}
}

func replyShapes(t *testing.T) (shapes []replyShape) {
	t.Helper()
	text, err := os.ReadFile("testdata/replies.json")
	must(t, err)
	must(t, json.Unmarshal(text, &shapes))
	return shapes
}

// form is the shape as Inbound Parse posts it, to an address.
func (s replyShape) form(to string) (body, kind string) {
	from := canaryMail
	if s.EnvFrom != nil {
		from = *s.EnvFrom
	}
	pairs := []string{"envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, to, from), "headers", strings.ReplaceAll(s.Headers, "{300 KB}", strings.Repeat("j", 300<<10))}
	if s.Raw != "" {
		pairs = append(pairs, "email", "From: "+s.sender()+"\r\nSubject: "+s.Subject+"\r\n"+s.Raw)
	} else {
		pairs = append(pairs, "from", s.sender(), "subject", s.Subject)
		if s.Charset != "" {
			pairs = append(pairs, "charsets", asJSONLine(map[string]string{"text": s.Charset}))
		}
		if s.HTML != "" {
			pairs = append(pairs, "html", s.HTML)
		} else {
			pairs = append(pairs, "text", s.Text+string(s.Bytes))
		}
	}
	for _, f := range s.Files {
		pairs = append(pairs, "@"+f.Name, strings.Repeat("\x00", f.Size))
	}
	return mailForm(pairs...)
}

func (s replyShape) sender() string {
	if s.From != "" {
		return s.From
	}
	return "Mira <" + canaryMail + ">"
}

func asJSONLine(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// Every shape of mail that was lost, cut or misread is kept whole, and its writer's words are told from what they quote.
func TestEveryShapeOfReplyIsKeptWhole(t *testing.T) {
	t.Parallel()
	h := running(t)
	to := h.store.ReplyAddress(h.partnership)
	var known []string
	for _, shape := range replyShapes(t) {
		t.Run(shape.Name, func(t *testing.T) {
			body, kind := shape.form(to)
			want(t, "answer", h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
			var got store.InboundMessage
			eventually(t, "it is kept", func() bool {
				mails, err := h.store.InboundMessages(t.Context(), h.partnership)
				must(t, err)
				i := slices.IndexFunc(mails, func(m store.InboundMessage) bool { return !slices.Contains(known, m.MessageID) })
				if i >= 0 {
					got = mails[i]
				}
				return i >= 0
			})
			known = append(known, got.MessageID)
			want(t, "subject", got.Subject, shape.Subject)
			want(t, "sender", got.Sender, shape.sender())
			want(t, "reply", got.Body, shape.Want.Reply)
			want(t, "written by a machine", got.AutoReply, shape.Want.Machine)
			if shape.Text != "" {
				want(t, "the whole text", strings.TrimSpace(got.Text), strings.TrimSpace(shape.Text))
			}
			var files []string
			for i, f := range got.Files {
				files = append(files, f.Name)
				if shape.Files != nil {
					want(t, "size", f.Size, shape.Files[i].Size)
				}
			}
			want(t, "files", strings.Join(files, ","), strings.Join(shape.Want.Files, ","))
			if n := len(got.Files); n != len(shape.Want.Files) {
				t.Errorf("%d files", n)
			}
		})
	}
	h.settled("sendgrid-inbound", len(replyShapes(t)))
}

// another opens a partnership with a second creator, in a campaign of their own.
func (h *house) another() partnership.PartnershipID {
	h.t.Helper()
	ctx := h.t.Context()
	spec := campaign()
	spec.Name = "Another"
	id, _, err := h.store.CreateCampaign(ctx, spec, []partnership.Creator{{
		Handle: "moss.porch", Name: "Moss Porter", Email: "moss@mail.example", Platform: "tiktok", Followers: 9000, EngagementRate: 4, Niche: "home",
	}}, "another")
	must(h.t, err)
	creators, err := h.store.CampaignCreators(ctx, id)
	must(h.t, err)
	must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "home", Rank: 1}, terms(), 50_000))
	return partnership.PartnershipFor(id, creators[0].ID)
}

// An agency answers for two of its people at once: both files hold its mail.
func TestAMailToTwoOfUsIsFiledWithBoth(t *testing.T) {
	t.Parallel()
	h := running(t)
	other := h.another()
	to := []string{"desk@elsewhere.example", h.store.ReplyAddress(h.partnership), h.store.ReplyAddress(other), strings.ToUpper(h.store.ReplyAddress(other))}
	body, kind := mailForm("envelope", fmt.Sprintf(`{"to":[%q,%q,%q,%q],"from":"desk@agency.example"}`, to[0], to[1], to[2], to[3]), "subject", "Both are in", "text", "Yes and yes.")
	for range 2 {
		want(t, "answer", h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
	}
	h.settled("sendgrid-inbound", 1)
	for _, id := range []partnership.PartnershipID{h.partnership, other} {
		mails, err := h.store.InboundMessages(t.Context(), id)
		must(t, err)
		if len(mails) != 1 || mails[0].Text != "Yes and yes." || mails[0].Subject != "Both are in" {
			t.Errorf("%s: %+v", id, mails)
		}
	}
	want(t, "workflows told", len(h.temporal.messages()), 2)
}
