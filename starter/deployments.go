package main

import (
	"context"
	"errors"
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
)

type deploymentsCommands struct {
	Status  deploymentsStatus  `cmd:"" help:"The builds, which is current, and which old ones still have open workflows."`
	Promote deploymentsPromote `cmd:"" help:"Let new workflows begin with a build whose workers are there."`
}

// deployment is the name under which workers work.
func (a *app) deployment() (string, error) {
	s, err := a.settings()
	if err != nil {
		return "", err
	}
	if s.Deployment == "" {
		return "", partnership.FieldErrorf("RAPPORT_DEPLOYMENT", "is not set: workers are no Worker Deployment, and every worker takes every workflow")
	}
	return s.Deployment, nil
}

type deploymentsStatus struct{}

// whatToDo says what a build's state means for its workers.
var whatToDo = map[string]string{
	engine.BuildCurrent:  "new workflows begin with it",
	engine.BuildInactive: "nothing begins with it: rapport deployments promote",
	engine.BuildDraining: "workflows that began with it are open: keep its workers",
	engine.BuildDrained:  "none is open any more: its workers may go",
}

func (deploymentsStatus) Run(a *app) error {
	name, err := a.deployment()
	if err != nil {
		return err
	}
	temporal, err := a.client()
	if err != nil {
		return err
	}
	builds, err := engine.DeployedBuilds(a.ctx, temporal, name)
	if errors.Is(err, engine.ErrNoDeployment) {
		return partnership.Errorf(partnership.NotFound, "%s: %v; start rapport-worker with RAPPORT_DEPLOYMENT=%s", name, err, name)
	}
	if err != nil {
		return err
	}
	return a.show(orEmpty(builds), func(w io.Writer) {
		var rows [][]string
		for _, b := range builds {
			rows = append(rows, []string{b.BuildID, b.State, when(b.Since), whatToDo[b.State]})
		}
		table(w, "build state since what", rows)
	})
}

type deploymentsPromote struct {
	Build string `arg:"" help:"Its id, as deployments status and rapport-worker --version show it."`
}

func (c deploymentsPromote) Run(a *app) error {
	by, err := a.may(partnership.DeedPromoteBuild)
	if err != nil {
		return err
	}
	name, err := a.deployment()
	if err != nil {
		return err
	}
	temporal, err := a.client()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	promote := func(ctx context.Context, deployment, build string) error {
		return engine.Promote(ctx, temporal, engine.Deployment{Name: deployment, BuildID: build})
	}
	if err := deeds.PromoteBuild(a.ctx, kept, by, name, c.Build, promote); err != nil {
		return err
	}
	return a.show(map[string]string{"deployment": name, "current": c.Build}, func(w io.Writer) {
		line(w, "New workflows begin with %s. Those that are open stay with their build; `rapport deployments status` says when it is drained.", c.Build)
	})
}
