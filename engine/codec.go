package engine

import (
	"crypto/rand"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

// What an encrypted payload says about itself, in the clear.
const (
	encodingEncrypted = "binary/encrypted"
	metadataKeyID     = "rapport-key-id"
)

// Converters turn values and failures into what Temporal stores. With keys, error messages and stack traces are encrypted
// too. Ids, types, names and search attributes are never encrypted, which is why they hold nothing personal.
func Converters(keys Keys) (converter.DataConverter, converter.FailureConverter) {
	data := converter.GetDefaultDataConverter()
	if !keys.IsPlain() {
		data = converter.NewCodecDataConverter(data, NewCodec(keys))
	}
	failures := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter:          data,
		EncodeCommonAttributes: !keys.IsPlain(),
	})
	return data, failures
}

// codec encrypts whole payloads with AES-256-GCM under a fresh nonce.
type codec struct{ keys Keys }

// NewCodec makes a codec of keys that are not plain. It passes through payloads that were never encrypted, so encryption
// can be turned on over workflows that run.
func NewCodec(keys Keys) converter.PayloadCodec { return codec{keys} }

func (c codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	encoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		text, err := proto.Marshal(payload)
		if err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
		aead := c.keys.ciphers[c.keys.first]
		nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
		if _, err := rand.Read(nonce); err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
		encoded[i] = &commonpb.Payload{
			Metadata: map[string][]byte{
				converter.MetadataEncoding: []byte(encodingEncrypted),
				metadataKeyID:              []byte(c.keys.first),
			},
			Data: aead.Seal(nonce, nonce, text, []byte(c.keys.first)),
		}
	}
	return encoded, nil
}

func (c codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	decoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != encodingEncrypted {
			decoded[i] = payload
			continue
		}
		text, err := c.open(payload)
		if err != nil {
			return nil, err
		}
		decoded[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(text, decoded[i]); err != nil {
			return nil, fmt.Errorf("decrypt payload: %w", err)
		}
	}
	return decoded, nil
}

func (c codec) open(payload *commonpb.Payload) ([]byte, error) {
	id := string(payload.GetMetadata()[metadataKeyID])
	aead, known := c.keys.ciphers[id]
	if !known {
		return nil, fmt.Errorf("decrypt payload: no key with the id %q; add it to RAPPORT_CODEC_KEYS", id)
	}
	if len(payload.GetData()) < aead.NonceSize() {
		return nil, fmt.Errorf("decrypt payload: it is cut short")
	}
	nonce, sealed := payload.Data[:aead.NonceSize()], payload.Data[aead.NonceSize():]
	text, err := aead.Open(nil, nonce, sealed, []byte(id))
	if err != nil {
		return nil, fmt.Errorf("decrypt payload: it was changed, or the key %q is another one: %w", id, err)
	}
	return text, nil
}
