package faulttest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/systemtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/workflows"
)

// The doors.
const (
	bySlack   = "slack"
	byAPI     = "api"
	byCreator = "creator"
	byShell   = "cli"
)

// row is one deed by one door.
type row struct {
	deed, door string
	// how is the way, as the registry of deeds names it.
	how string
	// who and subject are as the audit names them; of a pair by one person the door's id tells them apart.
	who     func() string
	subject func() string
	press   func() told
	// ends is what comes of it: accepted and refused need a worker, done does not. pair are two of which one counts.
	ends string
	// says is what the door says then; of one that is done, at once.
	says string
	// waits for the worker: the command ends when it is back, and has said so meanwhile.
	waits bool
	// lines are how many lines the audit holds, 1 when 0.
	lines int
}

const pair = "pair"

// rows are all deeds by all doors.
func (g *town) rows() []row {
	all := append(g.creatorsRows(), g.partnershipRows()...)
	all = append(all, g.oneRows()...)
	all = append(all, g.campaignRows()...)
	all = append(all, g.moneyRows()...)
	all = append(all, g.heldRows()...)
	return append(all, g.atOnceRows()...)
}

func always(s string) func() string { return func() string { return s } }

func (g *town) partnership(handle string) func() string {
	return func() string { return workflows.PartnershipWorkflowID(g.of(handle)) }
}

func (g *town) campaign(name string) func() string {
	return func() string { return workflows.CampaignWorkflowID(g.campaigns[name]) }
}

func (g *town) month(program string) func() string {
	return func() string { return workflows.PayoutRunWorkflowID(program, g.period) }
}

func address(more url.Values) url.Values {
	for k, v := range map[string]string{"consent": "yes", "name": "Ada Maker", "line1": "1 Main St", "city": "Austin", "region": "TX", "postal_code": "78701", "country": "US"} {
		more.Set(k, v)
	}
	return more
}

// creatorsRows are what creators do on their pages, and nobody else.
func (g *town) creatorsRows() []row {
	by := func(handle string) func() string {
		return func() string {
			c, err := g.kept.FindCreator(g.t.Context(), "@"+handle)
			must(g.t, err)
			return partnership.ByCreator(c.ID)
		}
	}
	one := func(deed, action, handle, says, ends string, form url.Values) row {
		form.Set("action", action)
		return row{deed: deed, door: byCreator, how: action, who: by(handle), subject: g.partnership(handle), press: func() told { return g.form(handle, form)() }, ends: ends, says: says}
	}
	return []row{
		one(partnership.DeedAnswerOffer, "accept", "accepts", "Wonderful, you are in", store.Accepted, address(url.Values{})),
		one(partnership.DeedAnswerOffer, "counter", "counters", "We have your counter-offer", store.Accepted, address(url.Values{"fee": {"5000"}, "fee_meant": {"500000"}, "note": {"it is worth it"}})),
		one(partnership.DeedAnswerOffer, "decline", "declines", "Thank you for telling us", store.Accepted, url.Values{"reason": {"The fee is too low"}}),
		one(partnership.DeedAnswerOffer, "accept", "offered.twice", "Wonderful, you are in", pair, address(url.Values{})),
		one(partnership.DeedAnswerOffer, "decline", "offered.twice", "Thank you for telling us", pair, url.Values{"reason": {"The fee is too low"}}),
		one(partnership.DeedConfirmDelivery, "received", "received", "Enjoy it", store.Accepted, url.Values{}),
		one(partnership.DeedConfirmDelivery, "damaged", "damaged", "We are sorry", store.Accepted, url.Values{}),
		one(partnership.DeedSubmitDraft, "draft", "drafts", "Your draft has arrived", store.Accepted, url.Values{"url": {"https://drive.example/one"}, "caption": {"#ad one"}}),
		one(partnership.DeedSubmitDraft, "draft", "two.drafts", "Your draft has arrived", pair, url.Values{"url": {"https://drive.example/two"}, "caption": {"#ad two"}}),
		one(partnership.DeedSubmitDraft, "draft", "two.drafts", "Your draft has arrived", pair, url.Values{"url": {"https://drive.example/three"}, "caption": {"#ad three"}}),
		one(partnership.DeedRequestExtension, "extend", "extends", "You have more time", store.Accepted, url.Values{"days": {"2"}}),
		one(partnership.DeedSubmitPost, "post", "posts", "It is live, thank you", store.Accepted, url.Values{"url": {"https://instagram.com/p/posts1"}, "caption": {"#ad a calm evening"}}),
	}
}

// partnershipRows are what managers decide about one creator.
func (g *town) partnershipRows() []row {
	card := func(deed, verb string, choice partnership.Choice, handle, words, says, ends string) row {
		action := partnership.ActionID(verb, choice)
		return row{
			deed: deed, door: bySlack, how: action, who: always("slack:" + manager), subject: g.partnership(handle), ends: ends, says: says,
			press: g.button(manager, action, func() string { return string(g.of(handle)) }, words),
		}
	}
	return []row{
		card(partnership.DeedDecideCounter, partnership.ActDecideCounter, partnership.ChoiceAccept, "wins", "", answered("Accept", manager), store.Accepted),
		card(partnership.DeedDecideCounter, partnership.ActDecideCounter, partnership.ChoiceRefuse, "loses", "", answered("Keep our offer", manager), store.Accepted),
		card(partnership.DeedDecideCounter, partnership.ActDecideCounter, partnership.ChoiceAccept, "both.ways", "", answered("Accept", manager), pair),
		card(partnership.DeedDecideCounter, partnership.ActDecideCounter, partnership.ChoiceRefuse, "both.ways", "", answered("Keep our offer", manager), pair),
		card(partnership.DeedReviewDraft, partnership.ActReviewDraft, partnership.ChoiceApprove, "approved", "", answered("Approve", manager), store.Accepted),
		card(partnership.DeedReviewDraft, partnership.ActReviewDraft, partnership.ChoiceAdjust, "adjusted", "Say the price once.", answered("Approve, with a small change", manager), store.Accepted),
		card(partnership.DeedReviewDraft, partnership.ActReviewDraft, partnership.ChoiceChanges, "changes", "More light, please.", answered("Ask for changes", manager), store.Accepted),
		card(partnership.DeedReviewDraft, partnership.ActReviewDraft, partnership.ChoiceApprove, "both.views", "", answered("Approve", manager), pair),
		card(partnership.DeedReviewDraft, partnership.ActReviewDraft, partnership.ChoiceChanges, "both.views", "Less light, please.", answered("Ask for changes", manager), pair),
		card(partnership.DeedDecideQuiet, partnership.ActDecideQuiet, partnership.ChoiceExtend, "more.time", "", answered("Give 3 more days", manager), store.Accepted),
		card(partnership.DeedDecideQuiet, partnership.ActDecideQuiet, partnership.ChoiceKeepWaiting, "wait", "", answered("Keep waiting", manager), store.Accepted),
		card(partnership.DeedDecideQuiet, partnership.ActDecideQuiet, partnership.ChoiceReplace, "replaced", "", answered("Replace", manager), store.Accepted),
		card(partnership.DeedRetryStep, partnership.ActRetryStep, "again", "again", "", "“Try again” by ", pair),   // `vendors retry` asks too, and may be first
		card(partnership.DeedCancel, partnership.ActRetryStep, "cancel", "cancelled", "", "” by ", store.Accepted), // as above
		{
			deed: partnership.DeedRetryStep, door: byAPI, how: "POST /partnerships/{id}/retry", who: always("api:" + boss), subject: g.partnership("by.api"), ends: pair,
			press: func() told { return g.post(boss, "/partnerships/"+string(g.of("by.api"))+"/retry", nil)() },
		},
		{
			deed: partnership.DeedCancel, door: byAPI, how: "POST /partnerships/{id}/cancel", who: always("api:" + boss), subject: g.partnership("in.oneapi"), ends: store.Accepted,
			press: func() told {
				return g.post(boss, "/partnerships/"+string(g.of("in.oneapi"))+"/cancel", map[string]string{"reason": "they moved away"})()
			},
		},
		{
			deed: partnership.DeedCancel, door: byShell, how: "partnership cancel", who: access.Shell, subject: g.partnership("in.oneshell"), ends: store.Accepted,
			press: func() told {
				return g.shell("partnership", "cancel", string(g.of("in.oneshell")), "--reason", "they moved away")()
			},
		},
		{
			deed: partnership.DeedRetryStep, door: byShell, how: "partnership retry", who: access.Shell, subject: g.partnership("by.shell"), ends: pair,
			press: func() told { return g.shell("partnership", "retry", string(g.of("by.shell")))() },
		},
	}
}

// oneRows are what managers do to one partnership, whose campaign goes on.
func (g *town) oneRows() (all []row) {
	say := map[string]string{"reason": "we think again"}
	for _, one := range []struct{ deed, in string }{{partnership.DeedPause, "in.onepause"}, {partnership.DeedResume, "in.oneresume"}, {partnership.DeedReplace, "in.replaced"}} {
		shell := []string{"partnership", one.deed, "@" + one.in + "shell"}
		if one.deed != partnership.DeedResume {
			shell = append(shell, "--reason", "we think again")
		}
		all = append(
			all,
			row{deed: one.deed, door: byAPI, how: "POST /partnerships/{id}/" + one.deed, who: always("api:" + boss), subject: g.partnership(one.in + "api"), ends: store.Accepted, press: func() told {
				return g.post(boss, "/partnerships/"+string(g.of(one.in+"api"))+"/"+one.deed, say)()
			}},
			row{deed: one.deed, door: byShell, how: "partnership " + one.deed, who: access.Shell, subject: g.partnership(one.in + "shell"), ends: store.Accepted, press: func() told { return g.shell(shell...)() }},
		)
	}
	return append(
		all,
		row{deed: partnership.DeedReplace, door: bySlack, how: "replace", who: always("slack:" + manager), subject: g.partnership("in.replacedslack"), ends: store.Accepted, says: "has ended; the place goes to the next", press: g.replaces("in.replacedslack")},
		row{deed: partnership.DeedGiveTime, door: bySlack, how: "extend", who: always("slack:" + manager), subject: g.partnership("slack.extends"), ends: store.Accepted, says: "has 3 days more", press: g.extends("slack.extends")},
		row{deed: partnership.DeedGiveTime, door: byAPI, how: "POST /partnerships/{id}/extend", who: always("api:" + boss), subject: g.partnership("api.extends"), ends: store.Accepted, press: func() told {
			return g.post(boss, "/partnerships/"+string(g.of("api.extends"))+"/extend", map[string]any{"days": 3})()
		}},
		row{deed: partnership.DeedGiveTime, door: byShell, how: "partnership extend", who: access.Shell, subject: g.partnership("shell.extends"), ends: store.Accepted, press: func() told {
			return g.shell("partnership", "extend", string(g.of("shell.extends")), "--days", "3")()
		}},
	)
}

// campaignRows stop campaigns and let them go on.
func (g *town) campaignRows() []row {
	var all []row
	for deed, says := range map[string]string{partnership.DeedPause: "is paused", partnership.DeedResume: "goes on", partnership.DeedCancel: "is being cancelled"} {
		name, reason := strings.ToUpper(deed[:1])+deed[1:], "we think again"
		if deed == partnership.DeedResume {
			reason = ""
		}
		all = append(
			all,
			row{deed: deed, door: bySlack, how: deed, who: always("slack:" + manager), subject: g.campaign(name + "Slack"), ends: store.Accepted, says: "“" + name + "Slack” " + says, press: g.stops(deed, name+"Slack", reason)},
			row{deed: deed, door: byAPI, how: "POST /campaigns/{id}/" + deed, who: always("api:" + boss), subject: g.campaign(name + "API"), ends: store.Accepted, press: func() told {
				return g.post(boss, "/campaigns/"+string(g.campaigns[name+"API"])+"/"+deed, map[string]string{"reason": reason})()
			}},
			row{deed: deed, door: byShell, how: "campaign " + deed, who: access.Shell, subject: g.campaign(name + "Shell"), ends: store.Accepted, press: g.shell("campaign", deed, name+"Shell", "--reason", reason)},
		)
	}
	return append(all, row{
		deed: partnership.DeedAmend, door: byShell, how: "campaign amend", who: access.Shell, subject: g.campaign("Amended"), ends: store.Accepted, waits: true, says: "Applied as amendment 1",
		press: func() told {
			file := g.file("amended.yaml", strings.Replace(deedCampaign("Amended", 1, "nano", "SAMPLER-12", patient), "produce_days: 60", "produce_days: 70", 1))
			return g.shell("campaign", "amend", "Amended", "-f", file, "--apply")()
		},
	})
}

// moneyRows are what finance decides.
func (g *town) moneyRows() []row {
	ask := func(program, hash, reject string) map[string]string {
		return map[string]string{"program": program, "period": g.period, "hash": hash, "reject": reject}
	}
	approve := func(how partnership.Choice, program, says string, ends string) row {
		deed, words := partnership.DeedApproveRun, ""
		if how == partnership.ChoiceReject {
			deed, words = partnership.DeedRejectRun, "one line is wrong"
		}
		action := partnership.ActionID(partnership.ActApproveRun, how)
		return row{deed: deed, door: bySlack, how: action, who: always("slack:" + finance), subject: g.month(program), ends: ends, says: says, press: g.button(finance, action, always(program+"|"), words)}
	}
	api := func(deed, who, program, reject, ends string) row {
		return row{deed: deed, door: byAPI, how: "POST /payouts/approve", who: always("api:" + who), subject: g.month(program), ends: ends, press: func() told {
			return g.post(who, "/payouts/approve", ask(program, g.run(program).LinesHash, reject))()
		}}
	}
	shell := func(program, hash, ends string) row {
		return row{deed: partnership.DeedApproveRun, door: byShell, how: "payouts approve", who: access.Shell, subject: g.month(program), ends: ends, press: func() told {
			if hash == "" {
				hash = g.run(program).LinesHash
			}
			return g.shell("payouts", "approve", "--program", program, "--period", g.period, "--hash", hash)()
		}}
	}
	sure := func(program string, choice partnership.Choice, words, says, ends string) row {
		action := partnership.ActionID(partnership.ActResolvePayout, choice)
		return row{
			deed: partnership.DeedResolvePayout, door: bySlack, how: action, who: always("slack:" + finance), ends: ends, says: says,
			subject: func() string { return workflows.PayoutWorkflowID(g.payout(program)) },
			press:   g.button(finance, action, func() string { return string(g.payout(program)) }, words),
		}
	}
	return []row{
		approve(partnership.ChoiceApprove, "run-slack", answered("Approve", finance), store.Accepted),
		approve(partnership.ChoiceReject, "run-slack-no", answered("Reject", finance), store.Accepted),
		api(partnership.DeedApproveRun, fin, "run-api", "", store.Accepted),
		api(partnership.DeedRejectRun, fin, "run-api-no", "one line is wrong", store.Accepted),
		shell("run-shell", "", store.Accepted),
		{
			deed: partnership.DeedRejectRun, door: byShell, how: "payouts reject", who: access.Shell, subject: g.month("run-shell-no"), ends: store.Accepted,
			press: func() told {
				return g.shell("payouts", "reject", "--program", "run-shell-no", "--period", g.period, "--reason", "one line is wrong")()
			},
		},
		api(partnership.DeedApproveRun, prep, "run-own", "", store.Refused), // whoever prepared it
		shell("run-other", "0000other0lines0000", store.Refused),            // other lines than there are
		approve(partnership.ChoiceApprove, "run-both", answered("Approve", finance), pair),
		approve(partnership.ChoiceReject, "run-both", answered("Reject", finance), pair),
		sure("sure-slack", partnership.ChoicePaid, "tr_seen", "", store.Refused), // the provider shows no such transfer
		sure("sure-slack-no", partnership.ChoiceRelease, "", answered("It is not there", finance), store.Accepted),
		{
			deed: partnership.DeedResolvePayout, door: byAPI, how: "POST /payouts/{id}/resolve", who: always("api:" + fin), ends: store.Accepted,
			subject: func() string { return workflows.PayoutWorkflowID(g.payout("sure-api")) },
			press: func() told {
				return g.post(fin, "/payouts/"+string(g.payout("sure-api"))+"/resolve", map[string]string{"decision": string(partnership.ChoiceRelease)})()
			},
		},
	}
}

func (g *town) file(name, text string) string {
	path := filepath.Join(g.s.Dir, name)
	must(g.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// atOnceRows need no worker: they are done when they are asked for, and the person is told so.
func (g *town) atOnceRows() []row {
	launched := func(name string) func() string {
		return func() string {
			all, err := g.kept.Campaigns(g.t.Context())
			must(g.t, err)
			for _, c := range all {
				if c.Name == name {
					return workflows.CampaignWorkflowID(c.ID)
				}
			}
			return "no campaign " + name
		}
	}
	files := func(name string) (yaml, csv string) {
		return deedCampaign(name, 1, "nano", "SAMPLER-12", patient), systemtest.CSV(g.t, creatorsOf(9000, "new."+strings.ToLower(name)))
	}
	moved := func(handle string) string {
		return strings.Replace(systemtest.CSV(g.t, creatorsOf(9000, handle)), handle+"@", handle+".new@", 1)
	}
	body := func(name string) map[string]string {
		yaml, csv := files(name)
		return map[string]string{"campaign": yaml, "creators": csv}
	}
	shell := func(deed, how, subject, says string, args ...string) row {
		return row{deed: deed, door: byShell, how: how, who: access.Shell, subject: always(subject), ends: store.Done, says: says, press: g.shell(args...)}
	}
	later := func(r row, subject func() string, args func() []string) row {
		r.subject, r.press = subject, func() told { return g.shell(args()...)() }
		return r
	}
	effect := func(i int) func() string { return func() string { return "effect/" + g.effects[i] } }
	creator := func(handle string) func() string {
		return func() string {
			var id string
			must(g.t, g.db.QueryRow(g.t.Context(), "select creator_id from partnerships where id = $1", g.of(handle)).Scan(&id))
			return "creator/" + id
		}
	}
	held := func(program string) func() string { return func() string { return "row/" + g.row[program] } }
	return []row{
		{deed: partnership.DeedLaunch, door: bySlack, how: "launch", who: always("slack:" + manager), subject: launched("BySlack"), ends: store.Done, says: "“BySlack” is launched", press: func() told {
			return told{now: g.launches(files("BySlack"))}
		}},
		{deed: partnership.DeedLaunch, door: byAPI, how: "POST /campaigns", who: always("api:" + boss), subject: launched("ByAPI"), ends: store.Done, says: "201 ", press: func() told { return g.post(boss, "/campaigns", body("ByAPI"))() }},
		later(shell(partnership.DeedLaunch, "campaign launch", "", "Launched ByShell"), launched("ByShell"), func() []string {
			yaml, csv := files("ByShell")
			return []string{"campaign", "launch", "-f", g.file("new.yaml", yaml), "--creators", g.file("new.csv", csv)}
		}),
		{deed: partnership.DeedStartRun, door: byAPI, how: "POST /payouts/run", who: always("api:" + fin), subject: g.month("month-api"), ends: store.Done, says: "202 ", press: func() told {
			return g.post(fin, "/payouts/run", map[string]string{"program": "month-api", "period": g.period})()
		}},
		later(shell(partnership.DeedStartRun, "payouts run", "", "exit 0"), g.month("month-shell"), func() []string { return []string{"payouts", "run", "--program", "month-shell", "--period", g.period} }),
		{deed: partnership.DeedNote, door: bySlack, how: "note", who: always("slack:" + manager), subject: g.partnership("in.noted"), ends: store.Done, says: "Noted for", press: func() told {
			return told{now: g.types(manager, "note "+string(g.of("in.noted"))+" we spoke by phone", "Noted for")}
		}},
		later(shell(partnership.DeedNote, "partnership note", "", "exit 0"), g.partnership("in.notedtoo"), func() []string {
			return []string{"partnership", "note", string(g.of("in.notedtoo")), "we spoke at a fair"}
		}),
		{deed: partnership.DeedResolveEffect, door: bySlack, how: partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceSent), who: always("slack:" + manager), subject: effect(0), ends: store.Done, says: answered("It went out", manager), press: func() told {
			return g.button(manager, partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceSent), func() string { return g.effects[0] }, "")()
		}},
		{deed: partnership.DeedResolveEffect, door: bySlack, how: partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceNotSent), who: always("slack:" + manager), subject: effect(1), ends: store.Done, says: answered("It did not: send it", manager), press: func() told {
			return g.button(manager, partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceNotSent), func() string { return g.effects[1] }, "")()
		}},
		{deed: partnership.DeedResolveEffect, door: byAPI, how: "POST /effects/{key}/resolve", who: always("api:" + boss), subject: effect(2), ends: store.Done, says: "200 ", press: func() told {
			return g.post(boss, "/effects/"+url.PathEscape(g.effects[2])+"/resolve", map[string]string{"resolution": string(partnership.ChoiceSent)})()
		}},
		later(shell(partnership.DeedResolveEffect, "effects resolve", "", "Noted: sent."), effect(3), func() []string { return []string{"effects", "resolve", g.effects[3], string(partnership.ChoiceSent)} }),
		later(shell(partnership.DeedHoldRow, "ledger hold", "", "The row is held."), held("held-hold"), func() []string {
			return []string{"ledger", "hold", g.row["held-hold"], "--reason", "it looks odd"}
		}),
		later(shell(partnership.DeedReleaseRow, "ledger release", "", "The row is released."), held("held-release"), func() []string {
			return []string{"ledger", "release", g.row["held-release"], "--reason", "it is right"}
		}),
		later(shell(partnership.DeedVoidRow, "ledger void", "", "The row is rejected."), held("held-void"), func() []string { return []string{"ledger", "void", g.row["held-void"], "--reason", "it is wrong"} }),
		func() row {
			r := later(shell(partnership.DeedImportCreators, "creators import", "import", "exit 0"), always("import"), func() []string {
				return []string{"creators", "import", g.file("more.csv", systemtest.CSV(g.t, creatorsOf(9000, "imported"))), "--json"}
			})
			r.lines = 2 // the confirmed import below is one too
			return r
		}(),
		{deed: partnership.DeedConfirmImport, door: byAPI, how: "POST /campaigns", who: always("api:" + boss), subject: creator("in.changedtoo"), ends: store.Done, says: "201 ", press: func() told {
			files := map[string]string{"campaign": deedCampaign("Confirmed", 1, "nano", "SAMPLER-12", patient), "creators": moved("in.changedtoo")}
			_, answer := g.api(boss, http.MethodPost, "/campaigns", "", files)
			var ask struct{ Confirm string }
			must(g.t, json.Unmarshal(answer, &ask))
			files["confirm"] = ask.Confirm
			return g.post(boss, "/campaigns", files)()
		}},
		later(shell(partnership.DeedConfirmImport, "creators import --confirm", "", "exit 0"), creator("in.changed"), func() []string {
			return []string{"creators", "import", g.file("moved.csv", moved("in.changed")), "--confirm", "--json"}
		}),
		func() row {
			r := later(shell(partnership.DeedEraseCreator, "creators erase", "", "Ended 1 open partnerships."), creator("in.erased"), words("creators", "erase", "@in.erased", "--yes"))
			r.waits = true
			return r
		}(),
		later(shell(partnership.DeedRevokeLinks, "links revoke", "", "links of @in.revoked have ended"), creator("in.revoked"), words("links", "revoke", "@in.revoked", "--reason", "a phone was stolen")),
		later(shell(partnership.DeedRevokeCalendar, "links revoke --calendar", "", "The old calendar link has ended"), g.campaign("Revoked"), words("links", "revoke", "--calendar", "Revoked", "--reason", "the agency left")),
		shell(partnership.DeedRetryInbox, "inbox retry", "inbox/0", "wait to be applied again", "inbox", "retry", "--all"),
		{deed: partnership.DeedRetryVendor, door: byAPI, how: "POST /vendors/{vendor}/retry", who: always("api:" + boss), subject: always("vendor/easypost"), ends: store.Done, says: "200 ", press: func() told { return g.post(boss, "/vendors/easypost/retry", nil)() }},
		shell(partnership.DeedRetryVendor, "vendors retry", "vendor/shopify", "Tried again: 1 vendor(s)", "vendors", "retry", "shopify"),
		later(shell(partnership.DeedLiftSuppression, "suppressions lift", "", "exit 0"), func() string { return "suppression/" + g.lifted }, words("suppressions", "lift", "@paid.held.void", "--reason", "they asked to be written to", "--they-asked")),
		later(shell(partnership.DeedMend, "workflows mend", "", "exit 3: "), g.campaign("Mended"), func() []string { return []string{"workflows", "mend", g.campaign("Mended")()} }),
	}
}

func words(args ...string) func() []string { return func() []string { return args } }
