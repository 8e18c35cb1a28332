package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/wiring/vendors"
)

func TestRetryingAnUnknownVendorNamesThoseThatThereAre(t *testing.T) {
	var names []string
	for _, v := range vendors.All() {
		if v.Fills != "" {
			names = append(names, v.Name)
		}
	}
	slices.Sort(names)
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"vendors", "retry", "sendgird"}, &out, &errOut)
	if said := errOut.String(); code != wrong || !strings.Contains(said, `"sendgird"`) || !strings.Contains(said, strings.Join(names, ", ")) {
		t.Errorf("%d: %s", code, said)
	}
}
