package deeds

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// WriteOffs keep what creators owe and is to be forgiven, with the audit's lines.
type WriteOffs interface {
	AskWriteOff(ctx context.Context, ask partnership.WriteOff, d partnership.Deed) (partnership.WriteOff, error)
	ApproveWriteOff(ctx context.Context, id string, d partnership.Deed, names []string) (partnership.WriteOff, error)
	WithdrawWriteOff(ctx context.Context, id string, d partnership.Deed) (partnership.WriteOff, error)
}

// AskWriteOff asks that a creator's debt in a program be forgiven, all of it where no amount is said. It changes no balance.
func AskWriteOff(ctx context.Context, kept WriteOffs, by By, ask partnership.WriteOff) (partnership.WriteOff, error) {
	if err := by.May(partnership.DeedAskWriteOff); err != nil {
		return partnership.WriteOff{}, err
	}
	if strings.TrimSpace(ask.Reason) == "" {
		return partnership.WriteOff{}, partnership.FieldErrorf("reason", "say why; the creator reads it, and so does whoever approves")
	}
	return kept.AskWriteOff(ctx, ask, partnership.Deed{Who: by.Who, Reason: ask.Reason})
}

// ApproveWriteOff forgives what another person has asked for; names are all that the approver has.
func ApproveWriteOff(ctx context.Context, kept WriteOffs, by By, id string, names []string) (partnership.WriteOff, error) {
	if err := by.May(partnership.DeedApproveWriteOff); err != nil {
		return partnership.WriteOff{}, err
	}
	return kept.ApproveWriteOff(ctx, id, partnership.Deed{Who: by.Who}, names)
}

// WithdrawWriteOff takes back what was asked for and is not approved, such as more than is owed by now.
func WithdrawWriteOff(ctx context.Context, kept WriteOffs, by By, id string) (partnership.WriteOff, error) {
	if err := by.May(partnership.DeedWithdrawWriteOff); err != nil {
		return partnership.WriteOff{}, err
	}
	return kept.WithdrawWriteOff(ctx, id, partnership.Deed{Who: by.Who})
}
