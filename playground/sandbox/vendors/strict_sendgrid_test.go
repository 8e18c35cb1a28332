package vendors_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// As strict as SendGrid: its limits on one request. Each case is a good mail with one thing changed.

type sgMail map[string]any

func goodMail() sgMail {
	return sgMail{
		"personalizations": []any{sgMail{"to": []any{sgMail{"email": "a@x.example"}}}}, "from": sgMail{"email": "partners@rapport.example"}, "subject": "s",
		"content": []any{sgMail{"type": "text/plain", "value": "v"}, sgMail{"type": "text/html", "value": "<p>v</p>"}},
	}
}

// to makes one personalization a mail, with n addresses in each.
func to(personalizations, addresses int) []any {
	all := make([]any, personalizations)
	for i := range all {
		list := make([]any, addresses)
		for j := range list {
			list[j] = sgMail{"email": fmt.Sprintf("a%d-%d@x.example", i, j)}
		}
		all[i] = sgMail{"to": list}
	}
	return all
}

func categories(n int, name string) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = fmt.Sprint(name, i)
	}
	return all
}

func TestSendGridLimits(t *testing.T) {
	t.Parallel()
	b := start(t)
	send := func(m sgMail) (int, string) {
		status, body := b.call(http.MethodPost, "/sendgrid/v3/mail/send", m, "Authorization", "Bearer "+b.keys["sendgrid_api_key"])
		var out struct {
			Errors []struct{ Message, Field string }
		}
		if status == http.StatusAccepted {
			return status, ""
		}
		if err := json.Unmarshal(body, &out); err != nil || len(out.Errors) != 1 {
			t.Fatalf("%d %s", status, body)
		}
		return status, out.Errors[0].Field + ": " + out.Errors[0].Message
	}
	one := func(key string, value any) sgMail { m := goodMail(); m[key] = value; return m }
	first := func(key string, value any) sgMail {
		m := goodMail()
		m["personalizations"].([]any)[0].(sgMail)[key] = value
		return m
	}
	x := sgMail{"email": "x@x.example"}
	parts := func(types ...string) []any {
		var all []any
		for _, typ := range types {
			all = append(all, sgMail{"type": typ, "value": "v"})
		}
		return all
	}
	file := base64.StdEncoding.EncodeToString([]byte("pdf"))
	for name, c := range map[string]struct {
		fits, breaks sgMail
		want         string
	}{
		"personalizations":   {one("personalizations", to(1000, 1)), one("personalizations", to(1001, 1)), "must not contain more than 1000"},
		"recipients":         {one("personalizations", to(2, 500)), one("personalizations", to(2, 501)), "total number of recipients"},
		"to and cc":          {first("cc", []any{x}), first("cc", []any{sgMail{"email": "A@x.example"}}), "unique between to, cc, and bcc"},
		"cc and bcc":         {first("bcc", []any{x}), first("bcc", []any{x, x}), "unique between to, cc, and bcc"},
		"an address":         {first("cc", []any{x}), first("cc", []any{sgMail{"email": "X <x@x.example>"}}), "valid address"},
		"a sender of its":    {first("from", sgMail{"email": "Partners@rapport.example"}), first("from", sgMail{"email": "x"}), "valid address"},
		"subject":            {first("subject", "s"), one("subject", ""), "subject is required"},
		"categories":         {one("categories", categories(10, "c")), one("categories", categories(11, "c")), "more than 10 categories"},
		"category":           {one("categories", categories(1, chars(254))), one("categories", categories(1, chars(255))), "no longer than 255"},
		"categories twice":   {one("categories", []any{"a", "b"}), one("categories", []any{"a", "a"}), "must be unique"},
		"custom_args":        {one("custom_args", sgMail{"k": chars(9998)}), one("custom_args", sgMail{"k": chars(9999)}), "must not exceed 10000 bytes"},
		"custom_args of one": {first("custom_args", sgMail{"k": chars(9998)}), first("custom_args", sgMail{"k": chars(9999)}), "must not exceed 10000 bytes"},
		"send_at":            {first("send_at", time.Now().Add(71*time.Hour).Unix()), first("send_at", time.Now().Add(73*time.Hour).Unix()), "72 hours"},
		"page first":         {one("content", parts("text/plain", "text/html", "text/calendar")), one("content", parts("text/html", "text/plain")), "text/plain first"},
		"two pages":          {one("content", parts("text/html")), one("content", parts("text/html", "text/html")), "only be provided once"},
		"content type":       {one("content", parts("text/calendar")), one("content", parts("html")), "MIME type"},
		"a header's name":    {one("headers", sgMail{"X-A": "b"}), one("headers", sgMail{"X A": "b"}), "ASCII"},
		"a header's line":    {one("headers", sgMail{"X-A": "b"}), one("headers", sgMail{"X-A": "b\r\nBcc: c@x.example"}), "one line"},
		"reserved for one":   {first("headers", sgMail{"X-A": "b"}), first("headers", sgMail{"Subject": "b"}), "reserved"},
		"reply_to_list":      {one("reply_to_list", []any{x}), one("reply_to_list", []any{x, x}), "valid and unique"},
		"attachment": {
			one("attachments", []any{sgMail{"content": file, "filename": "a.pdf"}}), one("attachments", []any{sgMail{"content": "no base64!", "filename": "a.pdf"}}), "base64",
		},
	} {
		if status, problem := send(c.fits); status != http.StatusAccepted {
			t.Errorf("%s: refused at the limit: %d %s", name, status, problem)
		}
		if status, problem := send(c.breaks); status != http.StatusBadRequest || !strings.Contains(problem, c.want) {
			t.Errorf("%s: beyond the limit: %d %s", name, status, problem)
		}
	}
	for where, m := range map[string]sgMail{"from": one("from", x), "personalizations.0.from": first("from", x)} {
		if status, problem := send(m); status != http.StatusForbidden || !strings.HasPrefix(problem, where+": ") || !strings.Contains(problem, "verified Sender Identity") {
			t.Errorf("a sender whom nobody verified: %d %s", status, problem)
		}
	}
	if status, problem := send(one("subject", chars(30<<20))); status != http.StatusRequestEntityTooLarge || !strings.Contains(problem, "30MB") {
		t.Errorf("more than 30 MB: %d %s", status, problem)
	}
}
