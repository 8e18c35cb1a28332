package slackapp

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

const help = "*What Rapport understands*\n" +
	"• `/rapport launch` – start a campaign from a form, a template or its two files; you see whom, what it costs and how it would go before anything is sent\n" +
	"• `/rapport status [campaign]` – where everything stands\n" +
	"• `/rapport decisions [campaign]` – what waits for somebody, and what happens if nobody answers\n" +
	"• `/rapport find @handle` – one creator's partnerships\n" +
	"• `/rapport note @handle text` – you spoke elsewhere: keep it, and stop the reminders\n" +
	"• `/rapport pause|resume|cancel [campaign]` – stop or go on; asks why\n" +
	"• `/rapport payouts [2026-11]` – the monthly runs\n" +
	"• `/rapport hold|release|reject ROW why` – stop an earning, or decide about one that is held\n" +
	"• `/rapport run program 2026-11` – start a month's payout run\n" +
	"• `/rapport reread 2026-11-01` – ask the shop again for its orders since that day\n" +
	"• `/rapport writeoff @handle program all|12.50 why` – ask that what they owe be forgiven\n" +
	"• `/rapport forms @handle`, `record-form`, `reject-form` – tax forms on file\n" +
	"• `/rapport 1099 2026` – what was paid in a year\n" +
	"Decisions come to you as cards with buttons."

// verbs are what follows /rapport.
var verbs = []string{"launch", "status", "decisions", "find", "note", "pause", "resume", "cancel", "payouts", "hold", "release", "reject", "run", "reread", "writeoff", "forms", "record-form", "reject-form", "1099", "help"}

// unknown answers a word that is no command with the one that was probably meant, and with all of them.
func unknown(verb string) string {
	answer := "`/rapport " + escape(verb) + "` is no command."
	if meant := partnership.Nearest(verb, verbs); meant != "" {
		answer += " Did you mean `/rapport " + meant + "`?"
	}
	return answer + "\n" + help
}

// command answers /rapport. Its answer is for the person who typed it alone.
func (a *App) command(w http.ResponseWriter, r *http.Request, body []byte) {
	c, err := ParseCommand(body)
	if err != nil {
		http.Error(w, "not a slash command", http.StatusBadRequest)
		return
	}
	words := strings.Fields(c.Text)
	verb, rest := "help", ""
	if len(words) > 0 {
		verb, rest = strings.ToLower(words[0]), strings.Join(words[1:], " ")
	}
	if answer := a.run(r.Context(), c, verb, rest); answer != "" {
		reply(w, map[string]string{"response_type": "ephemeral", "text": answer})
	}
}

// run does a command and returns what to say, "" when a modal says it.
func (a *App) run(ctx context.Context, c Command, verb, rest string) string {
	by, role, may := deeds.By{}, deeds.Viewer, true
	if slices.Contains(verbs, verb) && verb != "help" {
		by, role, may = a.may(ctx, c.UserID, verb)
	}
	if !may {
		return "`" + escape(verb) + "` takes the role “" + string(role) + "”. An administrator gives it in RAPPORT_ROLES."
	}
	var answer string
	var err error
	switch verb {
	case "launch":
		answer = a.openLaunch(ctx, c)
	case "status":
		answer, err = a.status(ctx, rest)
	case "decisions":
		answer, err = a.decisions(ctx, rest)
	case "find":
		answer, err = a.find(ctx, rest)
	case "note":
		answer, err = a.note(ctx, c, by)
	case "pause", "resume", "cancel":
		answer, err = a.askStop(ctx, c, verb, rest)
	case "payouts":
		answer, err = a.payouts(ctx, rest)
	case "hold", "release", "reject":
		answer, err = a.decideRow(ctx, c, by, verb)
	case "run":
		answer, err = a.startRun(ctx, c, by)
	case "reread":
		answer, err = a.reread(ctx, by, c, rest)
	case "writeoff":
		answer, err = a.askWriteOff(ctx, c, by)
	case "forms":
		answer, err = a.forms(ctx, rest)
	case "record-form":
		answer, err = a.recordForm(ctx, c, by)
	case "reject-form":
		answer, err = a.rejectForm(ctx, c, by)
	case "1099":
		answer, err = a.report1099(ctx, by, rest)
	case "help":
		answer = help
	default:
		answer = unknown(verb)
	}
	if err != nil {
		return escape(a.explain(ctx, verb, err))
	}
	return answer
}

// status is every campaign in a line each, or one by its stages.
func (a *App) status(ctx context.Context, which string) (string, error) {
	all, err := a.Store.Campaigns(ctx)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "No campaign yet. `/rapport launch` starts one.", nil
	}
	if which != "" {
		c, err := choose(all, which)
		if err != nil {
			return "", err
		}
		if c, err = a.Store.CampaignDocument(ctx, c.ID); err != nil {
			return "", err
		}
		waits, err := a.Store.Decisions(ctx, store.DecisionFilter{CampaignID: c.ID})
		return a.campaignWords(c, waits), err
	}
	var lines []string
	for _, c := range all {
		lines = append(lines, a.campaignLine(c))
	}
	return strings.Join(lines, "\n"), nil
}

func (a *App) campaignLine(c board.Campaign) string {
	return fmt.Sprintf("*<%s|%s>* – %s, %d of %d live, %s of %s spent", a.campaignURL(c.ID), escape(c.Name), escape(string(c.State)), c.Live, c.Target,
		c.Budget.Spent(), money.Display(c.Budget.LimitMinor, c.Budget.Currency))
}

func (a *App) campaignWords(c board.Campaign, waits []asking.Decision) string {
	lines := []string{a.campaignLine(c)}
	counts := map[partnership.Stage]int{}
	for _, pa := range c.Partnerships {
		counts[pa.Stage]++
	}
	for _, stage := range partnership.Stages() {
		if counts[stage] > 0 {
			lines = append(lines, fmt.Sprintf("• %s: %d", stage, counts[stage]))
		}
	}
	return strings.Join(append(lines, a.waitingLines(waits)...), "\n")
}

// find shows a creator's partnerships.
func (a *App) find(ctx context.Context, handle string) (string, error) {
	if strings.TrimSpace(handle) == "" {
		return "Say whom: `/rapport find @handle`.", nil
	}
	creator, err := a.Store.FindCreator(ctx, handle)
	if err != nil {
		return "", err
	}
	ids, err := a.Store.PartnershipsOf(ctx, creator.ID)
	if err != nil {
		return "", err
	}
	lines := []string{fmt.Sprintf("*@%s* on %s – %s, %s followers, %s", escape(creator.Handle), escape(creator.Platform), partnership.TierOf(creator.Followers), thousands(creator.Followers), escape(creator.Niche))}
	for _, id := range ids {
		pa, err := a.Store.PartnershipDocument(ctx, id)
		if err != nil {
			return "", err
		}
		lines = append(lines, a.partnershipLine(pa))
	}
	return strings.Join(lines, "\n"), nil
}

func (a *App) partnershipLine(pa board.Partnership) string {
	s := fmt.Sprintf("• <%s/partnerships/%s|%s>", a.PublicURL, pa.ID, pa.Stage)
	switch {
	case pa.Outcome != "":
		s += ": " + string(pa.Outcome)
	case pa.WaitingFor != "":
		s += ": waiting for " + escape(pa.WaitingFor)
		if pa.Deadline != nil {
			s += ", due " + pa.Deadline.UTC().Format("2 Jan 15:04 UTC")
		}
	}
	return s
}

// askStop resumes at once, and asks why for the others.
func (a *App) askStop(ctx context.Context, c Command, verb, which string) (string, error) {
	all, err := a.Store.Campaigns(ctx)
	if err != nil {
		return "", err
	}
	campaign, err := choose(all, which)
	if err != nil {
		return "", err
	}
	s := stopping{Verb: verb, Campaign: string(campaign.ID), Name: campaign.Name, Channel: c.ChannelID}
	if verb == "resume" {
		a.stop(ctx, s, "", c.UserID, c.TriggerID)
		return "Resuming “" + escape(campaign.Name) + "”…", nil
	}
	return a.open(ctx, c, stopModal(s)), nil
}

// open shows a command's form, or says that it did not open: Slack's trigger lives for three seconds.
func (a *App) open(ctx context.Context, c Command, form slackapi.ModalViewRequest) string {
	if err := a.Chat.OpenView(ctx, c.TriggerID, form); err != nil {
		a.Log.WarnContext(ctx, "slack modal not opened", "form", form.CallbackID, "error", err)
		return "The form did not open, and nothing has changed. Please give the command again."
	}
	return ""
}

// stop keeps a pause, resume or cancel before Slack has its ack, carries it out afterwards and says how it went. once makes a
// repeated request the same update.
func (a *App) stop(ctx context.Context, s stopping, reason, user, once string) {
	by := a.by(ctx, user)
	if by.May(s.Verb) != nil {
		a.tell(ctx, s.Channel, user, "That takes the role “manager”.")
		return
	}
	by.ID = "slack/" + s.Verb + "/" + once
	deed, err := deeds.StopCampaign(s.Verb, partnership.CampaignID(s.Campaign), reason)
	var kept partnership.Asked
	if err == nil {
		kept, err = deed.Keep(ctx, a.Workflows, by, answerTo{Stop: &s, User: user})
	}
	a.later(ctx, func(ctx context.Context) {
		if err == nil {
			_, err = deeds.Tell(ctx, a.Workflows, kept)
		}
		if err != nil {
			a.tell(ctx, s.Channel, user, about(s.Name, a.explain(ctx, s.Verb, err)))
		} else {
			a.tell(ctx, s.Channel, user, stoppedWords(s))
		}
		a.told(ctx, kept.ID, err)
	})
}

func stoppedWords(s stopping) string {
	return "“" + s.Name + "” " + map[string]string{partnership.DeedPause: "is paused", partnership.DeedResume: "goes on", partnership.DeedCancel: "is being cancelled"}[s.Verb] + "."
}

// payouts lists the runs of a month, or of all.
func (a *App) payouts(ctx context.Context, period string) (string, error) {
	if month, err := time.Parse("2006-01", period); period != "" && (err != nil || month.After(a.Now().Add(24*time.Hour))) {
		return "", partnership.FieldErrorf("month", "%q is no month that has begun; write it like %s", period, a.Now().UTC().Format("2006-01"))
	}
	runs, err := a.Store.PayoutRuns(ctx, "", period)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, run := range runs {
		lines = append(lines, fmt.Sprintf("• %s – %s: %s to %d creators, %d approvals", escape(run.ID), escape(run.Words()), money.Display(run.TotalMinor, run.Currency), run.Payees, len(run.Approvals)))
	}
	if len(lines) == 0 {
		lines = append(lines, "No payout run yet. One is made on the 1st of each month, or by `rapport payouts run`.")
	}
	waiting, err := a.moneyWaits(ctx)
	return strings.Join(append(lines, waiting...), "\n"), err
}

// mostAsked is how many questions of money of a kind an answer lists, the oldest first: after a restore there may be thousands.
const mostAsked = 10

// moneyWaits are the questions of money that wait for a person, each of which has a card, and what waits for somebody at the bank.
func (a *App) moneyWaits(ctx context.Context) (lines []string, err error) {
	differences, err := a.Store.OpenDifferences(ctx, "")
	if err != nil {
		return nil, err
	}
	banked, err := a.Store.BankWaits(ctx)
	if err != nil {
		return nil, err
	}
	objections, err := a.Store.Objections(ctx, true)
	if err != nil {
		return nil, err
	}
	hits, err := a.Store.NameHits(ctx, false)
	if err != nil {
		return nil, err
	}
	writeOffs, err := a.Store.WriteOffsToApprove(ctx)
	lines = oldest(differences, "payouts differences", func(d partnership.Difference) string {
		return fmt.Sprintf("%s of %s: the books do not explain it, and nothing is paid until it is settled (%s)", escape(d.ID), money.Display(d.AmountMinor, d.Currency), d.State())
	})
	for _, w := range banked {
		lines = append(lines, "• "+escape(w.Words()))
	}
	lines = append(lines, oldest(objections, "payouts objections", func(o partnership.Objection) string {
		return fmt.Sprintf("@%s objects to %s", escape(o.Creator), escape(o.Line()))
	})...)
	lines = append(lines, oldest(hits, "sanctions hits", func(h partnership.NameHit) string {
		return fmt.Sprintf("@%s has a name like one on the sanctions list (%d %%, %s)", escape(h.Creator), h.Percent, h.State())
	})...)
	lines = append(lines, oldest(writeOffs, "ledger writeoff", func(w partnership.WriteOff) string {
		return fmt.Sprintf("%s of @%s is to be forgiven, as %s asks", money.Display(w.AmountMinor, w.Currency), escape(w.Creator), escape(w.AskedBy))
	})...)
	return lines, err
}

// oldest are the first questions of a kind, a line each, and how many more there are, which a command lists.
func oldest[T any](all []T, command string, words func(T) string) (lines []string) {
	for _, one := range all[:min(len(all), mostAsked)] {
		lines = append(lines, "• "+words(one))
	}
	if more := len(all) - mostAsked; more > 0 {
		lines = append(lines, fmt.Sprintf("• and %d more, %d in all: `rapport %s`", more, len(all), command))
	}
	return lines
}

// choose finds a campaign by id or name; without either, the only one that runs.
func choose(all []board.Campaign, which string) (board.Campaign, error) {
	var found []board.Campaign
	for _, c := range all {
		if which != "" && (string(c.ID) == which || strings.EqualFold(c.Name, which)) || which == "" && !c.State.Ended() {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0 && which == "":
		return board.Campaign{}, partnership.Errorf(partnership.NotFound, "no campaign is running")
	case len(found) == 0:
		return board.Campaign{}, partnership.Errorf(partnership.NotFound, "no campaign has that name or id; /rapport status lists them")
	default:
		return board.Campaign{}, partnership.Errorf(partnership.Invalid, "say which campaign: %d fit; /rapport status lists them", len(found))
	}
}

func (a *App) campaignURL(id partnership.CampaignID) string {
	return a.PublicURL + "/campaigns/" + string(id)
}

// escape makes text of people's own inert in Slack's mrkdwn.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "'", "*", "∗").Replace(s)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
