package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type ordersCommands struct {
	Reread ordersReread `cmd:"" help:"Ask the shop again for its orders, and book what no webhook brought."`
	Import ordersImport `cmd:"" help:"Add orders of another shop from a CSV, and their refunds."`
}

type ordersReread struct {
	Since string `required:"" placeholder:"YYYY-MM-DD" help:"The first day, in UTC, or an instant."`
}

func (ordersReread) Help() string {
	return `A worker does the same every night. Each order that changed since is asked for and booked as if its webhook had come; what
that changes is said, here and to the team. The app sees orders of the last 60 days, unless it has the scope read_all_orders.

  rapport orders reread --since 2026-11-01`
}

func (c ordersReread) Run(a *app) error {
	since, err := time.Parse(time.DateOnly, c.Since)
	if err != nil {
		if since, err = time.Parse(time.RFC3339, c.Since); err != nil {
			return partnership.FieldErrorf("since", "%q is no day such as 2026-11-01, nor an instant such as 2026-11-01T06:00:00Z", c.Since)
		}
	}
	by, err := a.may(partnership.DeedRereadOrders)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	found, err := orders.Reread(a.ctx, kept, w, by, since, time.Now())
	if err != nil {
		return err
	}
	return a.show(found, func(w io.Writer) {
		line(w, "%d orders have changed since; %d of them earn something else than their webhooks had brought.", found.Looked, found.Booked)
		if len(found.Minor) > 0 {
			line(w, "Booked of commission: %s", found.Minor.Display(""))
		}
		if len(found.Orders) > 0 {
			line(w, "Orders: %s", strings.Join(found.Orders, ", "))
		}
		for _, unread := range found.Unread {
			line(w, "not read: %s", unread)
		}
		if len(found.Restored) > 0 {
			line(w, "The shop had removed webhooks of ours; they are there again: %s", strings.Join(found.Restored, ", "))
		}
	})
}

type ordersImport struct {
	File    string `arg:"" placeholder:"FILE.csv" help:"An orders.csv."`
	Shop    string `placeholder:"NAME" help:"Whose orders they are, where no column shop says it: two shops may have the same numbers."`
	Confirm bool   `help:"Book it. Without it the command only shows what it would do."`
}

func (ordersImport) Help() string {
	return `Columns: order_id, time, currency, net, and where there are refunded, code, link, program, new_customer, shop. net is goods after all
discounts, without tax and shipping; refunded is what came back of it so far. Several lines of one order_id are its lines. Said again with
other amounts, an order is credited or taken back by the difference; the same file again changes nothing. Orders of another shop are kept as
SHOP/ORDER; a name of the configured shop means orders that it could not tell itself.

  rapport orders import orders.csv --shop outlet
  rapport orders import orders.csv --shop outlet --confirm`
}

func (c ordersImport) Run(a *app) error {
	text, fault := readFile(c.File)
	if fault != nil {
		return &launch.Faulty{Faults: []intake.Fault{*fault}}
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	batch, err := orders.Read(c.File, c.Shop, s.Vendors.OwnShop(), text, time.Now())
	if err != nil {
		return err
	}
	by, err := a.may(partnership.DeedImportOrders)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if !c.Confirm {
		look, err := orders.See(a.ctx, kept, batch)
		if err != nil {
			return err
		}
		return a.show(look, func(w io.Writer) {
			line(w, "%d orders, of which %d carry a creator's code or a link.", look.Orders, look.Owned)
			for _, currency := range slices.Sorted(maps.Keys(look.Net)) {
				line(w, "Worth, less what came back: %s", money.Display(look.Net[currency], currency))
			}
			if len(look.Strange) > 0 {
				line(w, "Codes that are no creator's: %s", strings.Join(look.Strange, ", "))
			}
			line(w, "Nothing is booked yet. To book it: the same with --confirm")
		})
	}
	done, err := orders.Import(a.ctx, kept, by, batch)
	if err != nil {
		return err
	}
	return a.show(done, func(w io.Writer) {
		line(w, "Imported %d orders; %d are credited to a creator.", done.Orders, done.Credited)
		if len(done.Minor) > 0 {
			line(w, "Booked of commission: %s", done.Minor.Display(""))
		}
	})
}

// examineReports puts back what a vendor has removed of its reports to us.
func examineReports(restored []string, err error) (status, detail string) {
	switch {
	case err != nil:
		return "fail", err.Error()
	case len(restored) > 0:
		return "warn", fmt.Sprintf("it had removed these webhooks of ours, and they are there again: %s. What was not reported meanwhile: rapport orders reread --since DAY", strings.Join(restored, ", "))
	}
	return "ok", ""
}
