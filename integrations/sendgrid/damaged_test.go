package sendgrid

import (
	"bytes"
	"strings"
	"testing"
)

// Each of these was answered 200 and lost for good.
func TestDamagedMailsAreKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxText+100)
	for name, tc := range map[string]struct {
		pairs        []string
		text, doubts string
	}{
		"HTML over the bound":        {[]string{"text", "Yes please", "html", "<p>" + strings.Repeat("y", 3<<20)}, "Yes please", ""},
		"text over the bound":        {[]string{"text", long}, long[:maxText], "the first 1048576 are shown"},
		"a letter at the bound":      {[]string{"text", strings.Repeat("x", maxText-1) + "ü"}, strings.Repeat("x", maxText-1), "the first 1048575 are shown"},
		"a NUL":                      {[]string{"text", "Yes\x00please", "subject", "a\x00b"}, "Yes\uFFFDplease", ""},
		"raw, a NUL":                 {[]string{"email", "Subject: x\r\n\r\nYes\x00"}, "Yes\uFFFD", ""},
		"raw, a bad base64 line":     {[]string{"email", "Content-Transfer-Encoding: base64\r\n\r\nWWVzIHBs\r\n!!!!\r\nZWFzZQ==\r\n"}, "Yes pl\uFFFDease", "damaged"},
		"raw, base64 cut short":      {[]string{"email", "Content-Transfer-Encoding: base64\r\n\r\nWWVzIHBsZWFzZ"}, "Yes pleas\uFFFD", "damaged"},
		"raw, bad quoted-printable":  {[]string{"email", "Content-Transfer-Encoding: quoted-printable\r\n\r\nJa=2C ge=XXrn =\r\nso"}, "Ja, ge=XXrn so", ""},
		"raw, no end":                {[]string{"email", "Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nYes\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>Ye"}, "Yes", "breaks off"},
		"raw, no end of the first":   {[]string{"email", "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nYes"}, "Yes", "breaks off"},
		"raw, boundary unquoted":     {[]string{"email", "Content-Type: multipart/mixed; boundary=a=b?c; x\r\n\r\n--a=b?c\r\n\r\nYes\r\n--a=b?c--"}, "Yes", ""},
		"raw, no header":             {[]string{"email", "just words"}, "just words", ""},
		"raw, no empty line":         {[]string{"email", "Subject: x\r\nYes, and more"}, "Yes, and more", ""},
		"raw, a bad header line":     {[]string{"email", ">From somebody\nSubject: x\nno field\n\nYes"}, "Yes", ""},
		"raw, unknown charset":       {[]string{"email", "Content-Type: text/plain; charset=x-none\n\nZo\xeb"}, "Zoë", ""},
		"raw, words around pictures": {[]string{"email", "Content-Type: multipart/mixed; boundary=B\n\n--B\n\none\n--B\nContent-Type: image/jpeg; name=a.jpg\n\nxx\n--B\n\ntwo\n--B--"}, "one\n\ntwo", ""},
		"deep":                       {[]string{"text", "Yes", "email", strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 20)}, "", ""},
		"a wrong charset":            {[]string{"text", "Zo\xeb sagt ja", "charsets", `{"text":"UTF-8"}`}, "Zoë sagt ja", ""},
		"an open head":               {[]string{"html", "<html><head><title>Hi<body><p>Yes please!</p></body></html>"}, "Yes please!", ""},
	} {
		in := parsed(t, append(tc.pairs, "envelope", envelope)...)
		if in.Text != tc.text {
			got, _ := prefix(in.Text, 80)
			t.Errorf("%s: text %q", name, got)
		}
		if doubts := strings.Join(in.Doubts, "; "); !strings.Contains(doubts, tc.doubts) {
			t.Errorf("%s: doubts %q", name, doubts)
		}
	}
}

func TestADamagedDeliveryIsKept(t *testing.T) {
	t.Parallel()
	body, contentType := delivery(t, "envelope", envelope, "text", "Yes please", "subject", "Re: A jar")
	in, err := ParseInbound(body[:len(body)-30], contentType)
	if err != nil || in.Text != "Yes please" || len(in.Doubts) != 1 {
		t.Errorf("%+v %v", in, err)
	}
	in = parsed(t, "headers", "To: x@y.example\n", "to", "Brand <reply+abc@in.example>", "text", "Yes")
	if len(in.To) == 0 || in.To[0] != "reply+abc@in.example" || in.AutoReply {
		t.Errorf("without an envelope: %+v", in)
	}
	many := []string{"envelope", envelope, "text", "Yes"}
	for range maxParts + 1 {
		many = append(many, "@f", "x")
	}
	if in = parsed(t, many...); in.Text != "Yes" || len(in.Doubts) != 1 {
		t.Errorf("many parts: %d files, %v", len(in.Files), in.Doubts)
	}
}

// A mail of a megabyte may have a quarter of a million parts: nobody makes room for them.
func TestPartsHaveAnEnd(t *testing.T) {
	t.Parallel()
	if parts, _, _ := split(bytes.Repeat([]byte("--b\n"), 1<<18), "b"); len(parts) > maxParts+1 {
		t.Errorf("%d parts", len(parts))
	}
	in := parsed(t, "email", "Content-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat("--b\n\nYes\n", 2*maxParts), "envelope", envelope)
	if !strings.HasPrefix(in.Text, "Yes") || len(in.Doubts) != 1 || !strings.Contains(in.Doubts[0], "more parts") {
		t.Errorf("%d bytes, %v", len(in.Text), in.Doubts)
	}
}

func TestFilesAreNamed(t *testing.T) {
	t.Parallel()
	in := parsed(t, "text", "", "envelope", envelope, "@attachment1", "12345")
	if len(in.Files) != 1 || in.Files[0].Name != "a.png" || in.Files[0].Size != 5 || in.Attachments != 1 {
		t.Errorf("%+v", in.Files)
	}
	other := parsed(t, "text", "", "envelope", envelope, "@attachment1", "54321")
	if in.ID == other.ID {
		t.Error("two mails without words and with other files are one")
	}
	in = parsed(t, "html", `<div><img src="cid:1" alt="IMG_0042.jpg"><br></div>`, "envelope", envelope)
	if in.Reply != "[picture: IMG_0042.jpg]" {
		t.Errorf("%q", in.Reply)
	}
}

func TestMachinesAndPeople(t *testing.T) {
	t.Parallel()
	null := `{"to":["a@in.example"],"from":""}`
	for name, tc := range map[string]struct {
		pairs []string
		want  bool
	}{
		"null sender":          {[]string{"envelope", null}, true},
		"delivery report":      {[]string{"envelope", envelope, "headers", "Content-Type: multipart/report; report-type=delivery-status\n"}, true},
		"mailer-daemon":        {[]string{"envelope", envelope, "from", "MAILER-DAEMON@mx.mail.example"}, true},
		"absence note":         {[]string{"envelope", envelope, "subject", "Abwesenheitsnotiz: Acme Scents"}, true},
		"automatic reply":      {[]string{"envelope", envelope, "subject", "Automatic reply: Acme"}, true},
		"failure notice":       {[]string{"envelope", envelope, "subject", "failure notice"}, true},
		"raw absence note":     {[]string{"envelope", envelope, "email", "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_x?=\n\nx"}, true},
		"read receipt":         {[]string{"envelope", envelope, "headers", "Content-Type: multipart/report; report-type=disposition-notification\n"}, true},
		"through a list":       {[]string{"envelope", envelope, "headers", "Precedence: list\nList-Id: <team.agency.example>\n"}, false},
		"outlook's suppress":   {[]string{"envelope", envelope, "headers", "X-Auto-Response-Suppress: All\n"}, false},
		"a person's subject":   {[]string{"envelope", envelope, "subject", "Re: automatic reply lamps I could show"}, false},
		"out there somewhere":  {[]string{"envelope", envelope, "subject", "Reading list, and yes"}, false},
		"no envelope at all":   {[]string{"to", "a@in.example"}, false},
		"postmaster in a name": {[]string{"envelope", envelope, "from", "The Postmaster's Daughter <lena@mail.example>"}, false},
	} {
		if in := parsed(t, append(tc.pairs, "text", "x")...); in.AutoReply != tc.want {
			t.Errorf("%s: machine %v", name, in.AutoReply)
		}
	}
}
