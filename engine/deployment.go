package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Deployment says under which name of Temporal's Worker Deployments a worker works, and as which build. Then each workflow
// stays with the build that began it until it continues as new. Without a name every worker takes every workflow.
type Deployment struct{ Name, BuildID string }

// On says whether workflows stay with their builds.
func (d Deployment) On() bool { return d.Name != "" }

func (d Deployment) options() worker.DeploymentOptions {
	if !d.On() {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: d.Name, BuildID: d.BuildID},
		DefaultVersioningBehavior: workflow.VersioningBehaviorPinned,
	}
}

// What a build is to the workflows of its deployment.
const (
	BuildCurrent  = "current"  // new workflows begin with it
	BuildInactive = "inactive" // its workers are there, and nothing begins with it
	BuildDraining = "draining" // workflows that began with it are open: its workers have to stay
	BuildDrained  = "drained"  // none is open any more: its workers may go
)

// DeployedBuild is one build of a deployment.
type DeployedBuild struct {
	BuildID string    `json:"build_id"`
	State   string    `json:"state"`
	Since   time.Time `json:"since"` // first seen
}

// ErrNoDeployment says that no worker has yet worked under that name.
var ErrNoDeployment = errors.New("no worker has worked under that name yet")

// DeployedBuilds are the builds of a deployment, newest first.
func DeployedBuilds(ctx context.Context, c client.Client, name string) ([]DeployedBuild, error) {
	described, err := c.WorkerDeploymentClient().GetHandle(name).Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return nil, ErrNoDeployment
	}
	if err != nil {
		return nil, fmt.Errorf("worker deployment %s: %w", name, err)
	}
	var builds []DeployedBuild
	current := described.Info.RoutingConfig.CurrentVersion
	for _, v := range described.Info.VersionSummaries {
		b := DeployedBuild{BuildID: v.Version.BuildID, State: BuildInactive, Since: v.CreateTime}
		switch {
		case current != nil && current.BuildID == b.BuildID:
			b.State = BuildCurrent
		case v.DrainageStatus == client.WorkerDeploymentVersionDrainageStatusDraining:
			b.State = BuildDraining
		case v.DrainageStatus == client.WorkerDeploymentVersionDrainageStatusDrained:
			b.State = BuildDrained
		}
		builds = append(builds, b)
	}
	slices.SortFunc(builds, func(x, y DeployedBuild) int { return y.Since.Compare(x.Since) })
	return builds, nil
}

// Promote makes new workflows begin with a build. Temporal refuses one without workers on every queue.
func Promote(ctx context.Context, c client.Client, d Deployment) error {
	_, err := c.WorkerDeploymentClient().GetHandle(d.Name).SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: d.BuildID})
	if err != nil {
		return fmt.Errorf("make %s the current build of %s: %w", d.BuildID, d.Name, err)
	}
	return nil
}
