package creators

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// People are what an erasure reads and removes.
type People interface {
	FindCreator(ctx context.Context, ref string) (partnership.Creator, error)
	// LookAtErasure says what an erasure would end and what is owed, EraseCreator does it and writes its line of the audit.
	LookAtErasure(ctx context.Context, id partnership.CreatorID) (board.Erasure, error)
	EraseCreator(ctx context.Context, ref, by string) (board.Erasure, error)
	PartnershipsOf(ctx context.Context, id partnership.CreatorID) ([]partnership.PartnershipID, error)
	PartnershipDocument(ctx context.Context, id partnership.PartnershipID) (board.Partnership, error)
}

// Workflows are asked to end what is open.
type Workflows interface {
	deeds.Decider
	// Standing is a Conflict for a workflow that was ended from outside.
	Standing(ctx context.Context, workflowID string) error
}

// Eraser erases creators.
type Eraser struct {
	People    People
	Workflows func() (Workflows, error) // asked for only when something is open
	// Patiently repeats what waits for a worker as long as whoever asks is kept waiting.
	Patiently func(do func() error) error
	Patience  time.Duration // how long an end is waited for, and how often it is looked for
	Look      time.Duration
}

// Preview says what an erasure would end, and what is owed. It changes nothing.
func (e *Eraser) Preview(ctx context.Context, by deeds.By, ref string) (board.Erasure, error) {
	_, before, err := e.look(ctx, by, ref)
	return before, err
}

// Erase ends what is open with a creator and then removes their personal data. done is what became of what stood before. While an end
// is not confirmed nothing is erased: what the last steps of a partnership bring is the person's too.
func (e *Eraser) Erase(ctx context.Context, by deeds.By, ref string) (before, done board.Erasure, err error) {
	creator, before, err := e.look(ctx, by, ref)
	if err != nil {
		return before, done, err
	}
	if err := e.end(ctx, by, creator.ID); err != nil {
		return before, done, err
	}
	done, err = e.People.EraseCreator(ctx, ref, by.Who)
	return before, done, err
}

func (e *Eraser) look(ctx context.Context, by deeds.By, ref string) (partnership.Creator, board.Erasure, error) {
	if err := by.May(partnership.DeedEraseCreator); err != nil {
		return partnership.Creator{}, board.Erasure{}, err
	}
	creator, err := e.People.FindCreator(ctx, ref)
	if err != nil {
		return creator, board.Erasure{}, err
	}
	if creator.Erased {
		return creator, board.Erasure{}, partnership.Errorf(partnership.Conflict, "this creator was erased before; `rapport ledger show --creator %s` shows what the books keep", creator.Handle)
	}
	before, err := e.People.LookAtErasure(ctx, creator.ID)
	return creator, before, err
}

// end cancels what is open with a creator, so that no step goes on about a person who is no more.
func (e *Eraser) end(ctx context.Context, by deeds.By, id partnership.CreatorID) error {
	ids, err := e.People.PartnershipsOf(ctx, id)
	if err != nil {
		return err
	}
	for _, one := range ids {
		document, err := e.People.PartnershipDocument(ctx, one)
		if err != nil {
			return err
		}
		if document.Outcome != "" {
			continue
		}
		if err := e.endOne(ctx, by, one); err != nil {
			return err
		}
	}
	return nil
}

func (e *Eraser) endOne(ctx context.Context, by deeds.By, id partnership.PartnershipID) error {
	w, err := e.Workflows()
	if err != nil {
		return err
	}
	end, err := deeds.CancelPartnership(id, "the creator asked to be erased")
	if err != nil {
		return err
	}
	by.ID = "erase/" + string(id) + "/" + by.Who
	err = e.Patiently(func() error { return end.Decide(ctx, w, by, nil) })
	if _, taken := errors.AsType[*partnership.Taken](err); taken {
		return partnership.Errorf(partnership.Conflict, "nothing is erased yet: partnership %s has to end first. That it ends is taken, and done once a worker answers; ask again then", id)
	}
	stands := partnership.CodeOf(err) == partnership.Conflict && partnership.CodeOf(w.Standing(ctx, end.Subject)) == partnership.Conflict
	if stands || partnership.CodeOf(err) == partnership.NotFound { // no workflow goes on about it
		return nil
	}
	if err != nil && partnership.CodeOf(err) != partnership.Conflict {
		return fmt.Errorf("end partnership %s before erasing: %w", id, err)
	}
	return e.ended(ctx, id)
}

// ended waits until a partnership is over: that it will end is said at once, but what its last steps bring, such as a signed contract,
// is the person's too and would come after the erasure.
func (e *Eraser) ended(ctx context.Context, id partnership.PartnershipID) error {
	over, tick := time.NewTimer(e.Patience), time.NewTicker(e.Look)
	defer over.Stop()
	defer tick.Stop()
	for {
		document, err := e.People.PartnershipDocument(ctx, id)
		if err != nil || document.Outcome != "" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over.C:
			return partnership.Errorf(partnership.Conflict, "nothing is erased yet: partnership %s is ending, and what was sent for it is being taken back (rapport partnership timeline %s says how far it is); ask again in a minute", id, id)
		case <-tick.C:
		}
	}
}
