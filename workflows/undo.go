package workflows

import (
	"slices"

	"github.com/rapport-dev/rapport/activities"
)

// undoState is what an unhappy end has to take back.
type undoState struct {
	Undo []string `json:"Undo"` // in the order it was done
}

// keep forgets compensations: what they would take back stands from here on.
func (s *undoState) keep(names ...string) {
	s.Undo = slices.DeleteFunc(s.Undo, func(u string) bool { return slices.Contains(names, u) })
}

// takesBack says that the end has to take something back, before the step that makes it.
func (s *undoState) takesBack(name string) {
	if !slices.Contains(s.Undo, name) {
		s.Undo = append(s.Undo, name)
	}
}

// undone says that the newest is taken back, or cannot be.
func (s *undoState) undone() { s.Undo = s.Undo[:len(s.Undo)-1] }

// The compensations, pushed before the step that they take back.
const (
	undoContract  = "contract_voided"
	undoAmendment = "amendment_voided"
	undoCode      = "code_deactivated"
	undoGift      = "gift_order_cancelled"
	undoLabel     = "label_refunded"
)

var undoing = map[string]struct {
	summary  string
	activity activity[activities.Undo, activities.Undone]
}{
	undoContract:  {"Void the contract", voidContract},
	undoAmendment: {"Void the contract amendment", voidContract},
	undoCode:      {"Deactivate the discount code", deactivateCode},
	undoGift:      {"Cancel the gift order", cancelGift},
	undoLabel:     {"Refund the label", refundLabel},
}
