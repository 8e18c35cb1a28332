package sendgrid

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendgrid/sendgrid-go/helpers/mail"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

func invitation() partnership.Mail {
	return partnership.Mail{
		Key: "partnership/p1/outreach/request/0", PartnershipID: "p1", Kind: "invitation", Task: "offer", Step: "request",
		To: "mira@creator.example", ToName: "Mira", FromName: "Saltmarsh Pickles", ReplyTo: "t-abc@in.brand.example",
		Subject: "A jar for you, Mira?", Text: "Hello", HTML: "<p>Hello</p>",
		Unsubscribe: "https://rapport.example/u/tok",
	}
}

// accepting answers like SendGrid and hands each mail it got to got.
func accepting(t *testing.T, got func(*http.Request, mail.SGMailV3)) *httptest.Server {
	t.Helper()
	spec := httpxtest.LoadSpec(t, "sendgrid/tsg_mail_v3.json", "")
	srv := httptest.NewServer(spec.Guard(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m mail.SGMailV3
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Errorf("body: %v", err)
		}
		got(r, m)
		w.Header().Set("X-Message-Id", "id-of-"+m.Personalizations[0].CustomArgs[ArgKey])
		w.WriteHeader(http.StatusAccepted)
	})))
	t.Cleanup(srv.Close)
	return srv
}

func TestSendMailAgainstSpecification(t *testing.T) {
	t.Parallel()
	var req *http.Request
	var sent mail.SGMailV3
	srv := accepting(t, func(r *http.Request, m mail.SGMailV3) { req, sent = r, m })
	c := New(Config{APIKey: "SG.k", BaseURL: srv.URL + "/", From: "Rapport <mail@brand.example>"})

	receipt, err := c.SendMail(t.Context(), invitation())
	if err != nil {
		t.Fatal(err)
	}
	if receipt.ID != "id-of-partnership/p1/outreach/request/0" {
		t.Errorf("receipt %q", receipt.ID)
	}
	if req.URL.Path != "/v3/mail/send" || req.Header.Get("Authorization") != "Bearer SG.k" {
		t.Errorf("%s with %q", req.URL.Path, req.Header.Get("Authorization"))
	}
	wantArgs := map[string]string{
		"msg_key": "partnership/p1/outreach/request/0", "partnership_id": "p1", "kind": "invitation", "task": "offer", "step": "request",
	}
	if fmt.Sprint(sent.Personalizations[0].CustomArgs) != fmt.Sprint(wantArgs) {
		t.Errorf("custom args %v, want %v", sent.Personalizations[0].CustomArgs, wantArgs)
	}
	if sent.Headers["List-Unsubscribe"] != "<https://rapport.example/u/tok>" ||
		sent.Headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" {
		t.Errorf("headers %v", sent.Headers)
	}
	if sent.From.Address != "mail@brand.example" || sent.From.Name != "Saltmarsh Pickles" || sent.ReplyTo.Address != "t-abc@in.brand.example" {
		t.Errorf("from %+v, reply to %+v", sent.From, sent.ReplyTo)
	}
	if len(sent.Content) != 2 || sent.Content[0].Type != "text/plain" {
		t.Errorf("content %+v", sent.Content)
	}
	if *sent.TrackingSettings.ClickTracking.Enable || *sent.TrackingSettings.OpenTracking.Enable {
		t.Error("tracking would rewrite the links")
	}
}

// A creator's mail program shows together what belongs together.
func TestAMailSaysWhatItFollows(t *testing.T) {
	t.Parallel()
	var sent mail.SGMailV3
	srv := accepting(t, func(_ *http.Request, m mail.SGMailV3) { sent = m })
	c := New(Config{APIKey: "k", BaseURL: srv.URL, From: "mail@brand.example"})
	m := partnership.Mail{Key: "k", Kind: "answer", To: "a@b.example", Subject: "Re: x", Text: "y", MessageID: "c@in.example", Earlier: []string{"a@in.example", "b@mail.example"}}
	if _, err := c.SendMail(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"Message-ID": "<c@in.example>", "In-Reply-To": "<b@mail.example>", "References": "<a@in.example> <b@mail.example>"}; fmt.Sprint(sent.Headers) != fmt.Sprint(want) {
		t.Errorf("headers %v, want %v", sent.Headers, want)
	}
	m.Earlier = []string{"a@in.example\r\nBcc: x@y.example"}
	if _, err := c.SendMail(t.Context(), m); err == nil {
		t.Error("a line break in an id is sent")
	}
}

func TestTransactionalMailHasNoUnsubscribe(t *testing.T) {
	t.Parallel()
	var sent mail.SGMailV3
	srv := accepting(t, func(_ *http.Request, m mail.SGMailV3) { sent = m })
	m := partnership.Mail{Key: "payout-run/x/2026-11/statement", Kind: "statement", To: "a@b.example", Subject: "Your statement", Text: "12.00"}
	if _, err := New(Config{APIKey: "k", BaseURL: srv.URL, From: "mail@brand.example"}).SendMail(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if len(sent.Headers) != 0 || len(sent.Personalizations[0].CustomArgs) != 2 || len(sent.Content) != 1 || sent.ReplyTo != nil {
		t.Errorf("headers %v, args %v, content %d, reply to %v", sent.Headers, sent.Personalizations[0].CustomArgs, len(sent.Content), sent.ReplyTo)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	t.Cleanup(srv.Close)
	ok := Config{APIKey: "k", BaseURL: srv.URL, From: "mail@brand.example"}
	for name, tc := range map[string]struct {
		config func(*Config)
		mail   func(*partnership.Mail)
		want   string
		class  partnership.Class // "" permanent
	}{
		"no sender":        {config: func(c *Config) { c.From = "" }, want: "SENDGRID_FROM", class: partnership.Barred},
		"bad sender":       {config: func(c *Config) { c.From = "nobody" }, want: "SENDGRID_FROM", class: partnership.Barred},
		"no key":           {config: func(c *Config) { c.APIKey = "" }, want: "SENDGRID_API_KEY", class: partnership.Barred},
		"CRLF in subject":  {mail: func(m *partnership.Mail) { m.Subject = "x\r\nBcc: victim@x.example" }, want: "subject"},
		"LF in name":       {mail: func(m *partnership.Mail) { m.ToName = "x\nBcc: y" }, want: "recipient's name"},
		"NUL in from name": {mail: func(m *partnership.Mail) { m.FromName = "x\x00" }, want: "sender's name"},
		"CR in reply":      {mail: func(m *partnership.Mail) { m.ReplyTo = "a@b.example\r" }, want: "reply address"},
		"LF in link":       {mail: func(m *partnership.Mail) { m.Unsubscribe = "https://x.example/\nX: y" }, want: "unsubscribe"},
		"script link":      {mail: func(m *partnership.Mail) { m.Unsubscribe = "javascript:alert(1)" }, want: "RAPPORT_PUBLIC_URL"},
		"two links":        {mail: func(m *partnership.Mail) { m.Unsubscribe = "https://a.example/>,<https://b.example/" }, want: "RAPPORT_PUBLIC_URL"},
		"LF in task":       {mail: func(m *partnership.Mail) { m.Task = "a\nb" }, want: "task"},
		"two recipients":   {mail: func(m *partnership.Mail) { m.To = "a@b.example,c@d.example" }, want: "recipient's address"},
		"named recipient":  {mail: func(m *partnership.Mail) { m.To = "X <a@b.example>" }, want: "recipient's address"},
		"no recipient":     {mail: func(m *partnership.Mail) { m.To = "" }, want: "recipient's address"},
		"no text":          {mail: func(m *partnership.Mail) { m.Text, m.HTML = "", "" }, want: "no text"},
	} {
		c, m := ok, invitation()
		if tc.config != nil {
			tc.config(&c)
		}
		if tc.mail != nil {
			tc.mail(&m)
		}
		_, err := New(c).SendMail(t.Context(), m)
		if partnership.ClassOf(err) != cmp.Or(tc.class, partnership.Permanent) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "mira@creator.example") {
			t.Errorf("%s: the error shows an address", name)
		}
	}
}

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, tc := range []struct {
		status int
		header http.Header
		body   string
		class  partnership.Class
		code   string
		after  time.Duration
	}{
		{
			status: 400, body: `{"errors":[{"message":"bad mira@creator.example","field":"personalizations.0.to","help":null}]}`,
			class: partnership.Permanent, code: "personalizations.0.to",
		},
		{status: 400, body: `<html>`, class: partnership.Permanent},
		{status: 401, class: partnership.Barred},
		{
			status: 403, body: `{"errors":[{"message":"The from address does not match a verified Sender Identity.","field":"from"}]}`,
			class: partnership.Barred, code: "from",
		},
		{status: 404, class: partnership.Barred},
		{status: 405, class: partnership.Barred},
		{status: 413, class: partnership.Permanent},
		{status: 302, class: partnership.Permanent},
		{status: 429, header: http.Header{"X-Ratelimit-Reset": {strconv.FormatInt(now.Unix()+30, 10)}}, class: partnership.Retry, after: 30 * time.Second},
		{status: 429, header: http.Header{"Retry-After": {"7"}, "X-Ratelimit-Reset": {"1"}}, class: partnership.Retry, after: 7 * time.Second},
		{status: 429, header: http.Header{"X-Ratelimit-Reset": {"soon"}}, class: partnership.Retry},
		{status: 500, class: partnership.Retry},
		{status: 502, class: partnership.Ambiguous},
		{status: 503, header: http.Header{"Retry-After": {"2"}}, class: partnership.Retry, after: 2 * time.Second},
		{status: 504, class: partnership.Ambiguous},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range tc.header {
				w.Header()[k] = v
			}
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, tc.body)
		}))
		c := New(Config{APIKey: "k", BaseURL: srv.URL, From: "mail@brand.example"})
		c.now = func() time.Time { return time.Unix(now.Unix(), 0) }
		_, err := c.SendMail(t.Context(), invitation())
		srv.Close()
		v, ok := err.(*partnership.VendorError)
		if !ok || v.Class != tc.class || v.VendorCode != tc.code || v.RetryAfter != tc.after || v.Status != tc.status {
			t.Errorf("%d %v: %#v", tc.status, tc.header, err)
			continue
		}
		if strings.Contains(v.Error(), "creator.example") || v.Message == "" {
			t.Errorf("%d: message %q", tc.status, v.Error())
		}
	}
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	cut, calls := httpxtest.CutServer(t)
	_, err := New(Config{APIKey: "k", BaseURL: cut.URL, From: "mail@brand.example"}).SendMail(t.Context(), invitation())
	if partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("cut after write: %v after %d calls", err, calls())
	}
	_, err = New(Config{APIKey: "k", BaseURL: httpxtest.DeadURL(t), From: "mail@brand.example"}).SendMail(t.Context(), invitation())
	if partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("refused connection: %v", err)
	}
}

// Mails of concurrent sends must not cross: sendgrid-go's own client would mix them.
func TestConcurrentSendsDoNotCross(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]string{}
	srv := accepting(t, func(_ *http.Request, m mail.SGMailV3) {
		mu.Lock()
		defer mu.Unlock()
		seen[m.Personalizations[0].CustomArgs[ArgKey]] = m.Personalizations[0].To[0].Address + " " + m.Content[0].Value
	})
	c := New(Config{APIKey: "k", BaseURL: srv.URL, From: "mail@brand.example"})
	const n = 40
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			m := invitation()
			m.Key = partnership.EffectKey(fmt.Sprintf("k%d", i))
			m.To, m.Text = fmt.Sprintf("c%d@creator.example", i), fmt.Sprintf("text %d", i)
			if r, err := c.SendMail(t.Context(), m); err != nil || r.ID != fmt.Sprintf("id-of-k%d", i) {
				t.Errorf("%d: %v %v", i, r, err)
			}
		})
	}
	wg.Wait()
	for i := range n {
		if got, want := seen[fmt.Sprintf("k%d", i)], fmt.Sprintf("c%d@creator.example text %d", i, i); got != want {
			t.Errorf("mail %d: %q, want %q", i, got, want)
		}
	}
}
