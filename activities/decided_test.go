package activities

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/partnership"
)

// silent is a directory that cannot be asked.
type silent struct{ err error }

func (s silent) Proven(context.Context, Decision) ([]string, error) { return nil, s.err }

// at is a clock that stands.
type at time.Time

func (c at) Now() time.Time { return time.Time(c) }

// While a decision is being recorded others are told to look again in a moment, by whatever door: a look-up that will not be answered
// has to become a refusal.
func TestALookUpThatIsNotAnsweredLocksNobodyOut(t *testing.T) {
	t.Parallel()
	revoked := &partnership.VendorError{Vendor: "slack", Op: "users.info", Class: partnership.Barred, Message: "token_revoked"}
	unknown := &partnership.VendorError{Vendor: "slack", Op: "users.info", Class: partnership.Permanent, Message: "missing_scope"}
	busy := &partnership.VendorError{Vendor: "slack", Op: "users.info", Class: partnership.Retry, Message: "ratelimited"}
	for name, tt := range map[string]struct {
		err     error
		waited  time.Duration
		refused bool
	}{
		"a token that was revoked":          {revoked, 0, true},
		"a scope that is missing":           {unknown, 0, true},
		"a busy Slack":                      {busy, 0, false},
		"a busy Slack for three minutes":    {busy, 3 * time.Minute, true},
		"no network":                        {errors.New("connection refused"), 0, false},
		"no network for three minutes":      {errors.New("connection refused"), 3 * time.Minute, true},
		"somebody without the role at once": {partnership.Errorf(partnership.Forbidden, "no role"), 0, true},
	} {
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestActivityEnvironment()
		a := New(Deps{Guard: silent{tt.err}, Clock: at(time.Now().Add(tt.waited))})
		env.RegisterActivity(a)
		_, err := env.ExecuteActivity(a.RecordDecision, Decision{Proof: partnership.Proof{Who: "slack:U1"}})
		failed, _ := errors.AsType[*temporal.ApplicationError](err)
		switch {
		case failed == nil:
			t.Errorf("%s: %v", name, err)
		case failed.NonRetryable() != tt.refused:
			t.Errorf("%s: refused for good is %t: %v", name, failed.NonRetryable(), err)
		case tt.refused && partnership.Code(failed.Type()) == partnership.Missing && !strings.Contains(err.Error(), "decide by another door"):
			t.Errorf("%s: it does not say what to do: %v", name, err)
		}
	}
}
