package sendgrid

import (
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// written is one part with these words, in some transfer encoding.
func written(t *rapid.T, said string) string {
	switch rapid.SampledFrom([]string{"8bit", "base64", "quoted-printable"}).Draw(t, "encoding") {
	case "base64":
		return "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(said)) + "\n"
	case "quoted-printable":
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(said))
		_ = w.Close()
		return "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + strings.ReplaceAll(b.String(), "\r\n", "\n") + "\n"
	}
	return "Content-Type: text/plain; charset=utf-8\n\n" + said + "\n"
}

// TestNoWordIsLost: whatever people write, in whatever parts, the mail keeps every word of it, wherever it breaks off.
func TestNoWordIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[\p{L}\p{N}>:.,!? -]{1,40}`), 1, 6)
		var all []string
		mail := written(r, "the first")
		for depth := range rapid.IntRange(1, 4).Draw(r, "depth") {
			boundary := fmt.Sprintf("=_%d_%d", depth, len(mail))
			body := "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n"
			for range rapid.IntRange(0, 3).Draw(r, "before") {
				said := strings.Join(lines.Draw(r, "words"), "\n")
				all = append(all, said)
				body += "--" + boundary + "\n" + written(r, said)
			}
			mail = body + "--" + boundary + "\n" + mail
			if rapid.Bool().Draw(r, "closed") {
				mail += "\n--" + boundary + "--\n"
			}
		}
		mail = "Subject: x\n" + mail
		if rapid.Bool().Draw(r, "crlf") {
			mail = strings.ReplaceAll(mail, "\n", "\r\n")
		}
		body, contentType := delivery(t, "envelope", envelope, "email", mail)
		in, err := ParseInbound(body, contentType)
		if err != nil {
			r.Fatal(err)
		}
		for _, said := range append(all, "the first") {
			if missing := misses(in.Text, said); len(missing) > 0 {
				r.Fatalf("%q are lost; kept is %q", missing, in.Text)
			}
		}
	})
}
