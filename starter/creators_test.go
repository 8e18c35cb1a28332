package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// typed runs a command and gives its code with all that it says.
func typed(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, &out, &out)
	return code, out.String()
}

// A file never takes over the record of somebody with open work, and the command that shows what it would change says how to do it.
func TestAnImportShowsAndIsConfirmed(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	kept(t) // @lena on no platform, with a partnership
	file := filepath.Join(t.TempDir(), "creators.csv")
	write := func(rows string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("handle,name,email,platform,followers,engagement_rate,niche\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	says := func(code, want int, out string, words ...string) {
		t.Helper()
		if code != want {
			t.Errorf("exit %d, want %d: %s", code, want, out)
		}
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not said: %s", w, out)
			}
		}
	}
	write("moss,Moss,moss@mail.example,tiktok,9000,4,home\nMoss,Another,other@mail.example,instagram,9000,4,home\n")
	code, out := typed(t, "creators", "import", file)
	says(code, done, out, "Imported 2 creators.")
	code, out = typed(t, "creators", "show", "@moss")
	says(code, wrong, out, "instagram:Moss or tiktok:moss")
	code, out = typed(t, "creators", "show", "moss", "--platform", "tiktok")
	says(code, done, out, "@moss on tiktok", "<moss@mail.example>")
	code, out = typed(t, "creators", "show", "https://www.tiktok.com/@Moss?lang=en")
	says(code, done, out, "@moss on tiktok")
	code, out = typed(t, "creators", "show", "mos")
	says(code, failed, out, "did you mean")

	code, out = typed(t, "creators", "erase", "tiktok:moss")
	says(code, wrong, out, "No money is owed.", "Nothing was changed")
	code, out = typed(t, "creators", "erase", "tiktok:moss", "--yes")
	says(code, done, out, "Nobody writes to their address again", "no person behind it")
	code, out = typed(t, "creators", "import", file)
	says(code, wrong, out, "tiktok:moss: was erased", "--confirm")
	code, out = typed(t, "creators", "import", file, "--confirm")
	says(code, wrong, out, "reason: say how it is known")
	code, out = typed(t, "creators", "import", file, "--confirm", "--reason", "she wrote on 3 December")
	says(code, done, out, "confirmed: tiktok:moss: was erased", "Imported 2 creators.")

	code, out = typed(t, "links", "revoke", "--reason", "r")
	says(code, wrong, out, "name either a creator or")
	code, out = typed(t, "links", "revoke", "@lena", "--reason", "a lost phone")
	says(code, done, out, "links of @lena have ended")
	code, out = typed(t, "links", "revoke", "--calendar", "Dreams Sunset", "--reason", "the agency left")
	says(code, done, out, "The new one (a secret): ")
}
