package shopify

import (
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// What requests cost, in points: a mutation ten, an object one, a scalar nothing. Shopify weighs lists by their page size,
// in a way that it does not document; here a list costs what its node costs once, so the sandbox is never dearer.
const (
	bucketSize    = 2000 // of the standard plan
	bucketRestore = 100  // a second
	maxCost       = 1000 // of one request
	mutationCost  = 10
)

func costOf(op *ast.OperationDefinition, doc *ast.QueryDocument) int {
	cost := objects(op.SelectionSet, doc, 0)
	if op.Operation == ast.Mutation {
		cost += (mutationCost - 1) * len(op.SelectionSet)
	}
	return max(cost, 1)
}

// deepest bounds fragments that spread themselves.
const deepest = 50

func objects(set ast.SelectionSet, doc *ast.QueryDocument, depth int) (n int) {
	if depth > deepest {
		return maxCost
	}
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if len(sel.SelectionSet) > 0 {
				n += 1 + objects(sel.SelectionSet, doc, depth+1)
			}
		case *ast.InlineFragment:
			n += objects(sel.SelectionSet, doc, depth+1)
		case *ast.FragmentSpread:
			if def := doc.Fragments.ForName(sel.Name); def != nil {
				n += objects(def.SelectionSet, doc, depth+1)
			}
		}
	}
	return n
}

func tooDear(cost int) *gqlError {
	if cost <= maxCost {
		return nil
	}
	e := gqlErr("MAX_COST_EXCEEDED", "Query cost is %d, which exceeds the single query max cost limit %d.", cost, maxCost)
	e.Extensions["cost"], e.Extensions["maxCost"] = cost, maxCost
	return e
}

// bucket leaks points back by the real clock, as the shop's does.
type bucket struct {
	level float64
	at    time.Time
}

// take pays for a request, unless it is too dear now.
func (b *bucket) take(cost int, now time.Time) bool {
	if b.at.IsZero() {
		b.level, b.at = bucketSize, now
	}
	b.level = min(b.level+now.Sub(b.at).Seconds()*bucketRestore, bucketSize)
	b.at = now
	if float64(cost) > b.level {
		return false
	}
	b.level -= float64(cost)
	return true
}

// throttled says no with HTTP 200; the wait follows from the cost.
func throttled(w http.ResponseWriter, cost, available int) {
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{
		"errors":     []*gqlError{gqlErr("THROTTLED", "Throttled")},
		"extensions": costExtension(cost, available),
	})
}

func costExtension(cost, available int) map[string]any {
	return map[string]any{"cost": map[string]any{
		"requestedQueryCost": cost, "actualQueryCost": cost,
		"throttleStatus": map[string]any{"maximumAvailable": float64(bucketSize), "currentlyAvailable": available, "restoreRate": float64(bucketRestore)},
	}}
}
