package bench

import (
	"log/slog"
	"os"
	"testing"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/workflows"
)

// BenchmarkReplay replays the story that ends well: what a worker does with each open partnership that it has not in its cache,
// after a restart above all.
func BenchmarkReplay(b *testing.B) {
	file, err := os.Open("../workflows/testdata/replay/happy.json")
	must(b, err)
	defer func() { _ = file.Close() }()
	story, err := client.HistoryFromJSON(file, client.HistoryJSONOptions{})
	must(b, err)
	replayer := worker.NewWorkflowReplayer()
	workflows.Register(replayer)
	quiet := sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	for b.Loop() {
		must(b, replayer.ReplayWorkflowHistory(quiet, story))
	}
	events := float64(b.N) * float64(len(story.Events))
	b.ReportMetric(b.Elapsed().Seconds()*1e6/events, "ms/1000-events")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "stories/s")
}
