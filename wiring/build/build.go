// Package build says which build this is: of what source, with which toolchain, and with which of the data that decides dates.
package build

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapport-dev/rapport/partnership/zones"
)

// holidayTables is the module whose tables say which days are no business days.
const holidayTables = "github.com/rickar/cal/v2"

// revision is set by builds that have no repository around them, such as the image's:
// -ldflags "-X github.com/rapport-dev/rapport/wiring/build.revision=$(git rev-parse HEAD)".
var revision string

// Info is one build.
type Info struct {
	Version  string `json:"version"`            // the module's, "(devel)" of a tree without one
	Revision string `json:"revision,omitempty"` // of the source, where it is known
	Dirty    bool   `json:"dirty"`              // the tree held more than the revision
	Go       string `json:"go"`
	Zones    string `json:"zones"`    // the release of the time zone data
	Holidays string `json:"holidays"` // the version of the holiday tables
	ID       string `json:"build_id"` // tells two builds apart; what Worker Deployments know it by
}

// Read is this program's build. It is the same each time.
var Read = sync.OnceValue(func() Info {
	info := Info{Version: "(devel)", Revision: revision, Go: runtime.Version(), Zones: zones.Version, Holidays: "unknown"}
	if about, ok := debug.ReadBuildInfo(); ok {
		info.fill(about)
	}
	info.ID = id(info, self)
	return info
})

func (i *Info) fill(about *debug.BuildInfo) {
	if about.Main.Version != "" {
		i.Version = about.Main.Version
	}
	for _, dep := range about.Deps {
		if dep.Path == holidayTables {
			i.Holidays = dep.Version
		}
	}
	for _, s := range about.Settings {
		switch {
		case s.Key == "vcs.revision" && i.Revision == "":
			i.Revision = s.Value
		case s.Key == "vcs.modified":
			i.Dirty = s.Value == "true"
		}
	}
}

// id is the revision where that says it all. Two builds of a changed or unknown source share a revision and may decide
// differently: what is in the program itself tells them apart.
func id(i Info, program func() (string, error)) string {
	short := i.Revision[:min(12, len(i.Revision))]
	if short != "" && !i.Dirty {
		return short
	}
	sum, err := program()
	if err != nil {
		sum = "unknown"
	}
	return strings.TrimPrefix(short+"-"+sum, "-")
}

// self is the beginning of the hash of the running program.
func self() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%.6x", hash.Sum(nil)), nil
}

// String is the build in one line.
func (i Info) String() string {
	return fmt.Sprintf("%s, build %s, %s, zone data %s, holidays %s", i.Version, i.ID, i.Go, i.Zones, i.Holidays)
}

// Identity is how a program of this build names itself to Temporal, where histories and the list of pollers show it.
func (i Info) Identity(program string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%d@%s@%s/%s", os.Getpid(), host, program, i.ID)
}

// Metric is rapport_build_info, always 1: which build each process runs.
func (i Info) Metric() prometheus.Collector {
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "rapport_build_info", Help: "Always 1; its labels say which build runs.",
		ConstLabels: prometheus.Labels{"version": i.Version, "build_id": i.ID, "go": i.Go, "zones": i.Zones, "holidays": i.Holidays},
	})
	gauge.Set(1)
	return gauge
}
