package partnership

import (
	"encoding/json"
	"testing"
	"time"
)

func TestAProofProvesOneClaimAlone(t *testing.T) {
	t.Parallel()
	key := ProofKey([]byte("a secret of thirty-two bytes....."))
	at := time.Date(2026, 11, 29, 1, 0, 0, 123000, time.UTC)
	content, err := ContentHash(map[string]any{"By": "slack:U1", "Hash": "h1"})
	if err != nil {
		t.Fatal(err)
	}
	made := Prove(key, Claim{ID: "d1", Who: "slack:U1", Deed: DeedApproveRun, Workflow: "payout-run/dreams/2026-11", Content: content, At: at})
	var travelled Proof // through JSON and another zone
	text, _ := json.Marshal(made)
	if err := json.Unmarshal(text, &travelled); err != nil {
		t.Fatal(err)
	}
	travelled.At = travelled.At.In(time.FixedZone("x", 3600))
	if !travelled.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", content) {
		t.Error("a proof does not hold for its own claim")
	}
	other, _ := ContentHash(map[string]any{"By": "slack:U1", "Hash": "h2"})
	for name, holds := range map[string]bool{
		"another deed":     made.Holds(key, DeedRejectRun, "payout-run/dreams/2026-11", content),
		"another workflow": made.Holds(key, DeedApproveRun, "payout-run/dreams/2026-12", content),
		"another hash":     made.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", other),
		"another key":      made.Holds(ProofKey([]byte("another secret")), DeedApproveRun, "payout-run/dreams/2026-11", content),
		"the bare secret":  made.Holds([]byte("a secret of thirty-two bytes....."), DeedApproveRun, "payout-run/dreams/2026-11", content),
		"another person":   Proof{made.ID, "slack:U2", made.At, made.MAC}.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", content),
		"another id":       Proof{"d2", made.Who, made.At, made.MAC}.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", content),
		"another time":     Proof{made.ID, made.Who, made.At.Add(time.Second), made.MAC}.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", content),
		"none":             Proof{made.ID, made.Who, made.At, ""}.Holds(key, DeedApproveRun, "payout-run/dreams/2026-11", content),
	} {
		if holds {
			t.Error("a proof holds for", name)
		}
	}
}

func TestContentIsTheSameForEveryBuild(t *testing.T) {
	t.Parallel()
	type before struct{ By, Hash string }
	type after struct {
		Hash  string
		By    string
		Extra string
		N     int64
		Proof *Proof `json:"Proof,omitempty"`
	}
	a, err1 := ContentHash(before{"U1", "h"})
	b, err2 := ContentHash(after{By: "U1", Hash: "h", Proof: &Proof{ID: "x"}})
	c, err3 := ContentHash(after{By: "U1", Hash: "h", N: 1 << 60})
	d, err4 := ContentHash(Carried{json.RawMessage(`{"N":1152921504606846976,"Hash":"h","By":"U1"}`)})
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || a != b || c != d || a == c {
		t.Errorf("%s %s %s %s: %v %v %v %v", a, b, c, d, err1, err2, err3, err4)
	}
}
