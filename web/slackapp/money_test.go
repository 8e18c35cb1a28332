package slackapp

import (
	"fmt"
	"strings"
	"testing"
)

// After a restore there may be thousands of differences, and a message of Slack holds few: the oldest are named and all are counted.
func TestQuestionsOfMoneyAreCountedWhereTheyAreMany(t *testing.T) {
	t.Parallel()
	for n, lines := range map[int]int{0: 0, 1: 1, mostAsked: mostAsked, mostAsked + 1: mostAsked + 1, 5_000: mostAsked + 1} {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf("tr_%04d", i)
		}
		said := oldest(all, "payouts differences", func(id string) string { return id })
		text := strings.Join(said, "\n")
		if len(said) != lines {
			t.Errorf("of %d: %d lines, and not %d", n, len(said), lines)
		}
		if counts := strings.Contains(text, fmt.Sprintf("%d in all: `rapport payouts differences`", n)); counts != (n > mostAsked) {
			t.Errorf("of %d: %s", n, text)
		}
		if n > 0 && !strings.Contains(text, "tr_0000") {
			t.Errorf("of %d: %s", n, text)
		}
	}
}
