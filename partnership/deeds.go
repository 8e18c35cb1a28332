package partnership

import (
	"encoding/json"
	"strings"
	"time"
)

// What people do, by whatever door: one set of names for the audit, the proofs and the messages. Those that workflows decide about
// are the names of their updates.
const (
	DeedAnswerOffer      = "answer_offer"
	DeedSubmitDraft      = "submit_draft"
	DeedSubmitPost       = "submit_post"
	DeedConfirmDelivery  = "confirm_delivery"
	DeedRequestExtension = "request_extension"
	DeedDecideCounter    = "decide_counter"
	DeedReviewDraft      = "review_draft"
	DeedDecideQuiet      = "decide_quiet"
	DeedGiveTime         = "give_time"
	DeedReplace          = "replace"
	DeedInvite           = "invite" // a creator, out of turn
	DeedVeto             = "veto"   // a creator who was not invited yet
	DeedRetryStep        = "retry_step"
	DeedAmend            = "amend"
	DeedCancel           = "cancel"
	DeedPause            = "pause"
	DeedResume           = "resume"
	DeedApproveRun       = "approve_run"
	DeedRejectRun        = "reject_run"
	DeedResolvePayout    = "resolve_payout"

	DeedLaunch         = "launch"
	DeedStartRun       = "start_run"
	DeedNote           = "note"
	DeedAnswerCreator  = "answer_creator"
	DeedResolveEffect  = "resolve_effect"
	DeedHoldRow        = "hold_row"
	DeedReleaseRow     = "release_row"
	DeedVoidRow        = "void_row"
	DeedImportCreators = "import_creators"
	DeedEraseCreator   = "erase_creator"
	DeedTakeProof      = "take_proof"
	DeedExportCreators = "export_creators"

	DeedSettleDifference = "settle_difference"
	DeedObject           = "object"
	DeedDecideObjection  = "decide_objection"
	DeedAskWriteOff      = "ask_write_off"
	DeedApproveWriteOff  = "approve_write_off"
	DeedWithdrawWriteOff = "withdraw_write_off"
	DeedReport1099       = "report_1099"
	DeedGiveTaxPaper     = "give_tax_paper"
	DeedRecordTaxPaper   = "record_tax_paper"
	DeedOpenTaxPaper     = "open_tax_paper"
	DeedRejectTaxPaper   = "reject_tax_paper"
	DeedSetTaxTreatment  = "set_tax_treatment"
	DeedAgreeInvoices    = "agree_invoices"
	DeedTakeInvoice      = "take_invoice"
	DeedCreditInvoice    = "credit_invoice"
	DeedImportSanctions  = "import_sanctions"
	DeedClearHit         = "clear_hit"
	DeedConfirmHit       = "confirm_hit"
	DeedChooseAccount    = "choose_account"
	DeedBankFile         = "bank_file"
	DeedTellBank         = "tell_bank"
	DeedVoidBankFile     = "void_bank_file"
	DeedBookFee          = "book_fee"

	DeedConfirmImport   = "confirm_import"
	DeedRevokeLinks     = "revoke_links"
	DeedRevokeCalendar  = "revoke_calendar"
	DeedMend            = "mend"
	DeedRereadOrders    = "reread_orders"
	DeedImportOrders    = "import_orders"
	DeedRetryInbox      = "retry_inbox"
	DeedRetryVendor     = "retry_vendor"
	DeedLiftSuppression = "lift_suppression"
	DeedConfirmAct      = "confirm_act"
	DeedAddWebhook      = "add_webhook"
	DeedRemoveWebhook   = "remove_webhook"
	DeedResendEvent     = "resend_event"
	DeedCreateToken     = "create_token"
	DeedRevokeToken     = "revoke_token"
	DeedPromoteBuild    = "promote_build"
	DeedDropKey         = "drop_key"
)

// creatorsOwn are the deeds that creators do on the pages of their links, and nobody else.
var creatorsOwn = map[string]bool{
	DeedAnswerOffer: true, DeedSubmitDraft: true, DeedSubmitPost: true, DeedConfirmDelivery: true, DeedRequestExtension: true, DeedGiveTaxPaper: true, DeedAgreeInvoices: true, DeedChooseAccount: true,
	DeedObject: true,
}

// CreatorsOwn says whether a deed is the creator's own to do.
func CreatorsOwn(deed string) bool { return creatorsOwn[deed] }

// Deed is what somebody did or asked for, in the one shape that every door writes into the audit. It holds no personal data: who
// and what are named by ids.
type Deed struct {
	ID      string         `json:"id"`  // the same press is the same id; "" is made
	Who     string         `json:"who"` // with their door: slack:U012AB, api:ada, cli:ada, creator:<id>, rapport
	Deed    string         `json:"deed"`
	Subject string         `json:"subject"` // the workflow's id, or such as effect/<key>, row/<id>, creator/<id>
	Reason  string         `json:"reason,omitempty"`
	Details map[string]any `json:"details,omitempty"` // ids and amounts
	At      time.Time      `json:"at"`                // when it was decided
	Once    bool           `json:"-"`                 // asked again it has its first answer, a refusal too: an Idempotency-Key's promise
}

// Door is the door that somebody came through: slack, api, cli, creator; "rapport" for a rule.
func Door(who string) string {
	door, _, _ := strings.Cut(who, ":")
	return door
}

// ByCreator is how a creator stands in the audit.
func ByCreator(id CreatorID) string { return "creator:" + string(id) }

// Asked is a deed that a workflow was, or is to be, told of.
type Asked struct {
	Deed
	Message json.RawMessage // without its proof
	Proof   Proof
	State   string          // taken, done, refused
	Answer  json.RawMessage // the workflow's word, of one that is done
	Refusal *Error          // of one that was refused
	Reply   json.RawMessage // where the person is to be told, nil once they were
}

// Taken says whether nobody knows yet what came of it.
func (a Asked) Taken() bool { return a.State == "taken" }

// Taken is the answer when a deed is kept for good and nobody has said yet what came of it: it will be done, once, as soon as a
// worker answers.
type Taken struct{ ID string }

func (t *Taken) Error() string {
	return "taken, not yet confirmed: it is kept and will be done as soon as the engine answers; do not send it again"
}
