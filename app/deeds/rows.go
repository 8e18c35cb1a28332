package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Rows change earnings on a person's word. Each method writes its line of the audit with what it changes, and refuses what cannot be
// decided any more; repeated it changes nothing.
type Rows interface {
	HoldRow(ctx context.Context, row, by, reason string) error
	ClearRow(ctx context.Context, row, by, reason string) error
	VoidRow(ctx context.Context, row, by, reason string) error
}

// HoldRow holds an earning that is not paid yet until a person releases or rejects it; the creator reads the reason of these three.
func HoldRow(ctx context.Context, kept Rows, by By, row, reason string) error {
	if err := by.May(partnership.DeedHoldRow); err != nil {
		return err
	}
	return kept.HoldRow(ctx, row, by.Who, reason)
}

// ReleaseRow lets a held earning go on where it was.
func ReleaseRow(ctx context.Context, kept Rows, by By, row, reason string) error {
	if err := by.May(partnership.DeedReleaseRow); err != nil {
		return err
	}
	return kept.ClearRow(ctx, row, by.Who, reason)
}

// VoidRow rejects a held earning for good.
func VoidRow(ctx context.Context, kept Rows, by By, row, reason string) error {
	if err := by.May(partnership.DeedVoidRow); err != nil {
		return err
	}
	return kept.VoidRow(ctx, row, by.Who, reason)
}
