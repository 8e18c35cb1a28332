package worlds

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	asks     = regexp.MustCompile(`\ba\.Store\.(\w+)\(|\brail\.(\w+)\(`)
	answered = regexp.MustCompile(`(?m)^func \(\w (?:books|rail)\) (\w+)\(`)
)

// A call of a step of payouts without boundaries is one at which no process of a world dies.
func TestEveryCallOfTheStepsHasItsBoundaries(t *testing.T) {
	ours, err := os.ReadFile("ports_test.go")
	must(t, err)
	has := map[string]bool{}
	for _, m := range answered.FindAllStringSubmatch(string(ours), -1) {
		has[m[1]] = true
	}
	// Time changes nothing; the others belong to runs that an older build has begun, and to what is told of a rail itself.
	for _, name := range []string{"Time", "StatementCreators", "VoidPayoutPlan", "PayoutsOfRun", "Onboarding", "Serves"} {
		has[name] = true
	}
	steps, err := filepath.Glob("../../activities/*.go")
	must(t, err)
	n := 0
	for _, file := range steps {
		if base := filepath.Base(file); strings.HasSuffix(base, "_test.go") || !strings.HasPrefix(base, "payout") && base != "books.go" {
			continue
		}
		text, err := os.ReadFile(file)
		must(t, err)
		for _, m := range asks.FindAllStringSubmatch(string(text), -1) {
			n++
			if name := m[1] + m[2]; !has[name] {
				t.Errorf("%s asks for %s, which has no boundaries in ports_test.go", file, name)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d calls were found", n)
	}
}
