package front

import (
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// Launcher makes a launcher that knows which vendors the settings turn on.
func Launcher(s settings.Settings, kept launch.Store, w launch.Workflows) *launch.Launcher {
	return &launch.Launcher{
		Store: kept, Workflows: w, Day: s.Day, Now: time.Now,
		Off: s.Vendors.Off, Known: s.Vendors.Known(),
	}
}
