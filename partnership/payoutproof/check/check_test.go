package check_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// kept are proofs that builds of before have made. Each verifies for ever: add further ones, and never change or take away one.
// store's TestAProofOfEverythingVerifies writes them (-keep).
var kept = map[string]string{
	"01-month.json":   "9ecec491fe9a8cb754f1ae5e6368ca217cd06d4b4be8986f329c532c7e49e83c",
	"01-creator.json": "31c0bd7bc8075a20c96b2b7f527c22daa5389cae321baeaf9d56f5244dc5d884",
}

func proofs(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if all[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func month(t *testing.T) []byte {
	t.Helper()
	return proofs(t)["01-month.json"]
}

// A proof that one build has made is verified by the next.
func TestProofsOfBuildsBefore(t *testing.T) {
	t.Parallel()
	all := proofs(t)
	for name, sum := range kept {
		text, there := all[name]
		if got := sha256.Sum256(text); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not as it was kept (there: %v): its sha256 is %x", name, there, got)
		}
		if _, faults := check.Verify(text); len(faults) > 0 {
			t.Errorf("%s: %s", name, strings.Join(faults, "; "))
		}
	}
	for name := range all {
		if _, known := kept[name]; !known {
			t.Errorf("testdata/%s is not in the list of what is kept", name)
		}
	}
}

// M7: each of 1,000 random changes of one character is found.
func TestEachChangeOfACharacterIsFound(t *testing.T) {
	t.Parallel()
	const seed, changes = 20261129, 1000
	random := rand.New(rand.NewPCG(seed, 9))
	text := month(t)
	found := 0
	for range changes {
		at := random.IntN(len(text))
		changed := bytes.Clone(text)
		for changed[at] == text[at] {
			changed[at] = byte(' ' + random.IntN('~'-' '+1))
			if random.IntN(20) == 0 {
				changed[at] = byte(random.IntN(256))
			}
		}
		if _, faults := check.Verify(changed); len(faults) == 0 {
			t.Errorf("character %d: %q for %q is not found", at, changed[at], text[at])
			continue
		}
		found++
	}
	t.Logf("seed %d: %d of %d changes found", seed, found, changes)
}

// The digest is not the only thing that finds a change: with the digest made anew, and every hash that the forger can make, the rules do.
func TestEachForgeryIsFound(t *testing.T) {
	t.Parallel()
	for name, forge := range forgeries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, faults := check.Verify(month(t))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			forge(&world{File: &f, t: t})
			text, err := payoutproof.Write(f)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(text, month(t)) {
				t.Fatal("it changes nothing")
			}
			_, faults = check.Verify(text)
			if len(faults) == 0 {
				t.Fatal("it is not found")
			}
			if strings.Contains(strings.Join(faults, ""), "digest") {
				t.Errorf("only the digest finds it: %s", faults)
			}
			t.Log(faults[0])
		})
	}
}

// told are fields of which no rule can tell each change from another truth, and why. The digest finds such a change, and the books have
// what was (rapport audit, ledger verify).
var told = map[string]string{
	"made_at":                  "anybody's clock",
	"runs.approvals.by":        "one name for another",
	"runs.approvals.id":        "where it stands in the audit",
	"runs.approvals.reason":    "a person's own words",
	"runs.minimum_minor":       "of a run in which everybody was above the other one too",
	"runs.approve_above_minor": "of a run that was above the other one too",
	"runs.need_approvers":      "of a run that nobody approved",
	"runs.prepared_by":         "one name for another",
	"payouts.destination":      "what is shown of the account: its hash bears",
	"payouts.first_posted_at":  "of a payout that was not sent after all",
	"payouts.last":             "of a payout that is above the minimum",
	"rows.id":                  "of a row that no payout has claimed and nobody decided about",
	"rows.partnership_id":      "of a row without order and other half",
	"rows.amount_minor":        "of money that came back in some other month",
	"rows.reason":              "a person's own words",
	"rows.deliverable":         "the name of what a fee is for",
	"rows.words.by":            "one name for another",
	"rows.words.reason":        "a person's own words",
	"rows.words.id":            "where it stands in the audit",
	"orders.worth.back_minor":  "of a sale that was rejected",
	"orders.worth.refund":      "the shop's own id",
}

// by is how far a value is changed where a smaller change may be lost in rounding.
var by = map[string]float64{"orders.sold_minor": 1000, "orders.worth.back_minor": 1000, "orders.worth.bought_minor": 1000, "rows.rate_bps": 50}

// TestEachFieldBears changes every single value of a proof, with the digest made anew: but for those that are known to be anybody's word
// each change is found, wherever it stands.
func TestEachFieldBears(t *testing.T) {
	t.Parallel()
	var whole any
	if err := json.Unmarshal(month(t), &whole); err != nil {
		t.Fatal(err)
	}
	tried, missed := map[string]int{}, map[string]int{}
	each(whole, "", func(path string, value any, set func(any)) {
		if path == "digest" || path == "format" { // Write's own
			return
		}
		set(other(value, max(by[path], 1)))
		defer set(value)
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		var f check.File
		if err := json.Unmarshal(text, &f); err != nil {
			return // it is not even a proof
		}
		forged, err := payoutproof.Write(f)
		if err != nil {
			t.Fatal(err)
		}
		tried[path]++
		if _, faults := check.Verify(forged); len(faults) == 0 {
			missed[path]++
		}
	})
	for _, path := range slices.Sorted(maps.Keys(missed)) {
		if told[path] == "" {
			t.Errorf("%s: %d of %d changes are not found", path, missed[path], tried[path])
		}
	}
	for path := range told {
		if missed[path] == 0 {
			t.Errorf("%s: every change is found, take it out of the list", path)
		}
	}
	t.Logf("%d kinds of values, %d changes", len(tried), sum(tried))
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// each visits every single value of a document, and what sets it.
func each(v any, path string, visit func(path string, value any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			below := strings.TrimPrefix(path+"."+key, ".")
			switch value.(type) {
			case map[string]any, []any:
				each(value, below, visit)
			default:
				visit(below, value, func(to any) { v[key] = to })
			}
		}
	case []any:
		for i, value := range v {
			switch value.(type) {
			case map[string]any, []any:
				each(value, path, visit)
			default:
				visit(path, value, func(to any) { v[i] = to })
			}
		}
	}
}

// other is another value that the field could hold.
func other(v any, by float64) any {
	switch v := v.(type) {
	case float64:
		return v + by
	case bool:
		return !v
	case string:
		if len(v) > 10 && v[4] == '-' && strings.Contains(v, "T") {
			return v[:3] + string('0'+(v[3]-'0'+1)%10) + v[4:] // a year later
		}
		return v + "x"
	}
	return "x" // where nothing stood
}

// TestItLeansOnNothing: whoever checks need not trust what made the file.
func TestItLeansOnNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			if strings.Contains(spec.Path.Value, ".") {
				t.Errorf("%s imports %s", file, spec.Path.Value)
			}
		}
	}
	if lines >= 500 {
		t.Errorf("it has %d lines: nobody reads that", lines)
	}
}
