package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// examineVendors says which vendors are on and asks those, side by side, whether they take our settings and still report to our front door;
// what one has removed of that is put back.
func examineVendors(ctx context.Context, all vendors.Vendors, front string, day time.Duration) []finding {
	findings, reports := make([]finding, len(all)), make([]finding, len(all))
	clients := all.Open(day)
	var asked sync.WaitGroup
	for i, v := range all {
		findings[i] = finding{v.Name, "ok", ""}
		switch {
		case v.Fills == "":
			findings[i] = finding{v.Name, "off", "nothing uses it yet"}
		case !v.On():
			findings[i] = finding{v.Name, "off", "to turn it on set " + strings.Join(v.Missing, ", ")}
		default:
			asked.Go(func() {
				bounded, cancel := context.WithTimeout(ctx, patience)
				defer cancel()
				if err := clients.Check(bounded, v.Name); err != nil {
					findings[i] = finding{v.Name, "fail", err.Error()}
					return
				}
				if restored, asks, err := clients.KeepSubscriptions(bounded, v.Name, front); asks {
					status, detail := examineReports(restored, err)
					reports[i] = finding{v.Name + " webhooks", status, detail}
				}
			})
		}
	}
	asked.Wait()
	return slices.Concat(findings, slices.DeleteFunc(reports, func(f finding) bool { return f.What == "" }))
}

// examineTroubles says which vendors refuse everybody, or hold something against us as the sender.
func examineTroubles(ctx context.Context, kept *store.Store, on vendors.Vendors) []finding {
	open, err := kept.OpenTroubles(ctx)
	if err != nil {
		return []finding{{"vendors", "fail", err.Error()}}
	}
	var all []finding
	for _, t := range open {
		status := "warn"
		if t.Kind == partnership.RefusesAll {
			status = "fail"
		}
		all = append(all, finding{on.Title(t.Vendor), status, fmt.Sprintf("since %s: %s", when(t.Since), t.Words)})
	}
	return all
}

// examineSchedules says which months would not be paid by themselves: a run that failed pauses its schedule.
func examineSchedules(ctx context.Context, c client.Client) []finding {
	paused, err := engine.PausedSchedules(ctx, c)
	if err != nil {
		return []finding{{"schedules", "warn", err.Error()}}
	}
	var all []finding
	for _, s := range paused {
		why := s.Note
		if why == "" {
			why = "nobody said why"
		}
		all = append(all, finding{
			"schedule " + s.ID, "fail",
			"it is paused (" + why + "), so nothing starts by itself: look at the run that failed, then temporal schedule toggle --unpause --schedule-id " + s.ID + " --reason R",
		})
	}
	return all
}
