package doors

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
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

// misreader is a Temporal whose worker misreads a story so often.
type misreader struct {
	client.Client
	left, asked int
}

func (m *misreader) QueryWorkflow(context.Context, string, string, string, ...any) (converter.EncodedValue, error) {
	m.asked++
	if m.left--; m.left >= 0 {
		return nil, serviceerror.NewQueryFailed("[TMPRL1100] invalid state transition: attempt to handleInitiatedEvent, CommandType: Activity, ID: 97, state=Created")
	}
	return client.NewValue(must(converter.GetDefaultDataConverter().ToPayloads("content"))), nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestAStoryThatWasMisreadIsAskedAgain(t *testing.T) {
	for _, test := range []struct {
		misread, asked int
		answers        bool
	}{{0, 1, true}, {1, 2, true}, {9, 4, false}} {
		temporal, stage := &misreader{left: test.misread}, ""
		err := New(temporal, 0, nil, nil).Query(t.Context(), "partnership/p1", "snapshot", &stage)
		if temporal.asked != test.asked || (err == nil && stage == "content") != test.answers {
			t.Errorf("misread %d times: asked %d times, answered %q, %v", test.misread, temporal.asked, stage, err)
		}
	}
}

func TestErrorsAreSaidInOurWords(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want partnership.Error
	}{
		"a validator's no":                            {activities.Refusal(partnership.Errorf(partnership.Conflict, "this offer has been answered already")), partnership.Error{Code: partnership.Conflict, Message: "this offer has been answered already"}},
		"a no about a field":                          {activities.Refusal(partnership.FieldErrorf("fee", "must be more than zero")), partnership.Error{Code: partnership.Invalid, Field: "fee", Message: "must be more than zero"}},
		"a colon in a sentence":                       {activities.Refusal(partnership.Errorf(partnership.Invalid, "fee: too late")), partnership.Error{Code: partnership.Invalid, Message: "fee: too late"}},
		"of words alone, as builds of before made it": {temporal.NewNonRetryableApplicationError("fee: must be more than zero", "invalid", nil), partnership.Error{Code: partnership.Invalid, Message: "fee: must be more than zero"}},
		"a workflow that is not":                      {serviceerror.NewNotFound("workflow execution already completed"), partnership.Error{Code: partnership.NotFound, Message: "it has ended or was never started"}},
	} {
		got, ok := errors.AsType[*partnership.Error](inOurWords(fmt.Errorf("update: %w", test.err)))
		if !ok || !reflect.DeepEqual(*got, test.want) {
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
