package workflows_test

import (
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"
)

func anything() any { return mock.Anything }

func startAs(id string) client.StartWorkflowOptions { return client.StartWorkflowOptions{ID: id} }
