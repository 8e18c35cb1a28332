package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files of A4 and A5 through the commands that people give: nobody's record is taken over, agencies share a mailbox, links and other
// scripts are read, and what cannot be seen in an address is refused by name.
func TestFilesOfPeopleThroughTheCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	kept(t) // @lena, with open work
	file := func(name string) string { return filepath.Join("..", "intake", "testdata", "people", name+".csv") }
	own := filepath.Join(t.TempDir(), "own.csv")
	const header = "handle,name,email,platform,followers,engagement_rate,niche\n"
	says := func(want int, words []string, args ...string) {
		t.Helper()
		code, out := typed(t, args...)
		if code != want {
			t.Errorf("%v: exit %d, want %d: %s", args, code, want, out)
		}
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%v: %q is not said: %s", args, w, out)
			}
		}
	}
	person := func(ref, name, mail string) {
		t.Helper()
		says(done, []string{`"name": "` + name + `"`, `"email": "` + mail + `"`}, "creators", "show", ref, "--json")
	}
	validate := func(want int, file string, words ...string) {
		t.Helper()
		says(want, words, "campaign", "validate", "-f", campaignFile, "--creators", file)
	}

	says(done, []string{"Imported 1 creators."}, "creators", "import", file("A4-first"))
	says(done, []string{"instagram:fern.attic"}, "creators", "import", file("A4-then-another-person")) // the other one is named
	person("instagram:fern.attic", "Fern Attley", "fern@mail.example")
	person("tiktok:fern.attic", "Moss Porter", "moss@mail.example")

	says(done, []string{"Imported 1 creators."}, "creators", "import", file("A4-handles"))
	person("https://www.instagram.com/fern.attic/", "Fern Attley", "fern@mail.example")

	says(done, []string{"email: the same address as in line 2", "Imported 2 creators."}, "creators", "import", file("A4-agency-mail"))
	person("instagram:fern.attic", "Fern Attley", "desk@agency.example")
	person("tiktok:moss.porch", "Moss Porter", "Desk@agency.example")

	invisible := "A5-invisible.csv:2: email: holds a ZERO WIDTH SPACE (U+200B)"
	says(wrong, []string{invisible}, "creators", "import", file("A5-invisible"))
	person("tiktok:moss.porch", "Moss Porter", "Desk@agency.example") // nothing of a refused file was taken

	for _, name := range []string{"A4-first", "A4-then-another-person", "A4-handles", "A4-agency-mail"} {
		validate(done, file(name))
	}
	validate(wrong, file("A5-invisible"), invisible)

	write := func(rows string) {
		t.Helper()
		if err := os.WriteFile(own, []byte(header+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// Every character that cannot be seen, in an address or a handle, would make one person two.
	for _, r := range "\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202d\u202f\u2060\u2064\u2066\u2800\u3164\ufe0f\ufeff\U000e0041" {
		for field, row := range map[string]string{
			"email":  "fern.attic,Fern,fern@mail" + string(r) + ".example,tiktok,9000,4,home\n",
			"handle": "fern" + string(r) + "attic,Fern,fern@mail.example,tiktok,9000,4,home\n",
		} {
			write(row)
			says(wrong, []string{"own.csv:2: " + field + ": holds a"}, "creators", "import", own)
		}
	}
	// One person on two platforms gets one invitation: a campaign's file is refused, the list of people is not.
	write("fern,Fern Attley,f@mail.example,instagram,9000,4,home\nfern,FERN  Attley,F@mail.example,tiktok,9000,4,home\n")
	validate(wrong, own, "own.csv:3: person: the same name and address as in line 2")
	// An agency's three people, two of them with one handle.
	write("a.b,Ann,desk@agency.example,instagram,9000,4,home\na.b,Bo,desk@agency.example,youtube,9000,4,home\n小春,Koharu,DESK@agency.example,youtube,9000,4,home\n")
	validate(done, own, "own.csv:3: email: the same address as in line 2")
	says(done, []string{"Imported 3 creators."}, "creators", "import", own)
	person("youtube:小春", "Koharu", "DESK@agency.example")
	person("youtube:a.b", "Bo", "desk@agency.example")

	// Somebody with open work is not changed unasked, whoever the file is from.
	says(done, nil, "creators", "show", "@lena")
}
