package doors

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// outgoing is a Temporal that keeps the signal it is given.
type outgoing struct {
	client.Client
	said any
}

func (o *outgoing) SignalWorkflow(_ context.Context, _, _, _ string, arg any) error {
	o.said = arg
	return nil
}

func TestASignalSaysForWhomItIs(t *testing.T) {
	temporal := &outgoing{}
	if err := New(temporal, 0, nil, nil).Signal(t.Context(), "partnership/p1", workflows.SignalOptedOut, workflows.OptedOut{EventID: "e"}); err != nil {
		t.Fatal(err)
	}
	if said, ok := temporal.said.(workflows.OptedOut); !ok || said.To != "partnership/p1" || said.EventID != "e" {
		t.Errorf("it says %+v", temporal.said)
	}
}

func TestErrorsAreSaidInOurWords(t *testing.T) {
	for name, test := range map[string]struct {
		err   error
		code  p.Code
		field string
	}{
		"a validator's no":       {temporal.NewNonRetryableApplicationError("this offer has been answered already", "conflict", nil), p.Conflict, ""},
		"a no about a field":     {temporal.NewNonRetryableApplicationError("fee: must be more than zero", "invalid", nil), p.Invalid, "fee"},
		"a colon in a sentence":  {temporal.NewNonRetryableApplicationError("Not now: too late", "invalid", nil), p.Invalid, ""},
		"a workflow that is not": {serviceerror.NewNotFound("workflow execution already completed"), p.NotFound, ""},
	} {
		got, ok := errors.AsType[*p.Error](inOurWords(fmt.Errorf("update: %w", test.err)))
		if !ok || got.Code != test.code || got.Field != test.field {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, err := range []error{context.DeadlineExceeded, serviceerror.NewUnavailable("down")} {
		if _, ok := errors.AsType[*Unavailable](inOurWords(err)); !ok {
			t.Errorf("%v is not unavailable", err)
		}
	}
	other := temporal.NewApplicationError("boom", "panic")
	if got := inOurWords(other); !errors.Is(got, other) {
		t.Errorf("an unknown error became %v", got)
	}
	if inOurWords(nil) != nil {
		t.Error("no error became one")
	}
}
