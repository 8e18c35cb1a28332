package vendors

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/webhooks"
)

// everything sets all that any vendor needs.
func everything(t *testing.T) Vendors {
	t.Helper()
	set := map[string]string{}
	for _, v := range All() {
		for _, name := range v.Needs {
			set[name] = "-----BEGIN x"
		}
	}
	set["FILEBANK_ACCOUNT"] = "DE89370400440532013000" // its form is looked at at once
	read, faults := Read(All(), set)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return read
}

func filled[C any](t *testing.T, c Clients, port partnership.Port) {
	t.Helper()
	for _, name := range c.vendors.Filling(port) {
		if _, ok := c.by[name].(integrations.Checker); !ok {
			t.Errorf("the doctor cannot ask %s", name)
		}
		if _, ok := c.by[name].(C); !ok {
			t.Errorf("%s fills the %s port with a %T, which is no %s", name, port, c.by[name], reflect.TypeFor[C]())
		}
	}
}

// What a registration says that a vendor fills its client can do, wherever that is asked for.
func TestEachVendorFillsItsPort(t *testing.T) {
	t.Parallel()
	c := everything(t).Open(time.Second)
	filled[activities.Mailer](t, c, partnership.MailPort)
	filled[activities.Signer](t, c, partnership.SigningPort)
	filled[activities.Shipper](t, c, partnership.CarrierPort)
	filled[activities.Shop](t, c, partnership.ShopPort)
	filled[webhooks.Shop](t, c, partnership.ShopPort)
	filled[activities.Chat](t, c, partnership.ChatPort)
	filled[web.Chat](t, c, partnership.ChatPort)
	filled[activities.PayoutRail](t, c, partnership.RailPort)
	filled[webhooks.Rail](t, c, partnership.RailPort)
	var d activities.Deps
	c.Into(&d)
	if d.Mailer == nil || d.Signer == nil || d.Shop == nil || d.Chat == nil || len(d.Carriers.By) == 0 || len(d.Rails.By) == 0 {
		t.Errorf("not all steps have their vendor: %+v", d)
	}
	if (d.Names == activities.Names{}) || d.Names.Mail == "" || d.Names.Signing == "" || d.Names.Shop == "" || d.Names.Chat == "" {
		t.Errorf("a gate or a queue has no name: %+v", d.Names)
	}
}

// A vendor that is off is a nil interface, which is what everybody looks for.
func TestAVendorThatIsOffIsNotThere(t *testing.T) {
	t.Parallel()
	none, faults := Read(All(), nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var d activities.Deps
	none.Open(time.Second).Into(&d)
	if d.Mailer != nil || d.Signer != nil || d.Shop != nil || d.Chat != nil || len(d.Carriers.By)+len(d.Rails.By) > 0 {
		t.Errorf("somebody is there: %+v", d)
	}
	if d.Carriers.First == "" || d.Rails.First == "" || d.Names.Mail == "" {
		t.Error("what is off has no name, so that nobody can say what to set up")
	}
	for _, v := range none {
		if v.Fills == "" {
			continue
		}
		if words := none.Off(v.Fills, v.Name); !strings.Contains(words, v.Needs[0]) {
			t.Errorf("%s is off, and launch is told %q", v.Name, words)
		}
	}
}

func TestRegistrationsAreWhole(t *testing.T) {
	t.Parallel()
	inboxes, paths := map[string]string{}, map[string]string{}
	for _, v := range everything(t) {
		if v.Name == "" || v.Name != strings.ToLower(v.Name) || v.Title == "" || len(v.Needs) == 0 || v.Fills != "" && v.PerSecond <= 0 {
			t.Errorf("%+v lacks something", v.Vendor)
		}
		named := settingsOf(v.Settings)
		for _, need := range v.Needs {
			if !slices.Contains(named, need) {
				t.Errorf("%s needs %s, which its settings do not read", v.Name, need)
			}
		}
		reports, ok := v.Settings.(integrations.Reporter)
		if !ok {
			continue
		}
		for _, hook := range reports.Webhooks() {
			if hook.Vendor != v.Name || inboxes[hook.Inbox] != "" || paths[hook.Path] != "" || !slices.Contains(named, hook.Setting) || hook.Verify == nil || hook.Read == nil {
				t.Errorf("%s: %s %s lacks something or is another's too", v.Name, hook.Path, hook.Inbox)
			}
			inboxes[hook.Inbox], paths[hook.Path] = v.Name, v.Name
			if err := hook.Verify(http.Header{}, nil, time.Now()); err == nil {
				t.Errorf("%s believes a delivery without a signature", hook.Path)
			}
		}
	}
}

func settingsOf(s integrations.Settings) (names []string) {
	kind := reflect.TypeOf(s).Elem()
	for i := range kind.NumField() {
		names = append(names, kind.Field(i).Tag.Get("env"))
	}
	return names
}
