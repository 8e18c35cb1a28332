package deeds

import (
	"context"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// Recorder writes a line of the audit.
type Recorder interface {
	Record(ctx context.Context, d partnership.Deed) error
}

// PromoteBuild has new workflows of a deployment begin with a build; promote tells the engine. What is open stays with its build.
func PromoteBuild(ctx context.Context, kept Recorder, by By, deployment, build string, promote func(ctx context.Context, deployment, build string) error) error {
	if err := by.May(partnership.DeedPromoteBuild); err != nil {
		return err
	}
	if err := promote(ctx, deployment, build); err != nil {
		return err
	}
	deed := partnership.Deed{Who: by.Who, Deed: partnership.DeedPromoteBuild, Subject: "deployment/" + deployment, Details: map[string]any{"build": build}}
	if err := kept.Record(ctx, deed); err != nil {
		return fmt.Errorf("%s is current; the audit's line of it is missing, give the command again: %w", build, err)
	}
	return nil
}

// Keys are the codec's keys; dropping one writes its line of the audit.
type Keys interface {
	DropKey(ctx context.Context, id, by string) error
}

// DropKey says that a codec key is not needed any more. carrying is how many workflows may carry it: while there are any it is needed.
func DropKey(ctx context.Context, kept Keys, by By, id string, carrying int64) error {
	if err := by.May(partnership.DeedDropKey); err != nil {
		return err
	}
	if carrying > 0 {
		return partnership.Errorf(partnership.Conflict, "%d workflows, open or kept in Temporal, were begun while %s was written with, and may carry it: keep it behind until they are gone", carrying, id)
	}
	return kept.DropKey(ctx, id, by.Who)
}
