package engine

import (
	"crypto/rand"
	"errors"
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

// Converters turn values and failures into what Temporal stores, for those who ask workflows from outside: what they cannot
// read, or what nobody encrypted, is an error. Whoever hosts workflows must not lose a payload for it: see Keys.Host.
//
// With keys, error messages and stack traces are encrypted too. Ids, types, names and search attributes are never encrypted,
// which is why they hold nothing personal.
func Converters(keys Keys) (converter.DataConverter, converter.FailureConverter) {
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), codec{keys: keys, strict: !keys.IsPlain()})
	return data, failuresWith(data, keys)
}

func failuresWith(data converter.DataConverter, keys Keys) converter.FailureConverter {
	return temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter:          data,
		EncodeCommonAttributes: !keys.IsPlain(),
	})
}

// codec encrypts whole payloads with AES-256-GCM under a fresh nonce. A strict one refuses payloads that were never encrypted;
// others pass them, so that encryption can be turned on over workflows that run.
type codec struct {
	keys   Keys
	strict bool
}

func (c codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	if c.keys.IsPlain() {
		return payloads, nil
	}
	encoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		text, err := proto.Marshal(payload)
		if err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
		id := c.keys.Writes()
		aead := c.keys.ciphers[id]
		nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
		if _, err := rand.Read(nonce); err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
		encoded[i] = &commonpb.Payload{
			Metadata: map[string][]byte{
				converter.MetadataEncoding: []byte(encodingEncrypted),
				metadataKeyID:              []byte(id),
			},
			Data: aead.Seal(nonce, nonce, text, []byte(id)),
		}
	}
	return encoded, nil
}

// errPlain is what a payload gets that nobody encrypted and that would have to be.
var errPlain = errors.New("it was not encrypted: it does not come from Rapport, or from a process whose RAPPORT_CODEC_KEYS is plain")

func (c codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	decoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		if !encrypted(payload) {
			if c.strict {
				return nil, errPlain
			}
			decoded[i] = payload
			continue
		}
		text, err := c.keys.open(payload)
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

func encrypted(payload *commonpb.Payload) bool {
	return string(payload.GetMetadata()[converter.MetadataEncoding]) == encodingEncrypted
}

// keyOf is the id of the key that an encrypted payload says it was written with.
func keyOf(payload *commonpb.Payload) string { return string(payload.GetMetadata()[metadataKeyID]) }

func (k Keys) open(payload *commonpb.Payload) ([]byte, error) {
	id := keyOf(payload)
	aead, known := k.ciphers[id]
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
