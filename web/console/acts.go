package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// deeds are the ways of this door, as the registry has them: each by a form of a page.
func (c *Console) deeds() map[string]deed {
	inbox := func(*http.Request) string { return "/" }
	health := func(*http.Request) string { return "/health" }
	money := func(*http.Request) string { return "/payouts" }
	creators := func(*http.Request) string { return "/creators" }
	campaigns := func(*http.Request) string { return "/campaigns" }
	all := map[string]deed{
		"POST /decisions/{id}": {c.decide, c.decision, backTo},

		"POST /campaigns":             {c.launch, c.launchForm, campaigns},
		"POST /campaigns/{id}/amend":  {c.amend, c.amending, campaignOf},
		"POST /campaigns/{id}/pause":  {c.stop(partnership.DeedPause, "Paused: no invitations, offers and reminders go out. What is under way at vendors goes on."), c.campaign, campaignOf},
		"POST /campaigns/{id}/resume": {c.stop(partnership.DeedResume, "It goes on; every date that was moved by the pause has moved."), c.campaign, campaignOf},
		"POST /campaigns/{id}/cancel": {c.stop(partnership.DeedCancel, "Cancelled. Each open partnership takes back what was sent and tells its creator; follow it on this page."), c.campaign, campaignOf},
		"POST /campaigns/{id}/invite": {c.invite, c.campaign, campaignOf},
		"POST /campaigns/{id}/veto":   {c.veto, c.campaign, campaignOf},

		"POST /partnerships/{id}/pause":    {c.stopOne(partnership.DeedPause, "Paused: they get no new mails, and their dates move with it. The campaign goes on."), c.partnership, partnershipOf},
		"POST /partnerships/{id}/resume":   {c.stopOne(partnership.DeedResume, "It goes on; every date that was moved by the pause has moved."), c.partnership, partnershipOf},
		"POST /partnerships/{id}/cancel":   {c.stopOne(partnership.DeedCancel, "It ends: what was sent is taken back as far as can be, and the creator is told. The campaign goes on."), c.partnership, partnershipOf},
		"POST /partnerships/{id}/replace":  {c.stopOne(partnership.DeedReplace, "It ends, and the place goes to the next in line who can still be in time."), c.partnership, partnershipOf},
		"POST /partnerships/{id}/extend":   {c.giveTime, c.partnership, partnershipOf},
		"POST /partnerships/{id}/retry":    {c.retry, c.partnership, partnershipOf},
		"POST /partnerships/{id}/note":     {c.note, c.partnership, partnershipOf},
		"POST /partnerships/{id}/fee":      {c.bookFee, c.partnership, partnershipOf},
		"POST /partnerships/{id}/messages": {c.answerCreator, c.partnership, partnershipOf},

		"POST /payouts/run":                 {c.startRun, c.payouts, money},
		"POST /ledger/rows/{row}/hold":      {c.holdRow, c.payouts, backTo},
		"POST /write-offs":                  {c.askWriteOff, c.payouts, money},
		"POST /write-offs/{id}/approve":     {c.approveWriteOff, c.payouts, money},
		"POST /write-offs/{id}/withdraw":    {c.withdrawWriteOff, c.payouts, money},
		"POST /sanctions/hits/{id}/clear":   {c.clearHit, c.payouts, money},
		"POST /sanctions/hits/{id}/confirm": {c.confirmHit, c.payouts, money},

		"POST /creators":                       {c.importCreators, c.importing, creators},
		"POST /creators/{id}/links/revoke":     {c.revokeLinks, c.creator, creatorOf},
		"POST /creators/{id}/suppression/lift": {c.liftSuppression, c.creator, creatorOf},
		"POST /creators/{id}/erase":            {c.erase, c.creator, creators},
		"POST /campaigns/{id}/calendar/revoke": {c.revokeCalendar, c.calendar, calendarOf},
		"POST /payouts/bank/{of}/confirm":      {c.tellBank, c.payouts, money},
		"POST /payouts/bank/{of}/unexecuted":   {c.voidBankFile, c.payouts, money},
		"POST /orders/reread":                  {c.rereadOrders, c.payouts, money},
		"POST /orders/import":                  {c.importOrders, c.payouts, money},
		"POST /tax/papers":                     {c.recordPaper, c.tax, taxOf},
		"POST /tax/papers/{id}/reject":         {c.rejectPaper, c.tax, taxOf},
		"POST /tax/treatments":                 {c.setTreatment, c.tax, taxOf},
		"POST /invoices/{number}/credit":       {c.creditInvoice, c.tax, taxOf},
		"POST /sanctions/lists":                {c.importSanctions, c.tax, taxOf},
		"POST /tokens":                         {c.createToken, c.programs, programsOf},
		"POST /tokens/{name}/revoke":           {c.revokeToken, c.programs, programsOf},
		"POST /webhooks":                       {c.addWebhook, c.programs, programsOf},
		"POST /webhooks/{id}/remove":           {c.removeWebhook, c.programs, programsOf},
		"POST /webhooks/{id}/resend":           {c.resendEvent, c.programs, programsOf},
		"POST /vendors/{vendor}/retry":         {c.retryVendor, c.health, health},
		"POST /inbox/{id}/retry":               {c.retryInbox, c.health, health},
		"POST /preparations/{hash}":            {c.let, c.board, inbox},
	}
	for _, d := range manyDeeds {
		all["POST "+d.path] = deed{c.many(d), c.manyLook(d), backTo}
	}
	return all
}

// takeaways are the deeds of this door that answer with a file.
func (c *Console) takeaways() map[string]takeaway {
	return map[string]takeaway{
		"POST /creators/export":        {c.exportCreators, c.importing},
		"POST /payouts/bank":           {c.bankFiles, c.payouts},
		"POST /payouts/proof":          {c.proof, c.payouts},
		"POST /tax/papers/{id}/open":   {c.openPaper, c.tax},
		"POST /tax/1099":               {c.form1099, c.tax},
		"POST /invoices/{number}/open": {c.takeInvoice, c.tax},
	}
}

func campaignOf(r *http.Request) string { return "/campaigns/" + url.PathEscape(r.PathValue("id")) }
func partnershipOf(r *http.Request) string {
	return "/partnerships/" + url.PathEscape(r.PathValue("id"))
}

// backTo is the page that a form stands on, which several pages have.
func backTo(r *http.Request) string { return local(r.PostFormValue("back")) }

// decide answers a question by its id, whatever it is about.
func (c *Console) decide(r *http.Request, v visitor) (string, error) {
	d := decisions.Decisions{Kept: c.Store, Workflows: func() (deeds.Decider, error) { return c.Workflows, nil }, Names: c.Directory.Names, Now: c.Now}
	now, err := d.Give(r.Context(), v.By, r.PathValue("id"), partnership.Choice(r.PostFormValue("choice")), strings.TrimSpace(r.PostFormValue("words")))
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(now.Question + ": " + now.Line(c.voice(r.Context()))), nil
}

// voice is how a page says who somebody is, and when.
func (c *Console) voice(ctx context.Context) asking.Voice {
	return asking.Voice{Name: c.Directory.People.Called, At: func(t time.Time) string { return timeOf(ctx, t) }}
}

func (c *Console) stop(name, said string) func(r *http.Request, v visitor) (string, error) {
	return func(r *http.Request, v visitor) (string, error) {
		ask, err := deeds.StopCampaign(name, partnership.CampaignID(r.PathValue("id")), r.PostFormValue("reason"))
		if err != nil {
			return "", err
		}
		return said, ask.Decide(r.Context(), c.Workflows, v.By, nil)
	}
}

func (c *Console) stopOne(name, said string) func(r *http.Request, v visitor) (string, error) {
	return func(r *http.Request, v visitor) (string, error) {
		ask, err := deeds.StopPartnership(name, partnership.PartnershipID(r.PathValue("id")), r.PostFormValue("reason"))
		if err != nil {
			return "", err
		}
		return said, ask.Decide(r.Context(), c.Workflows, v.By, nil)
	}
}

func (c *Console) giveTime(r *http.Request, v visitor) (string, error) {
	days, err := daysTyped(r)
	if err != nil {
		return "", err
	}
	ask, err := deeds.GiveTime(partnership.PartnershipID(r.PathValue("id")), days)
	if err != nil {
		return "", err
	}
	return "The date moves, and the creator is told.", ask.Decide(r.Context(), c.Workflows, v.By, nil)
}

func daysTyped(r *http.Request) (float64, error) {
	days, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(r.PostFormValue("days")), ",", ".", 1), 64)
	if err != nil {
		return 0, partnership.FieldErrorf("days", "%q is no number of days", r.PostFormValue("days"))
	}
	return days, nil
}

func (c *Console) retry(r *http.Request, v visitor) (string, error) {
	var word deeds.Word
	err := deeds.RetryPartnership(partnership.PartnershipID(r.PathValue("id"))).Decide(r.Context(), c.Workflows, v.By, &word)
	return "It is tried again." + waits(word), err
}

// waits is what a workflow says that it awaits now.
func waits(w deeds.Word) string {
	if w.WaitingFor == "" {
		return ""
	}
	return " Awaited now: " + w.WaitingFor + "."
}

func (c *Console) note(r *http.Request, v visitor) (string, error) {
	notes := note.Notes{Store: c.Store, Workflows: c.Workflows, Now: c.Now}
	_, err := notes.Add(r.Context(), r.PathValue("id"), r.PostFormValue("text"), note.Writer{By: v.By, Name: v.name})
	return "Noted. Reminders of what is open stop, and the silence counts from now.", err
}

func (c *Console) answerCreator(r *http.Request, v visitor) (string, error) {
	id := partnership.PartnershipID(r.PathValue("id"))
	if r.PostFormValue("no_answer") != "" {
		return "It needs no answer; nothing is written to them.", deeds.NeedsNoAnswer(r.Context(), c.Store, v.By, id, r.PostFormValue("message"))
	}
	a := partnership.AnswerToCreator{PartnershipID: id, MessageID: r.PostFormValue("message"), Subject: r.PostFormValue("subject"), Words: typedLines(r, "words")}
	_, err := deeds.AnswerCreator(r.Context(), c.Store, v.By, a)
	return "Kept, and mailed in a moment. The conversation says when it has left.", err
}

// typedLines is what was typed into a field of several lines.
func typedLines(r *http.Request, name string) string {
	return strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n")
}

func (c *Console) startRun(r *http.Request, v visitor) (string, error) {
	of, err := monthOf(r)
	if err != nil {
		return "", err
	}
	found, err := c.StartRun(r.Context(), v.By, of)
	switch {
	case err != nil:
		return "", err
	case found.Started == "false":
		return "Run " + found.UnderWay + " is under way and goes on; what it had parked is tried again.", nil
	}
	return "Started. Its lines are drawn up of what is payable by now, and wait here until they are approved.", nil
}

// monthOf is the program's month that a form names.
func monthOf(r *http.Request) (payouts.Month, error) {
	of := payouts.Month{Program: strings.TrimSpace(r.PostFormValue("program")), Period: strings.TrimSpace(r.PostFormValue("period"))}
	if of.Program == "" {
		return of, partnership.FieldErrorf("program", "name the program")
	}
	if _, err := time.Parse("2006-01", of.Period); err != nil {
		return of, partnership.FieldErrorf("period", "%q is not a month; write it like 2026-11", of.Period)
	}
	return of, nil
}

func (c *Console) holdRow(r *http.Request, v visitor) (string, error) {
	if strings.TrimSpace(r.PostFormValue("reason")) == "" {
		return "", partnership.FieldErrorf("reason", "say why; the creator reads it")
	}
	return "Held: it waits until finance releases or rejects it. The creator reads why.", deeds.HoldRow(r.Context(), c.Store, v.By, r.PathValue("row"), r.PostFormValue("reason"))
}

func (c *Console) askWriteOff(r *http.Request, v visitor) (string, error) {
	creator, err := c.named(r)
	if err != nil {
		return "", err
	}
	ask := partnership.WriteOff{Program: r.PostFormValue("program"), CreatorID: creator.ID, Reason: r.PostFormValue("reason")}
	_, err = deeds.AskWriteOff(r.Context(), c.Store, v.By, ask)
	return "Asked for. Nothing is forgiven before another person approves it.", err
}

// approveWriteOff approves under all names of whoever asks: nobody forgives what they have asked for themselves.
func (c *Console) approveWriteOff(r *http.Request, v visitor) (string, error) {
	names, err := c.Directory.Names(r.Context(), v.Who)
	if err != nil {
		return "", err
	}
	_, err = deeds.ApproveWriteOff(r.Context(), c.Store, v.By, r.PathValue("id"), names)
	return "Forgiven; it is booked.", err
}

func (c *Console) withdrawWriteOff(r *http.Request, v visitor) (string, error) {
	_, err := deeds.WithdrawWriteOff(r.Context(), c.Store, v.By, r.PathValue("id"))
	return "Taken back; the debt stands.", err
}

func (c *Console) clearHit(r *http.Request, v visitor) (string, error) {
	return "Cleared: it is not they, and they are paid.", deeds.ClearHit(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"))
}

func (c *Console) confirmHit(r *http.Request, v visitor) (string, error) {
	return "Confirmed: nothing is paid to them.", deeds.ConfirmHit(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"))
}

func (c *Console) retryVendor(r *http.Request, v visitor) (string, error) {
	waiting, err := deeds.RetryVendor(r.Context(), c.Store, v.By, r.PathValue("vendor"))
	if err == nil && waiting == 0 {
		err = partnership.Errorf(partnership.NotFound, "there is no trouble with this vendor any more")
	}
	return "The next call to it is made at once; whether it is taken shows here.", err
}

func (c *Console) retryInbox(r *http.Request, v visitor) (string, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return "", partnership.Errorf(partnership.NotFound, "there is no such delivery")
	}
	_, err = deeds.RetryInbox(r.Context(), c.Store, v.By, id)
	return "It is applied again in a moment.", err
}

// let lets an agent's act be done that waits for a person, or refuses it.
func (c *Console) let(r *http.Request, v visitor) (string, error) {
	choice := partnership.Choice(r.PostFormValue("choice"))
	p, err := c.Let(r.Context(), v.By, r.PathValue("hash"), choice)
	return "The agent's act is " + string(p.State) + ".", err
}
