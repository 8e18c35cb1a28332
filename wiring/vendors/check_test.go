package vendors_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
	imitated "github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// The doctor's question to each vendor is answered, with the settings as they are, with a wrong key, and by nobody.
func TestTheDoctorHearsWhetherAVendorTakesOurSettings(t *testing.T) {
	t.Parallel()
	played := imitated.All
	keys, env := played.MakeKeys()
	s, err := sandbox.New(sandbox.Config{Addr: "127.0.0.1:0", FrontDoorURL: "http://127.0.0.1:1", Day: time.Second, Seed: 1, Keys: keys}, played)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	maps.Copy(env, played.BaseURLs(s.URL()))
	env["SENDGRID_FROM"] = "Acme <mail@acme.example>"
	open := func(changed map[string]string) vendors.Clients {
		set := maps.Clone(env)
		maps.Copy(set, changed)
		read, faults := vendors.Read(vendors.All(), set)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return read.Open(time.Second)
	}
	right := open(nil)
	wrong := open(map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-other", "SENDGRID_API_KEY": "SG.other", "DOCUSIGN_INTEGRATION_KEY": "other", "EASYPOST_API_KEY": "EZTKother",
		"SHOPIFY_ACCESS_TOKEN": "shpat_other", "STRIPE_API_KEY": "sk_test_other", "PAYPAL_SECRET": "other",
	})
	nobody := map[string]string{}
	for name := range played.BaseURLs("") {
		nobody[name] = "http://127.0.0.1:1"
	}
	away := open(nobody)
	called := map[string]bool{}
	for _, v := range played {
		called[v.Name] = len(v.Paths) > 0
	}
	for _, v := range vendors.All() {
		if v.Fills == "" {
			continue
		}
		if err := right.Check(t.Context(), v.Name); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		if !called[v.Name] { // what is wrong with its settings is their form: Read says it
			continue
		}
		err := wrong.Check(t.Context(), v.Name)
		if err == nil || !strings.Contains(err.Error(), strings.ToUpper(v.Name)) && !strings.Contains(err.Error(), "refused") {
			t.Errorf("%s with a wrong key: %v; the doctor has to say which setting to look at", v.Name, err)
		}
		if away.Check(t.Context(), v.Name) == nil {
			t.Errorf("%s is away, and the doctor hears that all is well", v.Name)
		}
	}
}
