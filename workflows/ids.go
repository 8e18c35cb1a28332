package workflows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// The workflow types. Names are API: running workflows and recorded histories carry them.
const (
	CampaignType    = "Campaign"
	PartnershipType = "Partnership"
	PayoutRunType   = "PayoutRun"
	PayoutType      = "Payout"
	NoticeType      = "Notice"

	PayoutBatchType    = "PayoutBatch"
	StatementBatchType = "StatementBatch"
)

// CampaignWorkflowID is "campaign/<id>".
func CampaignWorkflowID(id partnership.CampaignID) string { return partnership.WorkflowOfCampaign(id) }

// PartnershipWorkflowID is "partnership/<id>".
func PartnershipWorkflowID(id partnership.PartnershipID) string {
	return partnership.WorkflowOfPartnership(id)
}

// PayoutRunWorkflowID is "payout-run/<program>/<yyyy-mm>".
func PayoutRunWorkflowID(program, period string) string {
	return "payout-run/" + program + "/" + period
}

// PayoutWorkflowID is "payout/<id>".
func PayoutWorkflowID(id partnership.PayoutID) string { return "payout/" + string(id) }

// PayoutBatchWorkflowID is "payout-batch/<run>/<n>", of a run such as dreams/2026-11/1.
func PayoutBatchWorkflowID(run string, n int) string {
	return "payout-batch/" + run + "/" + strconv.Itoa(n)
}

// StatementBatchWorkflowID is "statement-batch/<run>/<n>".
func StatementBatchWorkflowID(run string, n int) string {
	return "statement-batch/" + run + "/" + strconv.Itoa(n)
}

// OfMoney says whether a workflow is a payout run, a part of one or a payout.
func OfMoney(id string) bool {
	kind, _, _ := strings.Cut(id, "/")
	return slices.Contains([]string{"payout-run", "payout-batch", "statement-batch", "payout"}, kind)
}

// NoticeWorkflowID is "notice/<id>".
func NoticeWorkflowID(id string) string { return "notice/" + id }

// PayoutScheduleID is the Temporal Schedule that starts a program's monthly run.
func PayoutScheduleID(program string) string { return "payouts/" + program }

// PeriodBefore is the month that a scheduled run pays: the one that ended before the scheduled instant, in zone.
func PeriodBefore(scheduled time.Time, zone *time.Location) string {
	t := scheduled.In(zone)
	return time.Date(t.Year(), t.Month()-1, 1, 12, 0, 0, 0, time.UTC).Format("2006-01")
}
