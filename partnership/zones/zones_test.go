package zones_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership/zones"
)

// A machine may have rules of its own, older, newer or wrong: they decide nothing.
func TestTheMachinesOwnDataDecidesNothing(t *testing.T) {
	machine := t.TempDir()
	tokyo, err := os.ReadFile("testdata/Asia-Tokyo")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(machine, "America"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(machine, "America", "New_York"), tokyo, 0o600))
	t.Setenv("ZONEINFO", machine)

	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	wrong, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	require.Equal(t, 21, noon.In(wrong).Hour(), "the machine of this test is not wrong, so the test proves nothing")

	ours, err := zones.Load("America/New_York")
	require.NoError(t, err)
	require.Equal(t, 7, noon.In(ours).Hour())
}

func TestNames(t *testing.T) {
	for _, name := range []string{"Local", "America", "america/new_york", "../etc/passwd", "Mars/Olympus", "EDT"} {
		_, err := zones.Load(name)
		require.Error(t, err, name)
		require.Equal(t, time.UTC, zones.Or(name), name)
	}
	for _, name := range []string{"", "UTC"} {
		zone, err := zones.Load(name)
		require.NoError(t, err)
		require.Same(t, time.UTC, zone)
	}
	once, err := zones.Load("Asia/Kathmandu")
	require.NoError(t, err)
	require.Equal(t, "Asia/Kathmandu", once.String())
	require.Same(t, once, zones.Or("Asia/Kathmandu"), "one pointer a zone")
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		zones.Or("America/New_York")
	}
}
