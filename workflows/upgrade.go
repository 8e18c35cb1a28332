package workflows

import "go.temporal.io/sdk/workflow"

// Where workers run as a Worker Deployment, a workflow stays with the build that began it, so that no build has to decide as
// another one did. It moves to the current build where it can be told again from its carried state alone: by continuing as new.

// newerBuild says whether new workflows of this kind begin with another build than this one's. The server says so with each
// workflow task, so it is part of the history; one that knows nothing of it, or workers without a deployment: never.
func newerBuild(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetTargetWorkerDeploymentVersionChanged()
}

// renewal says whether a workflow should continue as new at the next point where it can: its history has grown long, or a newer
// build waits.
func renewal(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() || newerBuild(ctx)
}

// continueAs is the next run of a workflow, under the newer build when there is one.
func continueAs(ctx workflow.Context, kind string, in any) error {
	var options workflow.ContinueAsNewErrorOptions
	if newerBuild(ctx) {
		options.InitialVersioningBehavior = workflow.ContinueAsNewVersioningBehaviorAutoUpgrade
	}
	return workflow.NewContinueAsNewErrorWithOptions(ctx, options, kind, in)
}
