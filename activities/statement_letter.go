package activities

import (
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
)

// A statement can be checked by hand (RULES, money 17): what is payable stands apart from what is in its hold, held or not paid, a refund
// beside its sale, and each group has its sum.

// statementGroups are the groups in their order, as a creator reads them.
var statementGroups = []struct {
	group partnership.LineGroup
	title string
}{
	{partnership.LinePayable, "Counts now:"},
	{partnership.LinePaid, "Paid, or on its way:"},
	{partnership.LineInHold, "In its hold, and counts later:"},
	{partnership.LineHeld, "Held, until a person has looked at it:"},
	{partnership.LineRejected, "Not paid:"},
	{partnership.LineElsewhere, "In another currency, which is settled by hand:"},
}

// statementGroup is one of them with its lines.
type statementGroup struct {
	Title string
	Rows  []string
	Sum   string
}

// statementMail is a creator's month in a mail. A further one of the month says what changed and nothing else. until is the end of the
// run's review time.
func statementMail(key partnership.EffectKey, s partnership.Statement, until time.Time) (partnership.Mail, error) {
	lines, kind := s.Lines, "statement"
	if s.Before != nil {
		lines, kind = s.Changed(), "statement_changed"
	}
	by := ""
	if !until.IsZero() {
		by = until.UTC().Format("2 Jan 15:04 UTC")
	}
	text, err := compose(locale.English(), kind, map[string]any{
		"First": firstOf(s.Creator.Name), "Brand": s.Brand.Name, "Postal": s.Brand.PostalAddress, "Period": s.Period, "Groups": grouped(lines, s.Currency),
		"Payable": money.Display(s.PayableNow, s.Currency), "Pays": s.PayableNow > 0, "Why": s.CarriedWhy, "PayoutReady": s.PayoutReady, "Until": by, "Page": s.Page,
	})
	return partnership.Mail{
		Key: key, Kind: "statement", Task: "statement", Step: s.Period, To: s.Creator.Email, ToName: s.Creator.Name,
		FromName: s.Brand.Name, ReplyTo: s.Brand.ReplyTo, Subject: text.Subject, Text: text.Text, HTML: text.HTML,
	}, err
}

func grouped(lines []partnership.StatementLine, currency string) (groups []statementGroup) {
	for _, g := range statementGroups {
		one, sum := statementGroup{Title: g.title}, int64(0)
		for _, l := range lines {
			if l.Group == g.group {
				one.Rows, sum = append(one.Rows, statementRow(l)), sum+l.AmountMinor
			}
		}
		if g.group != partnership.LineElsewhere && g.group != partnership.LineRejected { // those are no sum of anything
			one.Sum = money.Display(sum, currency)
		}
		if len(one.Rows) > 0 {
			groups = append(groups, one)
		}
	}
	return groups
}

func statementRow(l partnership.StatementLine) string {
	what := map[string]string{"commission": "Commission", "fee": "Fee", "adjustment": "Correction", "bonus": "Bonus"}[l.Kind]
	if what == "" {
		what = l.Kind
	}
	if l.OrderID != "" {
		what += " on order " + l.OrderID
	}
	if l.Kind == "commission" && l.RateBPS > 0 {
		what += ", " + money.FormatPercent(l.RateBPS) + " %"
		if l.NetMinor > 0 {
			what += " of " + money.Display(l.NetMinor, l.Currency)
		}
	}
	row := fmt.Sprintf("%s, %s: %s", l.At.UTC().Format("2 Jan"), what, money.Display(l.AmountMinor, l.Currency))
	if l.Group == partnership.LineInHold {
		row += ", counts from " + l.CountsAt.UTC().Format("2 Jan 2006")
	}
	if l.Group == partnership.LineRejected || l.Group == partnership.LinePaid {
		row += " (" + strings.ReplaceAll(l.State, "_", " ") + ")"
	}
	if l.Reason != "" {
		row += " - " + l.Reason
	}
	return row
}
