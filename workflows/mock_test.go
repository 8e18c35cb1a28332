package workflows_test

import (
	"log/slog"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
)

func anything() any { return mock.Anything }

func startAs(id string) client.StartWorkflowOptions { return client.StartWorkflowOptions{ID: id} }

// newEnv is the SDK's test environment without its thousands of lines, among which nobody finds what failed.
func newEnv() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	return suite.NewTestWorkflowEnvironment()
}
