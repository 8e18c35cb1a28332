package judge

import "math"

// CampaignReport is a campaign's report by the program's own account.
type CampaignReport struct {
	CampaignID string       `json:"campaign_id"`
	Currency   string       `json:"currency"`
	Rates      string       `json:"rates"`
	Lines      []ReportLine `json:"lines"`
}

// ReportLine is a line of it.
type ReportLine struct {
	By      string   `json:"by"`
	Name    string   `json:"name"`
	Posts   int      `json:"posts"`
	Orders  int      `json:"orders"`
	Revenue []Amount `json:"revenue"`
	Cost    []Amount `json:"cost"`
	ROAS    *float64 `json:"roas"`
	ROI     *float64 `json:"roi"`
	PerPost *Amount  `json:"cost_per_post"`
}

// Again is a program's past, played again as it was.
type Again struct {
	Program string `json:"program"`
	Lines   []struct {
		Creator     string `json:"creator"`
		Currency    string `json:"currency"`
		EarnedMinor int64  `json:"earned_minor"`
		ThenMinor   int64  `json:"then_minor"`
		DueMinor    int64  `json:"due_minor"`
		DueThen     int64  `json:"due_then_minor"`
	} `json:"lines"`
}

// playedAgain holds a past that was played again against the ledger's rows.
func playedAgain(c *kase) Verdict {
	v := Verdict{Check: "what was recorded of sales, played again, is the ledger to the cent"}
	rows := map[string]int64{}
	for _, r := range c.Ledger.Rows {
		if r.OrderID != "" && r.State != voided {
			rows[r.Creator+" "+r.Currency] += r.AmountMinor
		}
	}
	for _, again := range c.Again {
		for _, l := range again.Lines {
			v.Over++
			if rows[l.Creator+" "+l.Currency] -= l.ThenMinor; l.EarnedMinor != l.ThenMinor || l.DueMinor != l.DueThen {
				v.find("@%s: %s were earned and %s due, played again %s and %s", l.Creator, decimal(l.EarnedMinor, l.Currency), decimal(l.DueMinor, l.Currency), decimal(l.ThenMinor, l.Currency), decimal(l.DueThen, l.Currency))
			}
		}
	}
	for who, minor := range rows {
		if minor != 0 {
			v.find("@%s: the rows come to %d minor units more than the past played again", who, minor)
		}
	}
	return v
}

// group is what a line of a report should say.
type group struct {
	orders        int
	revenue, cost map[string]int64
}

func newGroup() group { return group{revenue: map[string]int64{}, cost: map[string]int64{}} }

// groups are a campaign's by kind and name, from the sheet: in all, by creator, tier and niche. Of each post the vendors know too little.
func groupsOf(campaign Campaign, sheet map[string][]line) map[[2]string]*group {
	all := map[[2]string]*group{}
	for _, pa := range campaign.Partnerships {
		for _, name := range [][2]string{{"campaign", "in all"}, {"creator", "@" + pa.Creator.Handle}, {"tier", pa.Creator.Tier}, {"niche", pa.Creator.Niche}} {
			if all[name] == nil {
				one := newGroup()
				all[name] = &one
			}
			for _, l := range sheet[pa.ID] {
				g := all[name]
				g.orders += l.Orders
				g.revenue[l.Currency] += l.revenue()
				g.cost[l.Currency] += l.cost()
			}
		}
	}
	return all
}

// reportsAgree divides again what each campaign's report says: ROAS, ROI and cost per post, by whatever it has lines.
func reportsAgree(c *kase) Verdict {
	v := Verdict{Check: "what each campaign's report says, by creator, tier and niche, is what a spreadsheet makes of the vendors' record"}
	sheet := by(c.sheet(), func(l line) string { return l.Partnership })
	reports := map[string]CampaignReport{}
	for _, r := range c.Reports {
		reports[r.CampaignID] = r
	}
	for _, campaign := range c.Campaigns {
		r, posts := reports[campaign.ID], newGroup()
		groups := groupsOf(campaign, sheet)
		for _, l := range r.Lines {
			v.Over++
			name := [2]string{l.By, l.Name}
			if l.By == "post" {
				posts.add(l)
				posts.orders += l.Orders
				continue
			}
			if g := groups[name]; g != nil {
				l.agrees(&v, r, *g)
				delete(groups, name)
			} else if l.By != "arm" {
				v.find("%s: the report has a line %s that nobody is behind", campaign.ID, l.Name)
			}
		}
		if len(r.Lines) > 0 { // whatever is told by post is told once
			whole := r.Lines[0]
			whole.Name = "by post"
			whole.sums(&v, posts)
		}
		for name, g := range groups {
			if g.orders > 0 || !nothing(g.cost) {
				v.find("%s: the report forgets %s %s", campaign.ID, name[0], name[1])
			}
		}
	}
	return v
}

func nothing(sums map[string]int64) bool {
	for _, n := range sums {
		if n != 0 {
			return false
		}
	}
	return true
}

func (g group) add(l ReportLine) {
	for _, a := range l.Revenue {
		g.revenue[a.Currency] += a.AmountMinor
	}
	for _, a := range l.Cost {
		g.cost[a.Currency] += a.AmountMinor
	}
}

func (l ReportLine) sums(v *Verdict, g group) {
	if l.Orders != g.orders {
		v.find("%s %s: %d orders, want %d", l.By, l.Name, l.Orders, g.orders)
	}
	for what, side := range map[string]struct {
		told []Amount
		want map[string]int64
	}{"revenue": {l.Revenue, g.revenue}, "cost": {l.Cost, g.cost}} {
		off := map[string]int64{}
		for _, a := range side.told {
			off[a.Currency] += a.AmountMinor
		}
		for currency, n := range side.want {
			off[currency] -= n
		}
		for currency, n := range off {
			if n != 0 {
				v.find("%s %s: %s is told %s %s too high", l.By, l.Name, what, decimal(n, currency), currency)
			}
		}
	}
}

// agrees holds a line against what it should say. Where there are several currencies and no rate, nothing may be divided.
func (l ReportLine) agrees(v *Verdict, r CampaignReport, g group) {
	l.sums(v, g)
	currencies := map[string]bool{}
	for _, sums := range []map[string]int64{g.revenue, g.cost} {
		for currency, n := range sums {
			if n != 0 {
				currencies[currency] = true
			}
		}
	}
	if len(currencies) > 1 {
		if r.Rates == "" && (l.ROAS != nil || l.ROI != nil || l.PerPost != nil) {
			v.find("%s %s: currencies were added to one another", l.By, l.Name)
		}
		return
	}
	for currency := range currencies {
		revenue, cost := float64(g.revenue[currency]), float64(g.cost[currency])
		if cost == 0 {
			continue
		}
		for what, pair := range map[string][2]*float64{"ROAS": {l.ROAS, at64(revenue / cost)}, "ROI": {l.ROI, at64((revenue - cost) / cost)}} {
			if pair[0] == nil || math.Abs(*pair[0]-*pair[1]) > 1e-4 {
				v.find("%s %s: the %s is told otherwise than %.4f", l.By, l.Name, what, *pair[1])
			}
		}
		if l.Posts > 0 && (l.PerPost == nil || l.PerPost.Currency != currency || math.Abs(float64(l.PerPost.AmountMinor)-cost/float64(l.Posts)) > 0.51) {
			v.find("%s %s: a post cost %s", l.By, l.Name, decimal(int64(cost)/int64(l.Posts), currency))
		}
	}
}

func at64(x float64) *float64 { return &x }
