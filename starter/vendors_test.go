package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRetryingAnUnknownVendorNamesThoseThatThereAre(t *testing.T) {
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"vendors", "retry", "sendgird"}, &out, &errOut)
	if said := errOut.String(); code != wrong || !strings.Contains(said, `"sendgird"`) || !strings.Contains(said, "docusign, easypost, sendgrid, shopify, slack, stripe") {
		t.Errorf("%d: %s", code, said)
	}
}
