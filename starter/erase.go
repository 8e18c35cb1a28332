package main

import (
	"fmt"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// endPartnerships cancels what is open with a creator, so that no step goes on about a person who is no more.
func (a *app) endPartnerships(id p.CreatorID) error {
	ids, err := a.opened.PartnershipsOf(a.ctx, id)
	if err != nil {
		return err
	}
	for _, one := range ids {
		document, err := a.opened.PartnershipDocument(a.ctx, one)
		if err != nil {
			return err
		}
		if document.Outcome != "" {
			continue
		}
		w, err := a.workflows()
		if err != nil {
			return err
		}
		stop := workflows.Stop{Reason: "the creator asked to be erased", By: "cli"}
		err = w.Update(a.ctx, workflows.PartnershipWorkflowID(one), "erase/"+string(one), workflows.UpdateCancel, stop, nil)
		if err != nil && p.CodeOf(err) != p.NotFound && p.CodeOf(err) != p.Conflict {
			return fmt.Errorf("end partnership %s before erasing: %w", one, err)
		}
	}
	return nil
}
