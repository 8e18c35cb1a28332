package front

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// Launcher makes a launcher that knows which vendors the settings turn on.
func Launcher(s settings.Settings, kept launch.Store, w launch.Workflows) *launch.Launcher {
	rails := vendors.Among[payees.Rail](s.Vendors.Open(s.Day), partnership.RailPort)
	return &launch.Launcher{
		Store: kept, Workflows: w, Day: s.Day, Now: time.Now,
		Off: s.Vendors.Off, Known: s.Known(),
		Serves: func(ctx context.Context, name, country, currency string) (string, error) {
			rail, err := rails.Named(partnership.RailPort, name)
			if err != nil {
				return "", err
			}
			return rail.Serves(ctx, country, currency)
		},
	}
}
