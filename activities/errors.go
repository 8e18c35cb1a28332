package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	p "github.com/rapport-dev/rapport/partnership"
)

// mapped turns an activity's error into what Temporal should do about it. It is the one error map: refusals by our rules and
// by vendors are not retried; a vendor's wish for a pause is honoured; everything else is tried again. The outermost type
// decides, so nothing may wrap the result.
func mapped(err *error) {
	if *err != nil {
		*err = errorMap(*err)
	}
}

func errorMap(err error) error {
	if _, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return err
	}
	if e, ok := errors.AsType[*p.Error](err); ok {
		return temporal.NewApplicationErrorWithOptions(e.Error(), string(e.Code), temporal.ApplicationErrorOptions{
			NonRetryable: true, Category: temporal.ApplicationErrorCategoryBenign,
		})
	}
	if e, ok := errors.AsType[*p.VendorError](err); ok {
		return temporal.NewApplicationErrorWithOptions(e.Error(), string(e.Class), temporal.ApplicationErrorOptions{
			NonRetryable: e.Class == p.Permanent, NextRetryDelay: e.RetryAfter,
		})
	}
	return err
}
