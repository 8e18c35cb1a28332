package orders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Books keep orders.
type Books interface {
	deeds.Recorder
	// OwnedCodes are those of the codes that are creators'.
	OwnedCodes(ctx context.Context, codes []string) (map[string]bool, error)
	// SoldIn is the currency in which an order was sold that is in the books, "" for one that is not.
	SoldIn(ctx context.Context, o partnership.Sale) (currency string, err error)
	// ImportSale books an order of a person's file; said again it changes what it says otherwise.
	ImportSale(ctx context.Context, program string, o partnership.Sale) (credited bool, minor int64, err error)
}

// Batch is what an orders.csv says.
type Batch struct {
	File  string
	Sales []intake.ImportedSale
}

// Read parses a file, by the name that faults show. shop is whose orders it has where its lines name none, own are the names of the shop
// that reports by itself. Wrong files are *launch.Faulty.
func Read(name, shop string, own []string, text []byte, now time.Time) (Batch, error) {
	sales, faults := intake.ParseOrders(name, shop, own, bytes.NewReader(text), now)
	if len(faults) > 0 {
		return Batch{}, &launch.Faulty{Faults: faults}
	}
	return Batch{File: name, Sales: sales}, nil
}

// fits refuses a batch that has an order in another currency than it was sold in, before anything of it is booked.
func (b Batch) fits(ctx context.Context, kept Books) error {
	var faults []intake.Fault
	for _, s := range b.Sales {
		sold, err := kept.SoldIn(ctx, s.Sale)
		if err != nil {
			return err
		}
		if sold != "" && sold != s.Currency {
			faults = append(faults, intake.Fault{File: b.File, Line: s.Line, Field: "currency", Message: fmt.Sprintf("order %s was sold in %s, and not in %s: an order keeps its currency", s.ID, sold, s.Currency)})
		}
	}
	if len(faults) > 0 {
		return &launch.Faulty{Faults: faults}
	}
	return nil
}

// Look is what a batch would do.
type Look struct {
	Orders  int              `json:"orders"`
	Net     map[string]int64 `json:"net"`     // in minor units, less what came back, by currency
	Owned   int              `json:"owned"`   // orders that carry a creator's code or a link
	Strange []string         `json:"strange"` // codes that are nobody's, the first twenty
}

// See says what a batch would do. It changes nothing.
func See(ctx context.Context, kept Books, batch Batch) (Look, error) {
	look := Look{Orders: len(batch.Sales), Net: map[string]int64{}, Strange: []string{}}
	if err := batch.fits(ctx, kept); err != nil {
		return look, err
	}
	var codes []string
	for _, s := range batch.Sales {
		codes = append(codes, s.Codes...)
	}
	owned, err := kept.OwnedCodes(ctx, codes)
	if err != nil {
		return look, err
	}
	told := map[string]bool{}
	for _, s := range batch.Sales {
		back := int64(0)
		for _, r := range s.Refunds {
			net, _ := r.Taken(false)
			back += net
		}
		look.Net[s.Currency] += s.NetMinor - back
		ours := s.LinkCode != ""
		for _, code := range s.Codes {
			ours = ours || owned[code]
			if !owned[code] && !told[code] && len(look.Strange) < 20 {
				told[code] = true
				look.Strange = append(look.Strange, code)
			}
		}
		if ours {
			look.Owned++
		}
	}
	return look, nil
}

// Imported is what an import has done.
type Imported struct {
	Orders   int        `json:"orders"`
	Credited int        `json:"credited"` // to a creator, now or before
	Minor    money.Sums `json:"minor"`    // booked of commission
}

// Import books the orders of a batch. The same file again books nothing more. Where it fails midway, what is booked by then is in the audit
// all the same, and the error says how far it came: given again it goes on.
func Import(ctx context.Context, kept Books, by deeds.By, batch Batch) (done Imported, err error) {
	if err := by.May(partnership.DeedImportOrders); err != nil {
		return done, err
	}
	if err := batch.fits(ctx, kept); err != nil {
		return done, err
	}
	done, failed := book(ctx, kept, batch)
	if failed != nil && done.Orders == 0 {
		return done, failed
	}
	details := map[string]any{"orders": done.Orders, "credited": done.Credited, "minor": done.Minor}
	if failed != nil {
		details["of"] = len(batch.Sales)
	}
	err = kept.Record(context.WithoutCancel(ctx), partnership.Deed{Who: by.Who, Deed: partnership.DeedImportOrders, Subject: "orders", Details: details})
	return done, errors.Join(failed, err)
}

// book books one order after the other until one fails.
func book(ctx context.Context, kept Books, batch Batch) (done Imported, err error) {
	for _, s := range batch.Sales {
		credited, minor, err := kept.ImportSale(ctx, s.Program, s.Sale)
		if err != nil {
			return done, fmt.Errorf("%s:%d: %d of %d orders are booked, and order %s is not; give the file again once that is mended: %w", batch.File, s.Line, done.Orders, len(batch.Sales), s.ID, err)
		}
		done.Orders++
		if credited {
			done.Credited++
		}
		done.Minor = done.Minor.Plus(money.Amount{Currency: s.Currency, Minor: minor})
	}
	return done, nil
}
