package slackapp

import (
	"testing"
	"time"
)

func TestAMonthAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	a := &App{Now: func() time.Time { return time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC) }}
	for typed, wanted := range map[string]string{
		"": "", "november": "2026-11", "November": "2026-11", "nov": "2026-11", "nov.": "2026-11", "Nov 2026": "2026-11", "2026 november": "2026-11", "2026-11": "2026-11",
		"11/2026": "2026-11", "202611": "2026-11", "october": "2026-10", "last month": "2026-10", "this month": "2026-11", "march 2025": "2025-03", "2025/3": "2025-03", "11": "2026-11",
		"december": "2026-12", // it has begun somewhere
		"january":  "2026-01",
	} {
		if got, err := a.month(typed); err != nil || got != wanted {
			t.Errorf("%q is %q, %v; want %s", typed, got, err, wanted)
		}
	}
	for _, no := range []string{"no", "novembre", "13", "2027-01", "december 2027", "2026-13", "9999-99", "november november", "1 2 3", "0"} {
		if got, err := a.month(no); err == nil {
			t.Errorf("%q is taken for %s", no, got)
		}
	}
	a.Now = func() time.Time { return time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC) }
	if got, err := a.month("december"); err != nil || got != "2025-12" {
		t.Errorf("december is %q, %v: the last one that has begun is meant", got, err)
	}
}

func TestTheFirstWordIsWhomSomebodyMeans(t *testing.T) {
	t.Parallel()
	for typed, wanted := range map[string][2]string{
		"@ada  why not":                  {"@ada", "why not"},
		"“Dreams Sunset” why\nnot":       {"“Dreams Sunset”", "why\nnot"},
		`"Dreams Sunset" x`:              {`"Dreams Sunset"`, "x"},
		"<@U1|ada lace> why":             {"<@U1|ada lace>", "why"},
		"<mailto:a@b.example|a@b.c> 3 d": {"<mailto:a@b.example|a@b.c>", "3 d"},
		"“open only":                     {"“open", "only"},
		"one":                            {"one", ""},
		"":                               {"", ""},
	} {
		if word, rest := firstWord(typed); word != wanted[0] || rest != wanted[1] {
			t.Errorf("%q is %q and %q", typed, word, rest)
		}
	}
}
