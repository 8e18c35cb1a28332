package docscheck_test

import (
	"regexp"
	"strconv"
	"testing"
)

// rulesOfMoney are how many there are.
const rulesOfMoney = 17

var ruleRow = regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| ([^|]+) \|$`)

// Each rule of money names tests that show it; that all exist TestEveryTestExists holds.
func TestEachRuleOfMoneyHasItsTests(t *testing.T) {
	t.Parallel()
	shown := map[int]int{}
	for _, m := range ruleRow.FindAllStringSubmatch(read(t, "docs/money.md"), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		if shown[n] > 0 {
			t.Errorf("rule %d stands twice", n)
		}
		shown[n] += len(testName.FindAllString(m[2], -1))
	}
	for n := 1; n <= rulesOfMoney; n++ {
		if shown[n] == 0 {
			t.Errorf("rule %d has no test", n)
		}
	}
	if len(shown) != rulesOfMoney {
		t.Errorf("%d rules are named, and there are %d", len(shown), rulesOfMoney)
	}
}
