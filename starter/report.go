package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rapport-dev/rapport/app/results"
	"github.com/rapport-dev/rapport/partnership/report"
)

type campaignReportCommand struct {
	ID  string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
	CSV bool   `name:"csv" help:"As a table for spreadsheets, with every column."`
}

func (c campaignReportCommand) Run(a *app) error {
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	r, err := a.opened.CampaignReport(a.ctx, id)
	if err != nil {
		return hint(err, unknownCampaign)
	}
	if c.CSV {
		return results.WriteCSV(a.out, r)
	}
	return a.show(r, func(w io.Writer) { writeReport(w, r) })
}

func writeReport(w io.Writer, r report.Document) {
	line(w, "%s, round %d: %s", r.Name, r.Round, r.State)
	line(w, "%s", strings.Join(r.Verdict(), " "))
	if r.Rates != "" {
		line(w, "Other currencies are counted %s.", r.Rates)
	}
	line(w, "ROAS is revenue by cost, ROI what is left of the revenue after the cost, by the cost; ranges hold nine in ten.")
	var rows [][]string
	for _, l := range r.Lines {
		said, orders := l.Words(r.Currency), fmt.Sprint(l.Orders)
		if l.Inferred > 0 && l.By == "post" {
			orders += fmt.Sprintf(" (%d inferred)", l.Inferred)
		}
		rows = append(rows, []string{string(l.By), l.Name, orders, said.Revenue, said.Cost, said.ROAS, said.ROASRange, said.ROI, said.CAC, said.CostPerPost, said.ShopShare, string(l.Advice)})
	}
	table(w, "by name orders revenue cost ROAS range ROI CAC post shop next", rows)
}
