package deeds

import (
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// The doors, as partnership.Door names them.
const (
	Slack   = "slack"
	Console = "console"
	API     = "api"
	Shell   = "cli"
	Pages   = "creator" // of creators' links
)

// Doors are all doors, in the order of the table of docs/deeds.md.
var Doors = []string{Slack, Console, API, Shell, Pages}

// Deed is one row of the registry: what people may ask for, who may, and by which doors.
type Deed struct {
	Name string // in the audit and, where a workflow does it, of its update
	Does string
	Need Role // of the team; "" where it is the creators' own
	// Money is who may where it is about a payout run or a payout, "" who else may.
	Money Role
	// People is for what no agent may ask for, not even with a person's word.
	People bool
	// Ways are what is pressed, sent or typed, by door: a card's button (its action id) or what follows /rapport in Slack, a route of the
	// API, a command of the shell, the answer of a creator's form.
	Ways map[string][]string
}

// By id every question of the one list of decisions is answered, whatever deed that is.
const (
	answering = "POST /decisions/{id}"
	deciding  = "decisions decide"
)

// All is the registry. A deed is in here before any door may offer it.
var All = []Deed{
	{
		Name: partnership.DeedLaunch, Does: "start a campaign from its two files", Need: Manager,
		Ways: map[string][]string{Console: {"POST /campaigns"}, Slack: {"launch"}, API: {"POST /campaigns"}, Shell: {"campaign launch"}},
	},
	{Name: partnership.DeedAmend, Does: "change a running campaign, or take the last change back", Need: Manager, Ways: map[string][]string{Console: {"POST /campaigns/{id}/amend"}, Slack: {"amend"}, Shell: {"campaign amend"}}},
	{
		Name: partnership.DeedPause, Does: "stop the invitations and reminders of a campaign, or of one partnership, for a while", Need: Manager,
		Ways: map[string][]string{
			Console: {"POST /campaigns/{id}/pause", "POST /partnerships/{id}/pause", "POST /many/pause"}, Slack: {"pause"},
			API: {"POST /campaigns/{id}/pause", "POST /partnerships/{id}/pause"}, Shell: {"campaign pause", "partnership pause"},
		},
	},
	{
		Name: partnership.DeedResume, Does: "let a paused campaign or partnership go on", Need: Manager,
		Ways: map[string][]string{
			Console: {"POST /campaigns/{id}/resume", "POST /partnerships/{id}/resume", "POST /many/resume"}, Slack: {"resume"},
			API: {"POST /campaigns/{id}/resume", "POST /partnerships/{id}/resume"}, Shell: {"campaign resume", "partnership resume"},
		},
	},
	{
		Name: partnership.DeedCancel, Does: "end a campaign or one partnership, and take back what was sent", Need: Manager,
		Ways: map[string][]string{
			Console: {"POST /campaigns/{id}/cancel", "POST /partnerships/{id}/cancel", answering},
			Slack:   {"cancel", partnership.ActionID(partnership.ActRetryStep, "cancel")},
			API:     {"POST /campaigns/{id}/cancel", "POST /partnerships/{id}/cancel", answering},
			Shell:   {"campaign cancel", "partnership cancel", deciding},
		},
	},
	{
		Name: partnership.DeedReplace, Does: "end one partnership, so that its place goes to the next in line", Need: Manager,
		Ways: map[string][]string{Console: {"POST /partnerships/{id}/replace"}, Slack: {"replace"}, API: {"POST /partnerships/{id}/replace"}, Shell: {"partnership replace"}},
	},
	{
		Name: partnership.DeedInvite, Does: "invite a creator to a running campaign, out of turn", Need: Manager,
		Ways: map[string][]string{Console: {"POST /campaigns/{id}/invite"}, Slack: {"invite"}, API: {"POST /campaigns/{id}/invite"}, Shell: {"campaign invite"}},
	},
	{
		Name: partnership.DeedVeto, Does: "leave somebody out of a running campaign who was not invited yet, or put them in line again", Need: Manager,
		Ways: map[string][]string{Console: {"POST /campaigns/{id}/veto"}, Slack: {"veto"}, API: {"POST /campaigns/{id}/veto"}, Shell: {"campaign veto"}},
	},
	{
		Name: partnership.DeedGiveTime, Does: "give a creator more time for the draft or post that is open", Need: Manager,
		Ways: map[string][]string{Console: {"POST /partnerships/{id}/extend", "POST /many/extend"}, Slack: {"extend"}, API: {"POST /partnerships/{id}/extend"}, Shell: {"partnership extend"}},
	},
	{
		Name: partnership.DeedDecideCounter, Does: "answer a creator's counter-offer", Need: Manager,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActDecideCounter, partnership.ChoiceAccept, partnership.ChoiceRefuse), API: {answering}, Shell: {deciding}},
	},
	{
		Name: partnership.DeedReviewDraft, Does: "approve a draft, with a small change or without one, or ask for changes", Need: Manager,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActReviewDraft, partnership.ChoiceApprove, partnership.ChoiceAdjust, partnership.ChoiceChanges), API: {answering}, Shell: {deciding}},
	},
	{
		Name: partnership.DeedDecideQuiet, Does: "give a silent creator more time, wait, or replace them", Need: Manager,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActDecideQuiet, partnership.ChoiceExtend, partnership.ChoiceKeepWaiting, partnership.ChoiceReplace), API: {answering}, Shell: {deciding}},
	},
	{
		Name: partnership.DeedRetryStep, Does: "try again what a vendor refused for good, `vendors retry` for all; a payout run's steps by `payouts run`", Need: Manager, Money: Finance,
		Ways: map[string][]string{Console: {"POST /partnerships/{id}/retry", answering}, Slack: choices(partnership.ActRetryStep, "again"), API: {"POST /partnerships/{id}/retry", answering}, Shell: {"partnership retry", deciding}},
	},
	{
		Name: partnership.DeedNote, Does: "keep what was said elsewhere, which stops the reminders", Need: Manager,
		Ways: map[string][]string{Console: {"POST /partnerships/{id}/note", "POST /many/note"}, Slack: {"note"}, Shell: {"partnership note"}},
	},
	{
		Name: partnership.DeedAnswerCreator, Does: "write to a creator in the thread of their mails, or say that a mail needs no answer", Need: Manager,
		Ways: map[string][]string{
			Console: {"POST /partnerships/{id}/messages", "POST /many/messages"},
			Slack:   append(choices(partnership.ActAnswerCreator, partnership.ChoiceAnswer, partnership.ChoiceNone), "message"), API: {"POST /partnerships/{id}/messages", answering}, Shell: {"partnership answer", deciding},
		},
	},
	{
		Name: partnership.DeedResolveEffect, Does: "say whether an act outside was done, after a look at the vendor", Need: Manager,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActResolveEffect, partnership.ChoiceSent, partnership.ChoiceNotSent), API: {"POST /effects/{key}/resolve", answering}, Shell: {"effects resolve", deciding}},
	},

	{Name: partnership.DeedStartRun, Does: "start a month's payout run by hand", Need: Finance, Ways: map[string][]string{Console: {"POST /payouts/run"}, Slack: {"run"}, API: {"POST /payouts/run"}, Shell: {"payouts run"}}},
	{
		Name: partnership.DeedApproveRun, Does: "approve a run's lines as they are", Need: Finance,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActApproveRun, partnership.ChoiceApprove), API: {"POST /payouts/approve", answering}, Shell: {"payouts approve", deciding}},
	},
	{
		Name: partnership.DeedRejectRun, Does: "send a run back; nothing of it is paid", Need: Finance,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActApproveRun, partnership.ChoiceReject), API: {"POST /payouts/approve", answering}, Shell: {"payouts reject", deciding}},
	},
	{
		Name: partnership.DeedResolvePayout, Does: "say whether an unsure transfer was made, after a look at the provider", Need: Finance,
		Ways: map[string][]string{Console: {answering}, Slack: choices(partnership.ActResolvePayout, partnership.ChoicePaid, partnership.ChoiceRelease), API: {"POST /payouts/{id}/resolve", answering}, Shell: {"payouts resolve", deciding}},
	},
	{
		Name: partnership.DeedSettleDifference, Does: "say what a transfer is that the provider shows and the books do not explain", Need: Finance,
		Ways: map[string][]string{
			Console: {answering},
			Slack:   choices(partnership.ActSettleDifference, partnership.Choice(partnership.SettleOurs), partnership.Choice(partnership.SettleDouble), partnership.Choice(partnership.SettleForeign)),
			API:     {"POST /payouts/differences/{transfer}/settle", answering}, Shell: {"payouts settle", deciding},
		},
	},
	{
		Name: partnership.DeedDecideObjection, Does: "let a line stand that its creator objects to, reject it, or answer in words", Need: Finance,
		Ways: map[string][]string{
			Console: {answering},
			Slack:   choices(partnership.ActDecideObjection, partnership.ObjectionChoices()...), API: {"POST /objections/{id}/decide", answering}, Shell: {"payouts answer", deciding},
		},
	},
	{Name: partnership.DeedBankFile, Does: "take the payments of a month to the bank, as files", Need: Finance, Ways: map[string][]string{Console: {"POST /payouts/bank"}, Shell: {"payouts bankfile"}}},
	{Name: partnership.DeedTellBank, Does: "say what the bank did with a payment or a file, who did not take it there", Need: Finance, Ways: map[string][]string{Console: {"POST /payouts/bank/{of}/confirm"}, Slack: choices(partnership.ActTellBank, partnership.ChoicePaid), API: {"POST /payouts/bank/{of}/confirm"}, Shell: {"payouts confirm"}}},
	{Name: partnership.DeedVoidBankFile, Does: "say that the bank never executed a file, who did not take it there", Need: Finance, Ways: map[string][]string{Console: {"POST /payouts/bank/{of}/unexecuted"}, Slack: choices(partnership.ActTellBank, partnership.ChoiceUnexecuted), API: {"POST /payouts/bank/{of}/unexecuted"}, Shell: {"payouts unexecuted"}}},
	{Name: partnership.DeedRereadOrders, Does: "ask the shop again for the orders since a day, and book what no webhook brought", Need: Finance, Ways: map[string][]string{Console: {"POST /orders/reread"}, Slack: {"reread"}, API: {"POST /orders/reread"}, Shell: {"orders reread"}}},
	{Name: partnership.DeedImportOrders, Does: "add orders of another shop from a file, and their refunds", Need: Finance, Ways: map[string][]string{Console: {"POST /orders/import"}, API: {"POST /orders/import"}, Shell: {"orders import"}}},
	{Name: partnership.DeedTakeProof, Does: "take what a month's payouts rest on, as a file", Need: Finance, Ways: map[string][]string{Console: {"POST /payouts/proof"}, Shell: {"payouts proof"}}},
	{Name: partnership.DeedReport1099, Does: "take what was paid in a year, for the tax forms", Need: Finance, People: true, Ways: map[string][]string{Console: {"POST /tax/1099"}, Slack: {"1099"}, API: {"POST /tax/1099"}, Shell: {"tax 1099"}}},
	{
		Name: partnership.DeedHoldRow, Does: "hold an earning until a person decides", Need: Finance,
		Ways: map[string][]string{Console: {"POST /ledger/rows/{row}/hold"}, Slack: {"hold"}, API: {"POST /ledger/rows/{row}/hold"}, Shell: {"ledger hold"}},
	},
	{
		Name: partnership.DeedReleaseRow, Does: "let a held earning go on", Need: Finance,
		Ways: map[string][]string{Console: {answering}, Slack: {"release"}, API: {"POST /ledger/rows/{row}/release", answering}, Shell: {"ledger release", deciding}},
	},
	{
		Name: partnership.DeedVoidRow, Does: "reject a held earning for good", Need: Finance,
		Ways: map[string][]string{Console: {answering}, Slack: {"reject"}, API: {"POST /ledger/rows/{row}/void", answering}, Shell: {"ledger void", deciding}},
	},
	{Name: partnership.DeedBookFee, Does: "book the fee of a live post that the books lost with a restored backup", Need: Finance, Ways: map[string][]string{Console: {"POST /partnerships/{id}/fee"}, Shell: {"ledger fee"}}},
	{Name: partnership.DeedRecordTaxPaper, Does: "note that a vendor has a creator's tax form, and where", Need: Finance, Ways: map[string][]string{Console: {"POST /tax/papers"}, Slack: {"record-form"}, API: {"POST /tax/papers"}, Shell: {"tax record"}}},
	{Name: partnership.DeedOpenTaxPaper, Does: "read a creator's tax form whole", Need: Finance, People: true, Ways: map[string][]string{Console: {"POST /tax/papers/{id}/open"}, API: {"POST /tax/papers/{id}/open"}, Shell: {"tax open"}}},
	{Name: partnership.DeedRejectTaxPaper, Does: "say that a tax form is worth nothing, so that another is asked for", Need: Finance, Ways: map[string][]string{Console: {"POST /tax/papers/{id}/reject"}, Slack: {"reject-form"}, API: {"POST /tax/papers/{id}/reject"}, Shell: {"tax reject"}}},
	{
		Name: partnership.DeedSetTaxTreatment, Does: "say how a creator's self-billed invoices are taxed", Need: Finance,
		Ways: map[string][]string{Console: {"POST /tax/treatments"}, API: {"POST /tax/treatments"}, Shell: {"tax treatment"}},
	},
	{Name: partnership.DeedTakeInvoice, Does: "read a self-billed invoice or credit note", Need: Finance, People: true, Ways: map[string][]string{Console: {"POST /invoices/{number}/open"}, API: {"POST /invoices/{number}/open"}, Shell: {"payouts invoice"}}},
	{Name: partnership.DeedCreditInvoice, Does: "correct a self-billed invoice by a credit note; another one follows", Need: Finance, Ways: map[string][]string{Console: {"POST /invoices/{number}/credit"}, API: {"POST /invoices/{number}/credit"}, Shell: {"payouts credit"}}},
	{Name: partnership.DeedImportSanctions, Does: "put a newer sanctions list in the place of the last one, and compare names with it", Need: Finance, People: true, Ways: map[string][]string{Console: {"POST /sanctions/lists"}, API: {"POST /sanctions/lists"}, Shell: {"sanctions import"}}},
	{
		Name: partnership.DeedClearHit, Does: "say that a creator is not who is on the sanctions list", Need: Finance,
		Ways: map[string][]string{Console: {"POST /sanctions/hits/{id}/clear"}, Slack: choices(partnership.ActDecideHit, partnership.ChoiceClear), API: {"POST /sanctions/hits/{id}/clear", answering}, Shell: {"sanctions clear", deciding}},
	},
	{
		Name: partnership.DeedConfirmHit, Does: "say that a creator is on the sanctions list: nothing is paid", Need: Finance,
		Ways: map[string][]string{Console: {"POST /sanctions/hits/{id}/confirm"}, Slack: choices(partnership.ActDecideHit, partnership.ChoiceConfirm), API: {"POST /sanctions/hits/{id}/confirm", answering}, Shell: {"sanctions confirm", deciding}},
	},
	{Name: partnership.DeedAskWriteOff, Does: "ask that what a creator owes be forgiven", Need: Finance, Ways: map[string][]string{Console: {"POST /write-offs"}, Slack: {"writeoff"}, API: {"POST /write-offs"}, Shell: {"ledger writeoff"}}},
	{
		Name: partnership.DeedApproveWriteOff, Does: "forgive what somebody else has asked for", Need: Finance,
		Ways: map[string][]string{Console: {"POST /write-offs/{id}/approve"}, Slack: choices(partnership.ActDecideWriteOff, partnership.ChoiceApprove), API: {"POST /write-offs/{id}/approve", answering}, Shell: {"ledger writeoff --approve", deciding}},
	},
	{
		Name: partnership.DeedWithdrawWriteOff, Does: "take back a write-off that nobody has approved", Need: Finance,
		Ways: map[string][]string{Console: {"POST /write-offs/{id}/withdraw"}, Slack: choices(partnership.ActDecideWriteOff, partnership.ChoiceWithdraw), API: {"POST /write-offs/{id}/withdraw", answering}, Shell: {"ledger writeoff --withdraw", deciding}},
	},

	{Name: partnership.DeedImportCreators, Does: "add creators from a file, and update those who are known", Need: Manager, Ways: map[string][]string{Console: {"POST /creators"}, Shell: {"creators import"}}},
	{
		Name: partnership.DeedConfirmImport, Does: "change a person with open work, or bring back somebody who was erased", Need: Manager,
		Ways: map[string][]string{Console: {"POST /campaigns", "POST /creators"}, API: {"POST /campaigns"}, Shell: {"creators import --confirm"}},
	},
	{Name: partnership.DeedExportCreators, Does: "take all creators with their addresses, as a file", Need: Manager, Ways: map[string][]string{Console: {"POST /creators/export"}, Shell: {"creators export"}}},
	{Name: partnership.DeedEraseCreator, Does: "erase a creator's personal data", Need: Manager, Ways: map[string][]string{Console: {"POST /creators/{id}/erase"}, Shell: {"creators erase"}}},
	{Name: partnership.DeedLiftSuppression, Does: "let an address be written to again", Need: Manager, Ways: map[string][]string{Console: {"POST /creators/{id}/suppression/lift"}, Shell: {"suppressions lift"}}},
	{Name: partnership.DeedRevokeLinks, Does: "end a creator's task links", Need: Manager, Ways: map[string][]string{Console: {"POST /creators/{id}/links/revoke"}, Shell: {"links revoke"}}},
	{Name: partnership.DeedRevokeCalendar, Does: "replace a campaign's calendar link", Need: Manager, Ways: map[string][]string{Console: {"POST /campaigns/{id}/calendar/revoke"}, Shell: {"links revoke --calendar"}}},

	{Name: partnership.DeedRetryVendor, Does: "ask a vendor at once that refuses everybody", Need: Manager, Ways: map[string][]string{Console: {"POST /vendors/{vendor}/retry"}, API: {"POST /vendors/{vendor}/retry"}, Shell: {"vendors retry"}}},
	{Name: partnership.DeedRetryInbox, Does: "apply deliveries again that were given up on", Need: Manager, Ways: map[string][]string{Console: {"POST /inbox/{id}/retry"}, Shell: {"inbox retry"}}},
	{Name: partnership.DeedMend, Does: "let a workflow that stands go on, or end it", Need: Manager, Ways: map[string][]string{Shell: {"workflows mend"}}},
	{
		Name: partnership.DeedConfirmAct, Does: "let an agent's act be done that takes a person, or refuse it: who may do it may let it", Need: Viewer, People: true,
		Ways: map[string][]string{Console: {"POST /preparations/{hash}"}, Slack: choices(partnership.ActConfirmAct, partnership.ChoiceApprove, partnership.ChoiceRefuse), API: {"POST /preparations/{hash}/confirm", "POST /preparations/{hash}/refuse"}},
	},
	{Name: partnership.DeedAddWebhook, Does: "let an address hear of what happens here", Need: Manager, People: true, Ways: map[string][]string{Console: {"POST /webhooks"}, API: {"POST /webhooks"}, Shell: {"webhooks add"}}},
	{Name: partnership.DeedRemoveWebhook, Does: "end what an address hears", Need: Manager, Ways: map[string][]string{Console: {"POST /webhooks/{id}/remove"}, API: {"POST /webhooks/{id}/remove"}, Shell: {"webhooks remove"}}},
	{Name: partnership.DeedResendEvent, Does: "send an event to an address once more", Need: Manager, Ways: map[string][]string{Console: {"POST /webhooks/{id}/resend"}, API: {"POST /webhooks/{id}/resend"}, Shell: {"webhooks resend"}}},
	{Name: partnership.DeedCreateToken, Does: "give a program or an agent a token, of no more than one may oneself", Need: Manager, People: true, Ways: map[string][]string{Console: {"POST /tokens"}, API: {"POST /tokens"}, Shell: {"tokens create"}}},
	{Name: partnership.DeedRevokeToken, Does: "end a token at once", Need: Manager, People: true, Ways: map[string][]string{Console: {"POST /tokens/{name}/revoke"}, API: {"POST /tokens/{name}/revoke"}, Shell: {"tokens revoke"}}},
	{Name: partnership.DeedPromoteBuild, Does: "have new workflows begin with a build", Need: Manager, Ways: map[string][]string{Shell: {"deployments promote"}}},
	{Name: partnership.DeedDropKey, Does: "say that a codec key is not needed any more", Need: Manager, Ways: map[string][]string{Shell: {"keys rotate --drop"}}},

	{Name: partnership.DeedAnswerOffer, Does: "accept an offer, ask for more, or decline", Ways: map[string][]string{Pages: words(partnership.ChoiceAccept, partnership.ChoiceCounter, partnership.ChoiceDecline)}},
	{Name: partnership.DeedConfirmDelivery, Does: "say that a parcel is there, or that it came broken", Ways: map[string][]string{Pages: words(partnership.ChoiceReceived, partnership.ChoiceDamaged)}},
	{Name: partnership.DeedSubmitDraft, Does: "send a draft", Ways: map[string][]string{Pages: words(partnership.ChoiceDraft)}},
	{Name: partnership.DeedSubmitPost, Does: "say where the post is", Ways: map[string][]string{Pages: words(partnership.ChoicePost)}},
	{Name: partnership.DeedGiveTaxPaper, Does: "give a tax form or a VAT id", Ways: map[string][]string{Pages: words(partnership.ChoiceTaxForm, partnership.ChoiceVAT)}},
	{Name: partnership.DeedAgreeInvoices, Does: "say what belongs on their invoices, and that the brand may write them", Ways: map[string][]string{Pages: words(partnership.ChoiceInvoice)}},
	{Name: partnership.DeedChooseAccount, Does: "say by which rail, and where, their money goes", Ways: map[string][]string{Pages: {"payout_setup"}}},
	{Name: partnership.DeedRequestExtension, Does: "ask for more time", Ways: map[string][]string{Pages: words(partnership.ChoiceExtend)}},
	{Name: partnership.DeedObject, Does: "object to a line of a statement, which holds it where it can be", Ways: map[string][]string{Pages: words(partnership.ChoiceObject)}},
}

// choices are buttons of a card, by their action's id; words are buttons of a page.
func choices(verb string, of ...partnership.Choice) (ids []string) {
	for _, choice := range of {
		ids = append(ids, partnership.ActionID(verb, choice))
	}
	return ids
}

func words(of ...partnership.Choice) (words []string) {
	for _, choice := range of {
		words = append(words, string(choice))
	}
	return words
}

// Find is the row of a deed; ok is false for what nobody may ask for.
func Find(name string) (Deed, bool) {
	at := slices.IndexFunc(All, func(d Deed) bool { return d.Name == name })
	if at < 0 {
		return Deed{}, false
	}
	return All[at], true
}

// Of are the deeds that a way of a door asks for, in the registry's order.
func Of(door, way string) (names []string) {
	for _, d := range All {
		if slices.Contains(d.Ways[door], way) {
			names = append(names, d.Name)
		}
	}
	return names
}
