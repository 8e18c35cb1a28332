package secondcarrier

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/proof/secondcarrier/pigeon"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// both is what one folder and one line make: two carriers side by side.
func both(t *testing.T, set map[string]string) vendors.Vendors {
	t.Helper()
	all := vendors.All()
	i := slices.IndexFunc(all, func(v integrations.Vendor) bool { return v.Name == "easypost" })
	read, faults := vendors.Read(slices.Insert(all, i+1, pigeon.Vendor), set)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return read
}

func TestALineMakesACarrierLikeTheOther(t *testing.T) {
	t.Parallel()
	v := both(t, map[string]string{"EASYPOST_API_KEY": "EZTK1", "PIGEON_API_KEY": "coo", "PIGEON_BASE_URL": "http://127.0.0.1:1"})
	if known := v.Known(); !slices.Equal(known.Carriers, []string{"easypost", "pigeon"}) {
		t.Errorf("a campaign may name %v", known.Carriers)
	}
	among := vendors.Among[activities.Shipper](v.Open(time.Second), partnership.CarrierPort)
	if among.First != "easypost" || len(among.By) != 2 {
		t.Errorf("the steps have %+v", among)
	}
	for name, want := range map[string]string{"": "easypost", "easypost": "easypost", "pigeon": "pigeon"} {
		client, err := among.Named(partnership.CarrierPort, name)
		if err != nil || client != among.By[want] {
			t.Errorf("%q is not %s: %v", name, want, err)
		}
	}
	if _, err := among.Named(partnership.CarrierPort, "owl"); partnership.CodeOf(err) != partnership.Missing {
		t.Errorf("an owl: %v", err)
	}
	off := both(t, map[string]string{"EASYPOST_API_KEY": "EZTK1"})
	if words := off.Off(partnership.CarrierPort, "pigeon"); words != "pigeon is off: set PIGEON_API_KEY" || off.Off(partnership.CarrierPort, "easypost") != "" {
		t.Errorf("launch is told %q", words)
	}
	if v.Title("pigeon/buy_label") != "Pigeon Post (buy label)" || !v.Has("pigeon") {
		t.Error("people do not hear of it")
	}
}

// What the second carrier reports is the same fact as what the first does.
func TestTwoCarriersReportTheSameFact(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 10, 15, 0, 0, 0, time.UTC)
	hooks := map[string]integrations.Webhook{}
	for _, hook := range both(t, map[string]string{"PIGEON_API_KEY": "coo", "PIGEON_WEBHOOK_SECRET": "seal", "EASYPOST_API_KEY": "EZAK1", "EASYPOST_WEBHOOK_SECRET": "s"}).Webhooks() {
		hooks[hook.Inbox] = hook
	}
	landed, err := json.Marshal(pigeon.News{ID: "n1", Parcel: "shp_1", Ring: "EZ1", State: "landed", At: at})
	if err != nil {
		t.Fatal(err)
	}
	sealed := http.Header{pigeon.HeaderSeal: {hex.EncodeToString(httpx.HMAC("seal", landed))}}
	for name, c := range map[string]struct {
		header http.Header
		want   error
	}{
		"sealed": {sealed, nil}, "not sealed": {http.Header{}, facts.ErrNotSigned},
		"another's seal": {http.Header{pigeon.HeaderSeal: {hex.EncodeToString(httpx.HMAC("wax", landed))}}, facts.ErrSignature},
	} {
		if err := hooks["pigeon"].Verify(c.header, landed, at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	second, err := hooks["pigeon"].Read(sealed, landed)
	if err != nil || hooks["pigeon"].ID(sealed, landed) != "n1" {
		t.Fatal(second, err)
	}
	first, err := hooks["easypost"].Read(nil, []byte(`{"id":"n1","object":"Event","description":"tracker.updated","mode":"production","created_at":"2026-11-10T15:00:00Z","result":{"id":"trk_1","object":"Tracker","tracking_code":"EZ1","status":"delivered","updated_at":"2026-11-10T15:00:00Z","shipment_id":"shp_1"}}`))
	if err != nil || len(first) != 1 || !slices.Equal(first, second) {
		t.Errorf("%+v and %+v, %v", first, second, err)
	}
}

// The names of the second carrier stand nowhere but in its folder, and the whole product builds with it.
func TestTheProductBuildsWithTheSecondCarrier(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := Overlay(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "list", "-overlay="+overlay, "-deps", "./worker", "./starter")
	build.Dir = root
	out, err := build.Output()
	if err != nil || !strings.Contains(string(out), "rapport/integrations/pigeon\n") {
		t.Errorf("the programs do not know it: %v", err)
	}
}
