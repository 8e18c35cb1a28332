package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/proof/secondcarrier"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// shippedBy is a campaign for the first target of a crowd whose parcels go by that carrier.
func shippedBy(name, carrier string) string {
	text := systemtest.CrowdCampaign(1, `{publish_from: "+3", publish_to: "+90", outreach_days: 4, sign_days: 4, produce_days: 20, review_days: 1, buffer_days: 1, window_days: 8}`)
	return strings.NewReplacer("weight_oz: 40}", "weight_oz: 40"+carrier+"}", "Made Together", name, "standby: 2", "standby: 0").Replace(text)
}

// TestASecondCarrierIsOneFolderAndOneLine builds the programs with a second carrier, made of one folder and one line of registration,
// and runs two campaigns side by side: one ships by it, the other by the first. Its webhook moves a story like the first's.
func TestASecondCarrierIsOneFolderAndOneLine(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs and runs the whole system")
	}
	long.Only(t, "proof/secondcarrier holds the folder and the line, without the programs")
	root, err := systemtest.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := secondcarrier.Overlay(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	loft := &secondcarrier.Loft{Key: "coo", Seal: "wax"}
	api := httptest.NewServer(loft)
	t.Cleanup(api.Close)
	creators := systemtest.Crowd(2)
	winged, posted := creators[:1], creators[1:]
	s := systemtest.Start(t, systemtest.Options{
		Day: parcelDay, Campaign: shippedBy("By Pigeon", ", carrier: pigeon"), Creators: systemtest.CSV(t, winged), Alone: true, Overlay: overlay,
		Env: []string{"PIGEON_API_KEY=coo", "PIGEON_BASE_URL=" + api.URL, "PIGEON_WEBHOOK_SECRET=wax"},
	})
	s.Await("Launched By Pigeon")
	s.Play(creators, map[string]partnership.TaskKind{creators[0].Handle: partnership.TaskReceive, creators[1].Handle: partnership.TaskReceive}, 200*time.Millisecond)

	file := func(name, text string) string {
		path := filepath.Join(s.Dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	people := file("posted.csv", systemtest.CSV(t, posted))
	for words, campaign := range map[string]string{
		`offer.gift.carrier: "owl" is not allowed; who ships it: easypost or pigeon`: shippedBy("By Owl", ", carrier: owl"),
		`offer.gift.carrier: missing`: shippedBy("By Whom", ""),
	} {
		out, err := s.Command("campaign", "launch", "-f", file("refused.yaml", campaign), "--creators", people).CombinedOutput()
		if err == nil || !strings.Contains(string(out), words) || !strings.Contains(string(out), "easypost or pigeon") {
			t.Errorf("%v, %s; want %s", err, out, words)
		}
	}
	s.Must("campaign", "launch", "-f", file("posted.yaml", shippedBy("By Post", ", carrier: easypost")), "--creators", people)

	var first, second board.Partnership
	s.Until("a parcel on its way with each carrier", func() bool {
		first, second = partnershipOf(s, posted[0].Handle), partnershipOf(s, winged[0].Handle)
		return first.WaitingFor == "the parcel's delivery" && second.WaitingFor == "the parcel's delivery"
	})
	parcels, flown := s.Parcels(), loft.Parcels()
	if _, posted := parcels[first.ID]; len(parcels) != 1 || !posted {
		t.Errorf("the first carrier has %v, want %s alone", parcels, first.ID)
	}
	if len(flown) != 1 || !strings.Contains(flown[0].Key, string(second.ID)) || flown[0].Ring == "" {
		t.Fatalf("the second carrier has %+v, want one of %s with its label", flown, second.ID)
	}
	status, err := loft.Land(t.Context(), fmt.Sprintf("http://127.0.0.1:%d", s.Ports().Front), flown[0].ID)
	if err != nil || status != http.StatusOK {
		t.Fatalf("the front door answers its news with %d, %v", status, err)
	}
	s.Until("the draft of whose parcel landed", func() bool { return partnershipOf(s, winged[0].Handle).WaitingFor == "the creator's draft" })
	if now := partnershipOf(s, posted[0].Handle); now.WaitingFor != "the parcel's delivery" {
		t.Errorf("the other story waits for %q", now.WaitingFor)
	}
	s.Interrupt()
}

// partnershipOf is a creator's, in whichever campaign; nothing while there is none.
func partnershipOf(s *systemtest.System, handle string) (found board.Partnership) {
	var all struct {
		Campaigns []struct{ ID string } `json:"campaigns"`
	}
	s.API("/campaigns", &all)
	for _, c := range all.Campaigns {
		var doc board.Campaign
		s.API("/campaigns/"+c.ID, &doc)
		for _, one := range doc.Partnerships {
			if one.Creator.Handle == handle {
				found = one
			}
		}
	}
	return found
}
