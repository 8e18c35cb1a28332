package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// SearchAttributeTypes names each attribute's type as `temporal server start-dev --search-attribute` wants it.
func SearchAttributeTypes(keys []temporal.SearchAttributeKey) map[string]string {
	types := map[string]string{}
	for _, key := range keys {
		types[key.GetName()] = key.GetValueType().String()
	}
	return types
}

// EnsureSearchAttributes registers those of the keys that are missing in the namespace. It may run any number of times, at once too. Where
// clients may not do that (Temporal Cloud), it says in the log what somebody has to register.
func EnsureSearchAttributes(ctx context.Context, c client.Client, namespace string, keys []temporal.SearchAttributeKey) error {
	err := ensureSearchAttributes(ctx, c, namespace, keys)
	_, denied := errors.AsType[*serviceerror.PermissionDenied](err)
	_, absent := errors.AsType[*serviceerror.Unimplemented](err)
	if denied || absent {
		slog.WarnContext(ctx, "search attributes cannot be registered from here: register them in the namespace's settings",
			"namespace", namespace, "attributes", SearchAttributeTypes(keys))
		return nil
	}
	return err
}

func ensureSearchAttributes(ctx context.Context, c client.Client, namespace string, keys []temporal.SearchAttributeKey) error {
	have, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return fmt.Errorf("list search attributes of %s: %w", namespace, err)
	}
	missing := map[string]enumspb.IndexedValueType{}
	for _, key := range keys {
		kind, found := have.GetCustomAttributes()[key.GetName()]
		switch {
		case !found:
			missing[key.GetName()] = key.GetValueType()
		case kind != key.GetValueType():
			return fmt.Errorf("search attribute %s of namespace %s is a %s and must be a %s: remove it there first",
				key.GetName(), namespace, kind, key.GetValueType())
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: namespace, SearchAttributes: missing,
	})
	if _, raced := errors.AsType[*serviceerror.AlreadyExists](err); err != nil && !raced {
		return fmt.Errorf("add search attributes to %s: %w", namespace, err)
	}
	return nil
}
