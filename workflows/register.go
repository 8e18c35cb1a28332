package workflows

import "go.temporal.io/sdk/workflow"

// Registry is what a worker, a replayer and a test environment have in common.
type Registry interface {
	RegisterWorkflowWithOptions(w any, options workflow.RegisterOptions)
}

// Register makes the workflows known under their fixed names, so that a Go rename can never break a running one.
func Register(r Registry) {
	r.RegisterWorkflowWithOptions(Campaign, workflow.RegisterOptions{Name: CampaignType})
	r.RegisterWorkflowWithOptions(Partnership, workflow.RegisterOptions{Name: PartnershipType})
	r.RegisterWorkflowWithOptions(PayoutRun, workflow.RegisterOptions{Name: PayoutRunType})
	r.RegisterWorkflowWithOptions(Payout, workflow.RegisterOptions{Name: PayoutType})
	r.RegisterWorkflowWithOptions(PayoutBatch, workflow.RegisterOptions{Name: PayoutBatchType})
	r.RegisterWorkflowWithOptions(StatementBatch, workflow.RegisterOptions{Name: StatementBatchType})
	r.RegisterWorkflowWithOptions(Notice, workflow.RegisterOptions{Name: NoticeType})
	r.RegisterWorkflowWithOptions(RereadOrders, workflow.RegisterOptions{Name: RereadType})
	r.RegisterWorkflowWithOptions(ChasePayees, workflow.RegisterOptions{Name: ChaseType})
	r.RegisterWorkflowWithOptions(LookAtTransfers, workflow.RegisterOptions{Name: TransfersType})
	r.RegisterWorkflowWithOptions(Watch, workflow.RegisterOptions{Name: WatchType})
}
