package engine_test

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/engine"
)

// What a workflow is given is encrypted before it leaves the process, with the first key; any of the keys reads it back.
func ExampleConverters() {
	const first, second = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "k2:8O/u7ezr6uno5+bl5OPi4eDf3t3c29rZ2NfW1dTT0tE="
	before, err := engine.ParseKeys(first)
	if err != nil {
		panic(err)
	}
	writer, _ := engine.Converters(before)
	payload, err := writer.ToPayload("Ada lives at 99 Canary Row")
	if err != nil {
		panic(err)
	}
	fmt.Println("readable in Temporal:", strings.Contains(string(payload.Data), "Canary"))

	after, err := engine.ParseKeys(second + "," + first) // a newer key writes; what the older one wrote stays readable
	if err != nil {
		panic(err)
	}
	reader, _ := engine.Converters(after)
	var text string
	fmt.Println(reader.FromPayload(payload, &text), text)

	stranger, err := engine.ParseKeys(second)
	if err != nil {
		panic(err)
	}
	other, _ := engine.Converters(stranger)
	fmt.Println(other.FromPayload(payload, &text))
	// Output:
	// readable in Temporal: false
	// <nil> Ada lives at 99 Canary Row
	// decrypt payload: no key with the id "k1"; add it to RAPPORT_CODEC_KEYS
}
