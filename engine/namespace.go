package engine

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// CheckNamespace asks whether the namespace is there: a connection alone does not say.
func CheckNamespace(ctx context.Context, c client.Client, namespace string) error {
	_, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: namespace})
	if _, absent := errors.AsType[*serviceerror.NamespaceNotFound](err); absent {
		return fmt.Errorf("the namespace %q does not exist there: set TEMPORAL_NAMESPACE to one that does, or make it with `temporal operator namespace create -n %s`", namespace, namespace)
	}
	if err != nil {
		return fmt.Errorf("namespace %q: %w", namespace, err)
	}
	return nil
}
