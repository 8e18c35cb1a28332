package sendgrid

import (
	"bytes"
	"errors"
	"mime/multipart"
	"strings"
	"testing"
)

// delivery builds a form as Inbound Parse posts it. A name that starts with "@" is a file.
func delivery(t testing.TB, pairs ...string) (body []byte, contentType string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		if name, file := strings.CutPrefix(pairs[i], "@"); file {
			part, err := w.CreateFormFile(name, "a.png")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = part.Write([]byte(pairs[i+1]))
			continue
		}
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), w.FormDataContentType()
}

const envelope = `{"to":["T-Abc@in.brand.example"],"from":"Mira@creator.example"}`

func parsed(t *testing.T, pairs ...string) Inbound {
	t.Helper()
	in, err := ParseInbound(delivery(t, pairs...))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestParseInbound(t *testing.T) {
	t.Parallel()
	in := parsed(t,
		"headers", "Message-ID: <1@creator.example>\nFrom: Mira <mira@creator.example>\n", "to", "someone-else@x.example",
		"from", "Mira <mira@creator.example>", "subject", "Re: A jar", "text", "Yes please!\n\nOn Mon, 2 Nov 2026 Saltmarsh wrote:\n> Hello\n",
		"envelope", envelope, "SPF", "pass", "dkim", "{@creator.example : pass}", "charsets", `{"text":"UTF-8"}`,
		"attachments", "2", "@attachment1", "png", "@unnamed-by-info", "png")
	if len(in.To) != 1 || in.To[0] != "t-abc@in.brand.example" || in.From != "mira@creator.example" {
		t.Errorf("routed by %v from %q, want the envelope's", in.To, in.From)
	}
	if in.Reply != "Yes please!" || in.SPF != "pass" || in.AutoReply || in.Attachments != 2 || in.Subject != "Re: A jar" {
		t.Errorf("%+v", in)
	}
}

func TestRedeliveryHasTheSameID(t *testing.T) {
	t.Parallel()
	pairs := []string{"headers", "Message-ID: <1@x>\n", "text", "Yes", "envelope", envelope}
	a, b := parsed(t, pairs...), parsed(t, pairs...) // each with a boundary of its own
	other := parsed(t, "headers", "Message-ID: <2@x>\n", "text", "Yes", "envelope", envelope)
	if a.ID != b.ID || a.ID == other.ID || strings.Contains(a.ID, "@") {
		t.Errorf("%q %q %q", a.ID, b.ID, other.ID)
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	in := parsed(t, "text", "Gr\xfc\xdfe", "envelope", envelope, "charsets", `{"text":"iso-8859-1"}`)
	if in.Text != "Grüße" {
		t.Errorf("%q", in.Text)
	}
	in = parsed(t, "text", "Gr\xfc\xdfe", "envelope", envelope, "charsets", `{"text":"no-such-charset"}`)
	if in.Text != "Grüße" { // read as Windows wrote it
		t.Errorf("%q", in.Text)
	}
}

func TestAutoReplies(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "Auto-Submitted: no": false, "Precedence: bulk": true,
		"X-Autoreply: yes": true, "Precedence: list": false, "X-Auto-Response-Suppress: All": false, "Return-Path: <>": true,
		"Content-Type: multipart/report; report-type=delivery-status": true,
	} {
		if in := parsed(t, "headers", header+"\n", "text", "x", "envelope", envelope); in.AutoReply != want {
			t.Errorf("%s: %v", header, in.AutoReply)
		}
	}
}

func TestHTMLOnly(t *testing.T) {
	t.Parallel()
	in := parsed(t, "html", `<html><head><style>p{}</style></head><body><p>Yes,&nbsp;<b>gladly</b>.</p><script>x()</script><blockquote>Hello</blockquote></body></html>`, "envelope", envelope)
	if !strings.HasPrefix(in.Text, "Yes, gladly.") || !strings.Contains(in.Text, "Hello") || in.Reply != "Yes, gladly." || strings.Contains(in.Reply, "Hello") {
		t.Errorf("%q", in.Text)
	}
}

// A page that only quotes has no words of its own, and is kept whole.
func TestAPageThatOnlyQuotesIsKept(t *testing.T) {
	t.Parallel()
	in := parsed(t, "html", `<blockquote><p>Shall we send it on Monday?</p></blockquote>`, "envelope", envelope)
	if in.Reply != "" || in.Text != "Shall we send it on Monday?" {
		t.Errorf("%q, of %q", in.Reply, in.Text)
	}
}

func TestRawMail(t *testing.T) {
	t.Parallel()
	for name, nl := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
		raw := strings.ReplaceAll(`Message-ID: <1@x>
From: =?utf-8?q?Mira_M=C3=BCller?= <mira@creator.example>
Subject: =?iso-8859-1?q?Gr=FC=DFe?=
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6n, ich bin dabei.

> zitiert
--inner
Content-Type: text/html
Content-Transfer-Encoding: base64

PHA+U2Now7ZuPC9wPg==
--inner--
--outer
Content-Type: image/png
Content-Disposition: attachment; filename=a.png

xx
--outer--
`, "\n", nl)
		in := parsed(t, "email", raw, "envelope", envelope)
		if in.Subject != "Grüße" || in.Reply != "Schön, ich bin dabei." || in.HTML != "<p>Schön</p>" || in.Attachments != 1 ||
			in.HeaderFrom != "Mira Müller <mira@creator.example>" {
			t.Errorf("%s: %+v", name, in)
		}
	}
	if in := parsed(t, "email", "Subject: x\r\n\r\nplain", "envelope", envelope); in.Text != "plain" {
		t.Errorf("%+v", in)
	}
}

// What cannot be routed is refused here; the door keeps its bytes all the same.
func TestInboundRefusals(t *testing.T) {
	t.Parallel()
	body, _ := delivery(t, "text", "x", "envelope", envelope)
	for name, contentType := range map[string]string{"json": "application/json", "no boundary": "multipart/form-data", "no type": ""} {
		if _, err := ParseInbound(body, contentType); !errors.Is(err, ErrNotMultipart) {
			t.Errorf("%s: %v", name, err)
		}
	}
	body, contentType := delivery(t, "text", "x", "envelope", `{"to":[]}`)
	if _, err := ParseInbound(body, contentType); !errors.Is(err, ErrNoEnvelope) {
		t.Errorf("no recipient: %v", err)
	}
}

func TestCutQuoted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"plain":          {"Yes.\nSee you", "Yes.\nSee you"},
		"gmail":          {"Yes\n\nOn Mon, Nov 2, 2026 at 9:01 AM Brand <a@b.example> wrote:\n> Hi", "Yes"},
		"gmail wrapped":  {"Yes\n\nOn Mon, Nov 2, 2026 at 9:01 AM Brand with a long name\n<a@b.example>\nwrote:\n> Hi", "Yes"},
		"german":         {"Ja\n\nAm 02.11.26 um 09:01 schrieb Brand:\n> Hallo", "Ja"},
		"french":         {"Oui\n\nLe lun. 2 nov. 2026, Brand a écrit :\n> Bonjour", "Oui"},
		"outlook":        {"Sure\r\n\r\nFrom: Brand\r\nSent: Monday\r\nTo: Mira\r\nSubject: x\r\n\r\nHi", "Sure"},
		"outlook rule":   {"Sure\n________________________________\nFrom: Brand", "Sure"},
		"original":       {"Ok\n-----Original Message-----\nHi", "Ok"},
		"signature":      {"Ok\n-- \nMira\n+1 555", "Ok"},
		"bottom posting": {"On Mon, Brand wrote:\n> Would you?\n\nYes I would.", "Yes I would."},
		"inline":         {"> Would you?\nYes.\n> When?\nMay.", "Yes.\nMay."},
		"not a quote":    {"On it! I wrote: the caption.", "On it! I wrote: the caption."},
		"From in text":   {"From: my heart, yes", "From: my heart, yes"},
		"only a quote":   {"> Hi", ""},
		"empty":          {"", ""},
	} {
		if got := CutQuoted(tc.in); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func FuzzParseInbound(f *testing.F) {
	body, ct := delivery(f, "text", "Yes\n> q", "html", "<p>x", "envelope", envelope, "charsets", `{"text":"gbk"}`, "headers", "A: b\n", "@f", "x")
	f.Add(body, ct)
	body, ct = delivery(f, "email", "From: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--", "envelope", envelope)
	f.Add(body, ct)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		in, err := ParseInbound(body, contentType)
		if err == nil && (len(in.To) == 0 || in.ID == "") {
			t.Fatalf("%+v", in)
		}
	})
}

func FuzzCutQuoted(f *testing.F) {
	f.Add("Yes\n\nOn Mon wrote:\n> Hi")
	f.Fuzz(func(t *testing.T, s string) {
		if got := CutQuoted(s); len(got) > len(s)*3 {
			t.Fatalf("grew from %d to %d", len(s), len(got))
		}
	})
}
