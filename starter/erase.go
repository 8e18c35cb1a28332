package main

import (
	"fmt"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
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
		stop := workflows.Stop{Reason: "the creator asked to be erased", By: access.Shell()}
		deed := p.Deed{ID: "erase/" + string(one) + "/" + access.Shell(), Who: stop.By, Deed: p.DeedCancel, Subject: workflows.PartnershipWorkflowID(one)}
		err = w.Decide(a.ctx, deed, stop, nil, nil)
		if err != nil && p.CodeOf(err) != p.NotFound && p.CodeOf(err) != p.Conflict {
			return fmt.Errorf("end partnership %s before erasing: %w", one, err)
		}
	}
	return nil
}
