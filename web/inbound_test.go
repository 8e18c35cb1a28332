package web_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// mailForm is Inbound Parse's form; a name that starts with "@" is a file.
func mailForm(pairs ...string) (body, contentType string) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		if name, file := strings.CutPrefix(pairs[i], "@"); file {
			part, _ := w.CreateFormFile("attachment1", name)
			_, _ = io.WriteString(part, pairs[i+1])
			continue
		}
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	_ = w.Close()
	return buf.String(), w.FormDataContentType()
}

// Each of these was answered 200 and lost for good.
func TestEverySignedMailIsKept(t *testing.T) {
	t.Parallel()
	h := running(t)
	to := h.store.ReplyAddress(h.partnership)
	envelope := fmt.Sprintf(`{"to":[%q],"from":%q}`, to, canaryMail)
	for i, c := range []struct {
		name  string
		pairs []string
		text  string
	}{
		{"HTML part over 1 MiB", []string{"text", "short and fine", "html", "<p>" + strings.Repeat("x", 2<<20)}, "short and fine"},
		{"text over 1 MiB", []string{"text", "begins " + strings.Repeat("y", 2<<20)}, "begins yyy"},
		{"a NUL byte", []string{"text", "ye\x00s", "subject", "Re\x00: offer", "from", "L\x00ena <l@mail.example>", "@a\x00.mp4", "z"}, "ye\uFFFDs"},
		{"bad base64", []string{"email", "From: l@mail.example\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("I am in, at last")) + "\r\n!!\r\n"}, "I am in, at last"},
		{"no end", []string{"email", "Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nCut text yes\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>x"}, "Cut text yes"},
		{"only a file", []string{"text", "", "@draft.mp4", strings.Repeat("v", 3<<20)}, ""},
		{"only a subject", []string{"text", "", "subject", "Yes, I am in! (no text)"}, ""},
	} {
		body, kind := mailForm(append(c.pairs, "envelope", envelope)...)
		want(t, c.name, h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
		eventually(t, c.name+" is kept", func() bool {
			mails, err := h.store.InboundMessages(t.Context(), h.partnership)
			must(t, err)
			return len(mails) == i+1
		})
		mails, err := h.store.InboundMessages(t.Context(), h.partnership)
		must(t, err)
		m := mails[len(mails)-1]
		if !strings.HasPrefix(m.Text, c.text) || m.InboxID == 0 {
			t.Errorf("%s: kept %.60q of inbox %d", c.name, m.Text, m.InboxID)
		}
	}
	mails, err := h.store.InboundMessages(t.Context(), h.partnership)
	must(t, err)
	want(t, "files", len(mails[5].Files), 1)
	want(t, "size", mails[5].Files[0].Size, 3<<20)
	if len(mails[1].Doubts) == 0 || len(mails[3].Doubts) == 0 {
		t.Errorf("nothing is said of what could not be read: %v %v", mails[1].Doubts, mails[3].Doubts)
	}
}

func TestAReplysCardShowsItsMailAndNoSecretLink(t *testing.T) {
	t.Parallel()
	h := running(t)
	secret := h.task(partnership.TaskOffer, "offer")
	token := secret[strings.LastIndex(secret, "/")+1:]
	body, kind := mailForm("envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, h.store.ReplyAddress(h.partnership), canaryMail),
		"from", "Ada <ada@mail.example>", "subject", "Re: our offer", "@draft.mp4", "zz",
		"text", "This one?\n"+secret[:len(secret)-20]+"\n"+secret[len(secret)-20:]+" or %2Ft%2F"+token+"\n")
	h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
	card := h.said().message
	all := card.Text + card.Body + card.Context + asJSON(t, card.Facts)
	wantIn(t, all, "Re: our offer", "ada@mail.example", "draft.mp4", "This one?")
	if strings.Contains(all, token) || strings.Contains(all, token[len(token)-20:]) || strings.Contains(all, token[:20]) {
		t.Errorf("the creator's link is shown: %s", all)
	}
}

func TestAMachinesMailIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	h := running(t)
	to := h.store.ReplyAddress(h.partnership)
	for i, pairs := range [][]string{
		{"envelope", fmt.Sprintf(`{"to":[%q],"from":""}`, to), "subject", "Undeliverable: your offer", "headers", "Return-Path: <>\nContent-Type: multipart/report; report-type=delivery-status\n"},
		{"envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, to, canaryMail), "subject", "Abwesenheitsnotiz: Acme"},
		{"envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, to, canaryMail), "from", "MAILER-DAEMON@mx.mail.example", "subject", "failure notice"},
	} {
		body, kind := mailForm(append(pairs, "text", "x")...)
		h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
		h.settled("sendgrid-inbound", i+1)
	}
	want(t, "workflows told", len(h.temporal.messages()), 0)
	mails, err := h.store.InboundMessages(t.Context(), h.partnership)
	must(t, err)
	want(t, "kept", len(mails), 3)
	for _, m := range mails {
		want(t, "somebody has to answer it", m.NeedsAnswer, false)
	}
}

// An agency answers for two; the channel is archived, so no card gets through. Each of the two is filed and heard of all the same.
func TestAMailToTwoReachesBothWhileTheChatIsBarred(t *testing.T) {
	t.Parallel()
	h := running(t)
	_, err := h.store.ImportCreators(t.Context(), []partnership.Creator{{
		Platform: "instagram", Handle: "second.canary", Name: canaryName, Email: canaryMail, Followers: 9000, EngagementRate: 5, Niche: "sleep", Country: "US",
	}}, partnership.Consent{})
	must(t, err)
	other, err := h.store.FindCreator(t.Context(), "@second.canary")
	must(t, err)
	must(t, h.store.ReserveBudget(t.Context(), h.campaign, partnership.RosterEntry{CreatorID: other.ID, Tier: partnership.Nano, Niche: "sleep", Rank: 2}, terms(), 50_000))
	h.chat.mu.Lock()
	h.chat.down = &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Barred, Message: "is_archived"}
	h.chat.mu.Unlock()
	second := partnership.PartnershipFor(h.campaign, other.ID)
	body, kind := mailForm("text", "Both of us are in!", "envelope",
		fmt.Sprintf(`{"to":[%q,%q],"from":%q}`, h.store.ReplyAddress(h.partnership), h.store.ReplyAddress(second), canaryMail))
	h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
	heard := map[string]bool{}
	for len(heard) < 2 {
		heard[h.temporal.next(t).WorkflowID] = true
	}
	for _, id := range []partnership.PartnershipID{h.partnership, second} {
		mails, err := h.store.InboundMessages(t.Context(), id)
		must(t, err)
		want(t, "mails of "+string(id), len(mails), 1)
	}
	h.chat.mu.Lock()
	h.chat.down = nil
	h.chat.mu.Unlock()
	wantIn(t, h.said().message.Body+h.said().message.Body, "Both of us are in!") // told once it is mended
}

func TestAMailThatCannotBeRoutedIsKeptAndTriedAgain(t *testing.T) {
	t.Parallel()
	h := running(t)
	body, kind := mailForm("text", "hello")
	want(t, "status", h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
	wantIn(t, h.said().message.Text, "could not be read")
	eventually(t, "it is dead", func() bool { return h.counted("sendgrid-inbound", "dead") == 1 })
	dead, err := h.store.DeadInbox(t.Context(), 10)
	must(t, err)
	if len(dead) != 1 || dead[0].Bytes != int64(len(body)) {
		t.Fatalf("%+v", dead)
	}
	n, err := h.store.RetryInbox(t.Context(), dead[0].ID, "cli:ana")
	must(t, err)
	want(t, "retried", n, 1)
	eventually(t, "it is dead again", func() bool { return h.counted("sendgrid-inbound", "dead") == 1 })
}

// Four slow strangers kept every real mail out.
func TestSlowStrangersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	h := running(t)
	var strangers []net.Conn
	for range 20 {
		c, err := net.Dial("tcp", h.Listener.Addr().String())
		must(t, err)
		t.Cleanup(func() { _ = c.Close() })
		strangers = append(strangers, c)
		forged := sign("sendgrid", []byte("other"))
		fmt.Fprintf(c, "POST /webhooks/sendgrid/inbound HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000000\r\n")
		for name := range forged {
			fmt.Fprintf(c, "%s: %s\r\n", name, forged.Get(name))
		}
		fmt.Fprintf(c, "\r\n%s", strings.Repeat("x", 2<<20))
	}
	body, kind := mailForm("text", "Yes", "@big.mp4", strings.Repeat("v", 5<<20), "envelope", fmt.Sprintf(`{"to":[%q],"from":"x"}`, h.store.ReplyAddress(h.partnership)))
	want(t, "status", h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
	for _, c := range strangers { // who are still there: it waited for none of them
		must(t, c.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a stranger had gone before: %v", err)
		}
	}
	want(t, "signal", h.temporal.next(t).Arg.(workflows.CreatorActive).Channel, "mail_reply")
}

// What cannot be signed is refused before a byte of its body is read.
func TestWithoutASignatureNoBodyIsRead(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, err := net.Dial("tcp", h.Listener.Addr().String())
	must(t, err)
	defer c.Close()
	fmt.Fprintf(c, "POST /webhooks/sendgrid/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n")
	must(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	answer := make([]byte, 12)
	_, err = io.ReadFull(c, answer)
	must(t, err)
	want(t, "answer", string(answer), "HTTP/1.1 401")
}

func TestOnlyTheAddresseesDoingIsSuppressed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, more string
		suppressed bool
		trouble    partnership.TroubleKind
	}{
		"quota":         {"dropped", `,"reason":"Recipient List over Package Quota"`, false, partnership.OverQuota},
		"spam content":  {"dropped", `,"reason":"Spam Content"`, false, partnership.BadContent},
		"smtpapi":       {"dropped", `,"reason":"Invalid SMTPAPI header"`, false, partnership.BadSetup},
		"reputation":    {"bounce", `,"type":"bounce","status":"5.7.1","bounce_classification":"Reputation","reason":"550 5.7.1 the sending address is on a block list"`, false, partnership.Reputation},
		"full":          {"bounce", `,"type":"bounce","status":"5.2.2","reason":"552 mailbox full"`, false, ""},
		"no mailbox":    {"bounce", `,"type":"bounce","status":"5.1.1","bounce_classification":"Invalid Address","reason":"550 no such user"`, true, ""},
		"bounced":       {"dropped", `,"reason":"Bounced Address"`, true, ""},
		"their own no":  {"dropped", `,"reason":"Unsubscribed Address"`, true, ""},
		"a spam report": {"spamreport", ``, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := running(t)
			h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e1", c.kind, c.more))
			h.settled("sendgrid", 1)
			suppressed, err := h.store.Suppressed(t.Context(), canaryMail)
			must(t, err)
			want(t, "suppressed", suppressed, c.suppressed)
			open, err := h.store.OpenTroubles(t.Context())
			must(t, err)
			if c.trouble == "" {
				want(t, "troubles", len(open), 0)
				return
			}
			h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e2", c.kind, c.more))
			h.settled("sendgrid", 2)
			open, err = h.store.OpenTroubles(t.Context())
			must(t, err)
			if len(open) != 1 || open[0].Kind != c.trouble || open[0].Times != 2 {
				t.Errorf("%+v", open)
			}
		})
	}
}
