package activities

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

// What a refusal is about reaches the doors as it was said, whatever its words are.
func TestARefusalNamesItsField(t *testing.T) {
	t.Parallel()
	for _, no := range []*partnership.Error{
		partnership.FieldErrorf("days", "must be more than 0 and at most 5"), partnership.Errorf(partnership.Conflict, "days: this task has had its extension"), partnership.Errorf(partnership.Missing, "no carrier"),
	} {
		failure := temporal.GetDefaultFailureConverter().ErrorToFailure(Refusal(no)) // as the server keeps it
		got := RefusalIn(fmt.Errorf("update: %w", temporal.GetDefaultFailureConverter().FailureToError(failure)))
		require.Equal(t, no, got)
		require.Equal(t, no.Error(), failure.GetMessage(), "the words for people")
	}
	require.Nil(t, RefusalIn(temporal.NewApplicationError("boom", "panic")))
	require.Equal(t, &partnership.Error{Code: partnership.Invalid, Message: "fee: must be more than zero"},
		RefusalIn(temporal.NewNonRetryableApplicationError("fee: must be more than zero", "invalid", nil)), "of words alone, as builds of before made it")
}
