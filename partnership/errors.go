package partnership

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of refusal an Error is; adapters map it to an HTTP status, an exit code, a Temporal error type.
type Code string

// The codes of Error.
const (
	Invalid   Code = "invalid"   // the input is wrong; the message says what is allowed
	NotFound  Code = "not_found" // nothing by that id, or not yours
	Conflict  Code = "conflict"  // right input, wrong moment: already answered, already signed, slot taken
	Forbidden Code = "forbidden" // the person may not do this
	Gone      Code = "gone"      // it was there and has ended: a link that expired or was revoked
	Missing   Code = "missing"   // a setting or a vendor that is needed is not configured
	WentBack  Code = "went_back" // the books know less than whoever asks: a database was restored to before it
)

// Error is a refusal by Rapport's own rules. Message is safe to show to people and never holds personal data.
type Error struct {
	Code    Code
	Field   string // the input's field, "" when it is about the whole
	Message string // what is wrong and what is allowed
	Fits    []Fit  // of a name: those that it may mean, where it is not one alone. Not kept with the rest
}

// Fit is a campaign, a creator or a partnership that a name may mean.
type Fit struct {
	ID    string // by which it is named for sure
	Words string // what tells it apart: its name, its round, where it stands
	Ended bool
}

func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Errorf makes an Error without a field.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// FieldErrorf makes an Error about one field.
func FieldErrorf(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of the first Error in err's chain, "" when there is none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Class is what a failed call to a vendor means for the next attempt.
type Class string

// The classes of VendorError.
const (
	Retry     Class = "retry"     // certainly not done; the same call may be sent again
	Permanent Class = "permanent" // certainly not done; the same call will be refused again
	Ambiguous Class = "ambiguous" // it may have been done: look it up by its key before sending again
	Short     Class = "short"     // certainly not done; the platform's own money at the vendor does not cover it
	Barred    Class = "barred"    // certainly not done; the vendor refuses all of us until a person mends the key, the account or the plan
)

// VendorError is a failed call to a vendor. Message comes from the vendor's error code or our own words, never from
// a request or a person's data, because it reaches logs and Temporal.
type VendorError struct {
	Vendor     string // "sendgrid", "stripe", ...
	Op         string // "mail.send", "transfer.create", ...
	Class      Class
	OpOnly     bool          // of Barred: only this operation is refused (a right or a scope is missing)
	Status     int           // HTTP status, 0 when no answer came
	VendorCode string        // the vendor's own error code, if any
	Message    string        // what happened and, for permanent ones, what to do
	RetryAfter time.Duration // the vendor's wish, 0 when it said nothing
	Replayed   bool          // it is what the vendor answered to this key before: under that key nothing else was done, nor will be
	Gone       bool          // what the call is about was there, and is not any more
	Err        error         // cause, may be nil
}

func (e *VendorError) Error() string {
	s := e.Vendor + " " + e.Op + ": " + e.Message
	if e.VendorCode != "" {
		s += " (" + e.VendorCode + ")"
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" [HTTP %d]", e.Status)
	}
	return s
}

func (e *VendorError) Unwrap() error { return e.Err }

// ForAll says that the refusal is no matter of this call: a setting of ours keeps everything from this vendor.
func (e *VendorError) ForAll() *VendorError {
	e.Class = Barred
	return e
}

// IsGone says whether what a call was about was there, and is not any more.
func IsGone(err error) bool {
	e, ok := errors.AsType[*VendorError](err)
	return ok && e.Gone
}

// ClassOf returns the class of the first VendorError in err's chain, "" when there is none.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*VendorError](err); ok {
		return e.Class
	}
	return ""
}
