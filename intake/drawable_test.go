package intake_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/intake"
)

// What cannot be drawn in a contract is found before anybody is asked to sign one; words in any script that people write are no fault.
func TestWordsThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	read := func(old, with string) string {
		text := string(example(t, "hybrid", "campaign.yaml"))
		if !strings.Contains(text, old) {
			t.Fatalf("the example has no %q", old)
		}
		_, faults, _ := intake.ParseCampaign("campaign.yaml", []byte(strings.Replace(text, old, with, 1)), now, realDay, alone)
		return lines(faults)
	}
	const brand = "brand:\n  name: "
	for _, name := range []string{"شركة الألوان ", "髙橋 ", "Zażółć ", "กมลชนก ", "✨ "} {
		if faults := read(brand, brand+name); faults != "" {
			t.Errorf("%s: %s", name, faults)
		}
	}
	faults := read(brand, brand+"𠮷 ")
	if !strings.Contains(faults, ": brand.name: holds U+20BB7 <CJK Ideograph Extension B>, which no font here has") || strings.Count(faults, "\n") != 1 {
		t.Errorf("got %q", faults)
	}
}
