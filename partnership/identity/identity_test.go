package identity_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// However a handle is written, it is the same account, and what is kept is read again as itself.
func TestOneAccountHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		handle := rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9_.]{1,20}[a-zA-Z0-9]`).Draw(t, "handle")
		host := rapid.SampledFrom([][2]string{{"instagram", "instagram.com/"}, {"tiktok", "tiktok.com/@"}, {"youtube", "youtube.com/@"}, {"x", "twitter.com/"}}).Draw(t, "host")
		form := rapid.SampledFrom([]string{"h", "@h", " h ", "https://www.L", "http://m.L/", "L?utm=1&x=2", "L#top", "HTTPS://L", "H"}).Draw(t, "form")
		text := strings.NewReplacer("L", host[1]+handle, "h", handle, "H", strings.ToUpper(handle)).Replace(form)
		if strings.Contains(form, "://") {
			text = strings.Replace(form, "L", host[1]+handle, 1)
		}
		want := identity.Account{Platform: host[0], Handle: handle}
		got, err := identity.ParseAccount(host[0], text)
		if strings.HasSuffix(want.Key(), "profile.php") || err != nil && strings.Contains(err.Error(), "leads to no profile") {
			t.Skip("a page of the platform's own")
		}
		if err != nil || got.Platform != host[0] || got.Key() != want.Key() {
			t.Fatalf("%q is %+v (%v), want %s", text, got, err, want)
		}
		again, err := identity.Ref(got.String())
		if err != nil || again.Key() != got.Key() || again.Platform != got.Platform {
			t.Fatalf("%s is read again as %+v, %v", got, again, err)
		}
	})
}

func TestKeysTellPlatformsHandlesApart(t *testing.T) {
	t.Parallel()
	same := [][2]string{{"Fern.Attic", "fern.attic"}, {"ＦＥＲＮ", "fern"}, {"é", "e\u0301"}, {"STRASSE", "straße"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"}, {"ФЁРН", "фёрн"}}
	for _, pair := range same {
		if a, b := (identity.Account{Platform: "youtube", Handle: pair[0]}), (identity.Account{Platform: "youtube", Handle: pair[1]}); a.Key() != b.Key() {
			t.Errorf("%q and %q are two", pair[0], pair[1])
		}
	}
	a, b := identity.Account{Platform: "youtube", Handle: "UCabcdefghijklmnopqrstuv"}, identity.Account{Platform: "youtube", Handle: "UCABCDEFGHIJKLMNOPQRSTUV"}
	if a.Key() == b.Key() {
		t.Error("the ids of two channels are one")
	}
}

func TestMailAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" Ada@Mail.EXAMPLE ": "Ada@mail.example", "ada@bücher.example": "ada@xn--bcher-kva.example", "ada+shop@m.example": "ada+shop@m.example", "a@m.example.": "a@m.example",
		"": "", "ada": "", "@m.example": "", "ada@": "", "a b@m.example": "", "ada@m.example\u200b": "", "ada@m\u2024example": "", "ad\u00ada@m.example": "", "ada＠m.example": "",
		"a@m.example, b@m.example": "", `"a"@m.example`: "", strings.Repeat("a", 250) + "@m.example": "",
	} {
		got, err := identity.ParseMail(text)
		if (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	if identity.MailKey("Desk@BÜCHER.example") != identity.MailKey("desk@xn--bcher-kva.EXAMPLE") || identity.MailKey("a+b@m.example") == identity.MailKey("a@m.example") {
		t.Error("addresses are told apart wrongly")
	}
}

func FuzzAccount(f *testing.F) {
	for _, seed := range []string{"@fern", "https://www.instagram.com/fern/", "instagram:fern", "youtube.com/@コハル", "<https://x.com/a|b>", "tiktok.com/@%E3", "\u202ea", "::", "//", "UCabcdefghijklmnopqrstuv"} {
		f.Add("instagram", seed)
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, platform, text string) {
		a, err := identity.ParseAccount(platform, text)
		if err != nil {
			if partnership.CodeOf(err) != partnership.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		if !utf8.ValidString(a.Handle) || a.Handle == "" || strings.ContainsAny(a.Handle, "/ @:\n") || norm.NFKC.String(a.Handle) != a.Handle {
			t.Fatalf("%q is kept as %q", text, a.Handle)
		}
		if _, hidden := identity.FirstInvisible(a.Handle); hidden {
			t.Fatalf("%q hides something", a.Handle)
		}
		again, err := identity.ParseAccount(a.Platform, a.Handle)
		if err != nil || again.Key() != a.Key() {
			t.Fatalf("%+v is read again as %+v, %v", a, again, err)
		}
		if folded := (identity.Account{Platform: a.Platform, Handle: a.Key()}); folded.Key() != a.Key() {
			t.Fatalf("the key of %q is no key: %q", a.Handle, folded.Key())
		}
	})
}

func FuzzMail(f *testing.F) {
	for _, seed := range []string{"ada@m.example", "Ada@BÜCHER.example", "a@xn--bcher-kva.example", "a@b@c", "a@\u200b", "a+b@c.d.", "ａ@b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := identity.ParseMail(text)
		if err != nil {
			if partnership.CodeOf(err) != partnership.Invalid {
				t.Fatal(err)
			}
			return
		}
		again, err := identity.ParseMail(got)
		if err != nil || again != got || identity.MailKey(text) != identity.MailKey(got) {
			t.Fatalf("%q is %q, and again %q, %v", text, got, again, err)
		}
	})
}

func FuzzCleanText(f *testing.F) {
	f.Add("Fern\u200b Attley")
	f.Add("👩\u200d🎨 x\u200d")
	f.Add("A\x00\u0300")
	f.Fuzz(func(t *testing.T, text string) {
		clean, _ := identity.CleanText(text)
		again, removed := identity.CleanText(clean)
		if again != clean || len(removed) > 0 {
			t.Fatalf("%q is cleaned to %q, and again to %q", text, clean, again)
		}
	})
}

func TestALinkAndAPlatformAgree(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"youtube", "https://instagram.com/ada"}, {"instagram", "https://www.tiktok.com/@ada"}, {"blog", "x.com/ada"}} {
		if got, err := identity.ParseAccount(c[0], c[1]); err == nil {
			t.Errorf("%s and %s are %v", c[0], c[1], got)
		}
	}
	if got, err := identity.ParseAccount("ig", "https://instagram.com/ada"); err != nil || got.String() != "instagram:ada" {
		t.Errorf("the same platform by another name is %v, %v", got, err)
	}
}
