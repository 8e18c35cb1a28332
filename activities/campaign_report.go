package activities

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/report"
)

// reported makes the message of a campaign's end its report: what came of it, its numbers with their ranges, whom to scale and to stop.
func reported(msg *partnership.Message, r report.Document) {
	all := r.InAll()
	said := all.Words(r.Currency)
	msg.Body = strings.TrimSpace(msg.Body + "\n" + strings.Join(r.Verdict(), " "))
	within := func(value, low string) string {
		if low != "" {
			value += ", " + low
		}
		return value
	}
	for _, f := range []partnership.Fact{
		{Label: "ROAS (revenue / cost)", Value: within(said.ROAS, said.ROASRange)},
		{Label: "ROI ((revenue - cost) / cost)", Value: within(said.ROI, said.ROIRange)},
		{Label: "CAC", Value: within(said.CAC, said.CACRange)},
		{Label: "Cost per post", Value: said.CostPerPost},
		{Label: "Of the shop's sales", Value: said.ShopShare},
	} {
		if f.Value != "" {
			msg.Facts = append(msg.Facts, f)
		}
	}
	if r.Rates != "" {
		msg.Context = "Other currencies are counted " + r.Rates + "."
	}
	msg.LinkURL, msg.LinkText = msg.LinkURL+"/report", "Open the report"
}
