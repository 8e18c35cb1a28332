package locale

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"de": "de", "de-AT": "de", "pt-BR": "pt", "pt": "pt", "fr_CA": "fr", "ES": "es", "ja-JP": "ja", "en-GB": "en", "": "en", "zh": "en", "ar": "en", "lb": "en", "ca": "en", "nonsense tag": "en",
	} {
		if got := Of(tag).Name(); got != want {
			t.Errorf("%q is spoken to in %s, want %s", tag, got, want)
		}
	}
	if (Locale{}).Name() != "en" {
		t.Error("the zero value is not English")
	}
}

func TestMoneyAndNumbersAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][4]string{
		"en": {"$1,240.00", "-€5.00", "¥3,600", "10.5"},
		"de": {"1.240,00\u00a0$", "-5,00\u00a0€", "3.600\u00a0¥", "10,5"},
		"fr": {"1\u00a0240,00\u00a0$", "-5,00\u00a0€", "3\u00a0600\u00a0¥", "10,5"},
		"es": {"1.240,00\u00a0$", "-5,00\u00a0€", "3.600\u00a0¥", "10,5"},
		"pt": {"$\u00a01.240,00", "-€\u00a05,00", "¥\u00a03.600", "10,5"},
		"ja": {"$1,240.00", "-€5.00", "¥3,600", "10.5"},
	} {
		l := Of(lang)
		got := [4]string{l.Money(124_000, "USD"), l.Money(-500, "EUR"), l.Money(3600, "JPY"), l.Percent(1050)}
		if got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got := Of("de").Money(1_250, "KWD"); got != "1,250\u00a0KWD" {
		t.Errorf("dinars are %q", got)
	}
}

func TestDatesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	at := time.Date(2026, 12, 4, 8, 30, 0, 0, time.UTC)
	for lang, want := range map[string][2]string{
		"en": {"Friday 4 December, 09:30 CET", "4 December 2026"},
		"de": {"Freitag, 4. Dezember, 09:30 CET", "4. Dezember 2026"},
		"fr": {"vendredi 4 décembre, 09:30 CET", "4 décembre 2026"},
		"es": {"viernes, 4 de diciembre, 09:30 CET", "4 de diciembre de 2026"},
		"pt": {"sexta-feira, 4 de dezembro, 09:30 CET", "4 de dezembro de 2026"},
		"ja": {"12月4日（金曜日）09:30 CET", "2026年12月4日"},
	} {
		l := Of(lang)
		if got := [2]string{l.When(at, zone), l.Date(at, zone)}; got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got := English().Short(at, zone); got != "Fri 4 Dec 09:30 CET" {
		t.Errorf("mails have %q", got)
	}
	if got := English().Short(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), time.UTC); got != "Fri 1 May 00:00 UTC" {
		t.Errorf("mails have %q", got)
	}
}

func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][3]string{
		"en": {"1 day", "10 days", "2.5 days"}, "de": {"1 Tag", "10 Tage", "2,5 Tage"}, "fr": {"1 jour", "10 jours", "2,5 jours"}, "ja": {"1日", "10日", "2.5日"},
	} {
		l := Of(lang)
		if got := [3]string{l.Days(1), l.Days(10), l.Days(2.5)}; got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// Who is not known is spoken to as their browser asks; several currencies stand beside each other.
func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"de-AT,en;q=0.5": "de", "sw, fr;q=0.8, en;q=0.5": "fr", "zh, en;q=0.9, de;q=0.5": "en", "": "en", "*": "en", ";;": "en",
	} {
		if got := Accepted(header).Name(); got != want {
			t.Errorf("%q is answered in %s, want %s", header, got, want)
		}
	}
	two := money.SumOf(money.Amount{Currency: "EUR", Minor: 100}, money.Amount{Currency: "USD", Minor: 250})
	if got := Of("de").Sums(two); got != "1,00\u00a0€ und 2,50\u00a0$" {
		t.Errorf("two sums are %q", got)
	}
}
