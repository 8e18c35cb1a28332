package identity_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership/identity"
)

func TestOneNameInEverySpellingOfAPhoneAndAChat(t *testing.T) {
	t.Parallel()
	for wanted, spellings := range map[string][]string{
		"Dreams Sunset": {
			"Dreams Sunset", " Dreams  Sunset ", "“Dreams Sunset”", "‘Dreams Sunset’", `"Dreams Sunset"`, "«Dreams Sunset»", "„Dreams Sunset”", "Dreams\u00a0Sunset",
			"\u200bDreams Sunset\u200b", "Ｄｒｅａｍｓ Sunset", "`Dreams Sunset`",
		},
		"R&B Nights":                       {"R&amp;B Nights", "R&B Nights", "“R&amp;B Nights”"},
		"@fern.attic":                      {"@fern.attic", "<@U012AB|fern.attic>", "<@U012AB|@fern.attic>", "\u2066@fern.attic\u2069"},
		"fern.attic":                       {"<http://fern.attic|fern.attic>", "fern.attic", "<http://fern.attic/|fern.attic>"},
		"https://instagram.com/fern.attic": {"<https://instagram.com/fern.attic>", "<https://instagram.com/fern.attic|her page>"},
		"fern@mail.example":                {"<mailto:fern@mail.example|fern@mail.example>", "<mailto:fern@mail.example>", "fern＠mail.example"},
		"<@U012AB>":                        {"<@U012AB>"}, // a person of the workspace, who is nobody's creator
		"<!channel>":                       {"<!channel>", "&lt;!channel&gt;"},
		"":                                 {"", " ", "\u200b", `""`},
	} {
		for _, typed := range spellings {
			if got := identity.Typed(typed); got != wanted {
				t.Errorf("%q is %q, want %q", typed, got, wanted)
			}
		}
	}
}

// FuzzTyped: nothing that cannot be seen is left.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{"“a b”", "&amp;lt;", "<@U1|x>", "<https://x.example|x.example>", "’’"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range identity.Typed(text) {
			if identity.Invisible(r) {
				t.Errorf("%q keeps %U", text, r)
			}
		}
	})
}
