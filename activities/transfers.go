package activities

import (
	"context"
	"time"
)

// TransfersLook is a provider, and since when its list is read.
type TransfersLook struct {
	Provider string    `json:"provider"`
	Since    time.Time `json:"since"`
}

// KnownTransfers are the providers by which any program pays, or by which something of it is under way, and since when the list of each is to
// be read for what the books do not know.
func (a *Activities) KnownTransfers(ctx context.Context, _ struct{}) (looks []TransfersLook, err error) {
	defer mapped(&err)
	known, err := a.Store.KnownTransfers(ctx)
	for _, of := range known {
		looks = append(looks, TransfersLook(of))
	}
	return looks, err
}

// FindDifferences reads a provider's list beside the runs, as CheckBooks does before each, and returns how many of its transfers wait for a
// person. What is new among them is in the chat once the front door has posted its card.
func (a *Activities) FindDifferences(ctx context.Context, in TransfersLook) (open int, err error) {
	defer mapped(&err)
	rail, err := a.rail(in.Provider)
	if err != nil {
		return 0, err
	}
	all, err := a.differences(ctx, rail, in.Provider, in.Since)
	return len(all), err
}
