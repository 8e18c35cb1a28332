package faulttest

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// heldRows are decisions about one earning, in Slack and by the API.
func (g *town) heldRows() (all []row) {
	for _, d := range []struct{ deed, verb, way, says string }{
		{partnership.DeedHoldRow, "hold", "hold", "Held: it waits"},
		{partnership.DeedReleaseRow, "release", "release", "Released: it goes on"},
		{partnership.DeedVoidRow, "reject", "void", "Rejected for good"},
	} {
		of := func(door string) string { return g.row["held-"+d.way+"-"+door] }
		all = append(all, row{
			deed: d.deed, door: bySlack, how: d.verb, who: always("slack:" + finance), subject: func() string { return "row/" + of("slack") }, ends: store.Done, says: d.says,
			press: func() told {
				return told{now: g.types(finance, d.verb+" "+of("slack")+" it looks odd", d.says)}
			},
		}, row{
			deed: d.deed, door: byAPI, how: "POST /ledger/rows/{row}/" + d.way, who: always("api:" + fin), subject: func() string { return "row/" + of("api") }, ends: store.Done, says: "200 ",
			press: func() told {
				return g.post(fin, "/ledger/rows/"+of("api")+"/"+d.way, map[string]string{"reason": "it looks odd"})()
			},
		})
	}
	return all
}
