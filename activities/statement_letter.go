package activities

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// A statement can be checked by hand (RULES, money 17): what is payable stands apart from what is in its hold, held or not paid, a refund
// beside its sale, and each group has its sum.

// statementGroup is a group of lines, as its creator reads them.
type statementGroup struct {
	Title string
	Rows  []string
	Sum   string
}

// statementMail is a creator's month in a mail, in their language. A further one of the month says what changed and nothing else. until is
// the end of the run's review time.
func statementMail(key partnership.EffectKey, s partnership.Statement, until time.Time) (partnership.Mail, error) {
	lines, kind := s.Lines, "statement"
	if s.Before != nil {
		lines, kind = s.Changed(), "statement_changed"
	}
	in, zone := letterLocale(s.Creator, kind), zones.Or(s.Creator.Timezone)
	by := ""
	if !until.IsZero() {
		by = in.Short(until, zone)
	}
	text, err := compose(in, kind, map[string]any{
		"First": firstOf(s.Creator.Name), "Brand": s.Brand.Name, "Postal": s.Brand.PostalAddress, "Month": in.Month(s.Period), "Groups": grouped(in, lines, s.Currency, zone),
		"Payable": in.Money(s.PayableNow, s.Currency), "Pays": s.PayableNow > 0, "Why": locale.Sentence(in.Reasons(s.CarriedWhy)), "PayoutReady": s.PayoutReady, "Until": by, "Page": s.Page,
	})
	return partnership.Mail{
		Key: key, Kind: "statement", Task: "statement", Step: s.Period, To: s.Creator.Email, ToName: s.Creator.Name,
		FromName: s.Brand.Name, ReplyTo: s.Brand.ReplyTo, Subject: text.Subject, Text: text.Text, HTML: text.HTML,
	}, err
}

func grouped(in locale.Locale, lines []partnership.StatementLine, currency string, zone *time.Location) (groups []statementGroup) {
	for _, g := range partnership.LineGroups() {
		one, sum := statementGroup{Title: in.T(g.Title)}, int64(0)
		for _, l := range lines {
			if l.Group == g.Group {
				one.Rows, sum = append(one.Rows, statementRow(in, l, zone)), sum+l.AmountMinor
			}
		}
		if g.Group.Sums() {
			one.Sum = in.Money(sum, currency)
		}
		if len(one.Rows) > 0 {
			groups = append(groups, one)
		}
	}
	return groups
}

// statementRow is a line: "Thu 9 Dec: Sale, order 1001: $3.60 (10 % of $36.00)".
func statementRow(in locale.Locale, l partnership.StatementLine, zone *time.Location) string {
	row := in.Date(l.At, zone) + ": " + l.Name(in) + ": " + in.Money(l.AmountMinor, l.Currency)
	if sum := l.Sum(in); sum != "" {
		row += " (" + sum + ")"
	}
	note := in.Reasons(l.Reason) // that it counts is said above it
	if l.Group != partnership.LinePayable {
		note = l.Note(in, zone)
	}
	if note != "" {
		row += " - " + note
	}
	return row
}
