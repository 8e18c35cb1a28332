package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/temporaltest"
)

func TestDoctorNamesANamespaceThatIsNotThere(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs Temporal")
	}
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", "nope")
	t.Setenv("RAPPORT_DATABASE_URL", "")
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	t.Setenv("RAPPORT_CODEC_KEYS", "k1:"+base64.StdEncoding.EncodeToString(key))
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"doctor"}, &out, &errOut)
	if code != failed || !strings.Contains(out.String(), `fail  temporal                     the namespace "nope" does not exist`) {
		t.Errorf("exit %d\n%s%s", code, &out, &errOut)
	}
	if strings.Contains(out.String(), "start rapport-worker") {
		t.Errorf("it names a wrong cause\n%s", &out)
	}
}

func TestDoctorSaysWhenTheWatchdogStopsLooking(t *testing.T) {
	now := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	for looked, want := range map[time.Time]string{{}: "warn", now.Add(-time.Minute): "ok", now.Add(-6 * time.Minute): "fail"} {
		if got := watchdog(looked, now, 24*time.Hour); got.Status != want {
			t.Errorf("looked %s ago: %+v, want %s", now.Sub(looked), got, want)
		}
	}
}
