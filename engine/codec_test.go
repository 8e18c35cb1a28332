package engine

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

const secretText = "jordan@creators.example"

func newKey(t *testing.T) string {
	t.Helper()
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(key)
}

func parse(t *testing.T, text string) Keys {
	t.Helper()
	keys, err := ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func encode(t *testing.T, keys Keys, value any) *commonpb.Payload {
	t.Helper()
	data, _ := Converters(keys)
	payload, err := data.ToPayload(value)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func decode(t *testing.T, keys Keys, payload *commonpb.Payload) (string, error) {
	t.Helper()
	data, _ := Converters(keys)
	var value string
	err := data.FromPayload(payload, &value)
	return value, err
}

func TestCodecHidesAndRestores(t *testing.T) {
	keys := parse(t, "k1:"+newKey(t))
	one, two := encode(t, keys, secretText), encode(t, keys, secretText)
	for _, payload := range []*commonpb.Payload{one, two} {
		raw, err := proto.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(secretText)) {
			t.Error("the value is readable in the encrypted payload")
		}
		if got, err := decode(t, keys, payload); err != nil || got != secretText {
			t.Errorf("decoded %q, %v", got, err)
		}
	}
	if bytes.Equal(one.Data, two.Data) {
		t.Error("two payloads of one value are equal: the nonce repeats")
	}
}

func TestCodecRotation(t *testing.T) {
	old, fresh := "old:"+newKey(t), "new:"+newKey(t)
	before := encode(t, parse(t, old), secretText)
	rotated := parse(t, fresh+","+old)

	if got, err := decode(t, rotated, before); err != nil || got != secretText {
		t.Errorf("after the rotation the old payload gives %q, %v", got, err)
	}
	after := encode(t, rotated, secretText)
	if id := string(after.Metadata[metadataKeyID]); id != "new" {
		t.Errorf("encrypted with key %q, want the first one", id)
	}
	if _, err := decode(t, parse(t, fresh), before); err == nil || !strings.Contains(err.Error(), `"old"`) {
		t.Errorf("without the old key: %v, want an error that names it", err)
	}
}

// A process may be told later which key to write with; codecs made before follow it.
func TestTheKeyThatEncryptsCanBeChanged(t *testing.T) {
	keys := parse(t, "new:"+newKey(t)+",old:"+newKey(t))
	data, _ := Converters(keys)
	if err := keys.Use("old"); err != nil || keys.Writes() != "old" {
		t.Fatalf("it writes with %q, %v", keys.Writes(), err)
	}
	payload, err := data.ToPayload(secretText)
	if err != nil || keyOf(payload) != "old" {
		t.Errorf("a converter made before writes with %q, %v", keyOf(payload), err)
	}
	if err := keys.Use("other"); err == nil {
		t.Error("a key that is not there can be used")
	}
}

func TestCodecRefusesTampering(t *testing.T) {
	keys := parse(t, "k1:"+newKey(t)+",k2:"+newKey(t))
	tamper := map[string]func(*commonpb.Payload){
		"a flipped bit":    func(p *commonpb.Payload) { p.Data[len(p.Data)-1] ^= 1 },
		"a changed nonce":  func(p *commonpb.Payload) { p.Data[0] ^= 1 },
		"another key's id": func(p *commonpb.Payload) { p.Metadata[metadataKeyID] = []byte("k2") },
		"a cut":            func(p *commonpb.Payload) { p.Data = p.Data[:5] },
	}
	for name, change := range tamper {
		t.Run(name, func(t *testing.T) {
			payload := encode(t, keys, secretText)
			change(payload)
			if got, err := decode(t, keys, payload); err == nil {
				t.Errorf("it decodes to %q", got)
			}
		})
	}
}

func TestPlainModeIsReadable(t *testing.T) {
	payload := encode(t, parse(t, "plain"), secretText)
	if !bytes.Contains(payload.Data, []byte(secretText)) {
		t.Error("plain mode does not store the value in the clear")
	}
	keys := parse(t, "k1:"+newKey(t))
	if got, err := decode(t, keys, payload); !errors.Is(err, errPlain) {
		t.Errorf("a client with keys believes a plain payload: %q, %v", got, err)
	}
	var got string
	if err := hostConverter(keys).FromPayload(payload, &got); err != nil || got != secretText {
		t.Errorf("a plain payload gives a host with keys %q, %v: encryption could not be turned on over what runs", got, err)
	}
}

func TestFailuresAreEncrypted(t *testing.T) {
	for _, test := range []struct {
		name  string
		keys  Keys
		clear bool
	}{{"keys", parse(t, "k1:"+newKey(t)), false}, {"plain", Plain(), true}} {
		t.Run(test.name, func(t *testing.T) {
			_, failures := Converters(test.keys)
			cause := temporal.NewApplicationError("no mail to "+secretText, "invalid", secretText)
			raw, err := proto.Marshal(failures.ErrorToFailure(cause))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(raw, []byte(secretText)) != test.clear {
				t.Errorf("readable: %v, want %v", !test.clear, test.clear)
			}
			back, ok := errors.AsType[*temporal.ApplicationError](failures.FailureToError(failures.ErrorToFailure(cause)))
			if !ok || back.Type() != "invalid" || !strings.Contains(back.Message(), secretText) {
				t.Errorf("restored as %v", back)
			}
		})
	}
}

func TestParseKeysSaysWhatIsWrong(t *testing.T) {
	good := newKey(t)
	for text, want := range map[string]string{
		"":                           "not set",
		good:                         "id:base64",
		"k1:" + good[:20]:            "32 bytes",
		"k1:" + good + ",k1:" + good: "twice",
		"plain:" + good:              "another word",
	} {
		_, err := ParseKeys(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseKeys: %v, want %q in it", err, want)
		}
		if err != nil && strings.Contains(err.Error(), good[:12]) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
}

func TestADoorReadsNothingThatNobodyEncrypted(t *testing.T) {
	if got, err := decode(t, parse(t, "k1:"+newKey(t)), encode(t, Plain(), secretText)); err == nil {
		t.Errorf("it read %q", got)
	}
}
