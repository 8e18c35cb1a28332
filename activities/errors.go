package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
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
	if e, ok := errors.AsType[*partnership.Error](err); ok {
		return Refusal(e)
	}
	if e, ok := errors.AsType[*partnership.VendorError](err); ok {
		return temporal.NewApplicationErrorWithOptions(e.Error(), string(e.Class), temporal.ApplicationErrorOptions{
			NonRetryable: e.Class == partnership.Permanent, NextRetryDelay: e.RetryAfter,
		})
	}
	return err
}

// Fault is what a program reads of a refusal; the words beside it are for people.
type Fault struct {
	Field   string `json:"Field"` // of the input, "" when it is about the whole
	Message string `json:"Message"`
}

// Refusal is a no of our own rules as Temporal carries it. It is not tried again.
func Refusal(e *partnership.Error) error {
	return temporal.NewApplicationErrorWithOptions(e.Error(), string(e.Code), temporal.ApplicationErrorOptions{
		NonRetryable: true, Category: temporal.ApplicationErrorCategoryBenign, Details: []any{Fault{Field: e.Field, Message: e.Message}},
	})
}

// RefusalIn is the no that an error carries, nil when it is none. Builds of before made refusals of words alone: those name no field.
func RefusalIn(err error) *partnership.Error {
	refused, ok := errors.AsType[*temporal.ApplicationError](err)
	if !ok {
		return nil
	}
	switch code := partnership.Code(refused.Type()); code {
	case partnership.Invalid, partnership.NotFound, partnership.Conflict, partnership.Forbidden, partnership.Missing, partnership.WentBack:
		fault := Fault{Message: refused.Message()}
		if refused.HasDetails() {
			_ = refused.Details(&fault) // what cannot be read leaves the words
		}
		return &partnership.Error{Code: code, Field: fault.Field, Message: fault.Message}
	}
	return nil
}
