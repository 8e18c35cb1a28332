package engine

import (
	"context"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/proxy"
	"google.golang.org/protobuf/proto"
)

// Readable checks that keys decrypt every payload of a recorded history. A replay with other keys fails as if the workflow
// had changed, which would send people looking in the wrong place.
func Readable(ctx context.Context, recorded proto.Message, keys Keys) error {
	return proxy.VisitPayloads(ctx, recorded, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
			_, err := codec{keys: keys}.Decode(payloads)
			return payloads, err
		},
	})
}
