package partnership_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func token(n int) string {
	sum := sha256.Sum256(fmt.Append(nil, n))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// shapes are what mail programs make of a link.
var shapes = map[string]func(link, token string) string{
	"plain":            func(l, _ string) string { return "See " + l + " please" },
	"in brackets":      func(l, _ string) string { return "offer<" + l + ">" },
	"at the end":       func(l, _ string) string { return "> " + l },
	"with a query":     func(l, _ string) string { return l + "?done=accept#x" },
	"upper-case host":  func(l, _ string) string { return strings.Replace(l, "rapport.example", "RAPPORT.EXAMPLE", 1) },
	"without a scheme": func(l, _ string) string { return strings.TrimPrefix(l, "https://") },
	"percent-encoded": func(l, _ string) string {
		return "https://nam.safelinks.protection.outlook.com/?url=" + url.QueryEscape(l) + "&data=05"
	},
	"encoded twice":     func(l, _ string) string { return "https://x.example/?u=" + url.QueryEscape(url.QueryEscape(l)) },
	"google's redirect": func(l, _ string) string { return "https://www.google.com/url?q=" + l + "&sa=D" },
	"urldefense v3":     func(l, _ string) string { return "https://urldefense.com/v3/__" + l + "__;!!AbC$" },
	"urldefense v2": func(l, _ string) string {
		return "https://urldefense.proofpoint.com/v2/url?u=" + strings.NewReplacer("-", "-2D", "_", "-5F", ":", "-3A", "/", "_").Replace(l) + "&d=x"
	},
	"quoted-printable":   func(l, t string) string { return strings.Replace(l, t, t[:17]+"=\r\n"+t[17:], 1) },
	"split and quoted":   func(l, t string) string { return "> " + strings.Replace(l, t, t[:9]+"\n> "+t[9:], 1) },
	"split three times":  func(l, t string) string { return strings.Replace(l, t, t[:9]+"\n"+t[9:20]+"\r\n>> "+t[20:], 1) },
	"split at the slash": func(l, t string) string { return strings.Replace(l, t, "\n"+t, 1) },
	"split before door":  func(l, _ string) string { return strings.Replace(l, "example/", "example/\n> ", 1) },
	"soft hyphens":       func(l, t string) string { return strings.Replace(l, t, t[:20]+"\u00ad"+t[20:30]+"\u200b"+t[30:], 1) },
	"percent in token": func(l, t string) string {
		return strings.Replace(l, t, strings.NewReplacer("-", "%2D", "_", "%5F").Replace(t), 1)
	},
	"token alone":         func(_, t string) string { return "my code is " + t + "." },
	"twice in one line":   func(l, _ string) string { return l + " " + l },
	"html entity slashes": func(l, _ string) string { return strings.ReplaceAll(l, "/", "&#47;") },
}

func TestSecretLinksAreHidden(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		secret := token(n)
		for _, door := range []string{"t", "u", "me"} {
			link := "https://rapport.example/" + door + "/" + secret
			for name, shape := range shapes {
				text := "Hello,\n" + shape(link, secret) + "\nLena"
				got := partnership.HideLinks(text)
				bare := strings.NewReplacer("\n", "", "\r", "", ">", "", " ", "", "=", "", "\u00ad", "", "\u200b", "", "%2D", "-", "%5F", "_", "%252D", "-", "%255F", "_", "-2D", "-", "-5F", "_").Replace(got)
				if strings.Contains(bare, secret) || strings.Contains(bare, secret[:20]) || strings.Contains(bare, secret[23:]) {
					t.Fatalf("%s: %q shows %s in %q", name, text, secret, got)
				}
				if !strings.HasPrefix(got, "Hello,") || !strings.Contains(got, "Lena") {
					t.Errorf("%s: more than the link went: %q", name, got)
				}
			}
		}
	}
}

func TestCutAndForeignLinks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://127.0.0.1/t/SECRETTOKEN":                                     "http://127.0.0.1/t/[their own link]",
		"reply+abcdefghijklmnopqrstuvwxyz234567@reply.rapport.example wrote": "reply+[token]@reply.rapport.example wrote",
		"https://www.reddit.com/u/lena_leaver":                               "https://www.reddit.com/u/lena_leaver",
		"https://instagram.com/p/Cxyz123/ and https://youtu.be/dQw4w9WgXcQ":  "https://instagram.com/p/Cxyz123/ and https://youtu.be/dQw4w9WgXcQ",
		"I post at/me/you, 2300 for t/u":                                     "I post at/me/you, 2300 for t/u",
		"https://shop.example/c/AbCd12":                                      "https://shop.example/c/AbCd12",
		"":                                                                   "",
	} {
		if got := partnership.HideLinks(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
