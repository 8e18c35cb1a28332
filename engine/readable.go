package engine

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

// Readable checks that keys decrypt every payload of a recorded history. A replay with other keys fails as if the workflow
// had changed, which would send people looking in the wrong place.
func Readable(ctx context.Context, recorded proto.Message, keys Keys) error {
	return proxy.VisitPayloads(ctx, recorded, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
			for _, payload := range payloads {
				if keys.IsPlain() && string(payload.GetMetadata()[converter.MetadataEncoding]) == encodingEncrypted {
					return nil, fmt.Errorf("it is encrypted with the key %q: add it to RAPPORT_CODEC_KEYS", payload.Metadata[metadataKeyID])
				}
			}
			_, err := NewCodec(keys).Decode(payloads)
			return payloads, err
		},
	})
}
