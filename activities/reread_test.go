package activities

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/partnership"
)

// shopOf shows one page of orders.
type shopOf struct {
	Orders

	sales map[string]partnership.Sale
	fails map[string]error
}

func (s shopOf) OrdersChanged(context.Context, time.Time, string) ([]string, string, error) {
	return []string{"1", "2", "3", "4", "5"}, "more", nil
}

func (s shopOf) Sale(_ context.Context, id string) (partnership.Sale, error) {
	return s.sales[id], s.fails[id]
}

// booksOf knows some orders.
type booksOf struct {
	Store

	known  map[string]int64
	look   map[string]string
	booked []string
}

func (b *booksOf) BookSale(_ context.Context, o partnership.Sale) (int64, string, error) {
	b.booked = append(b.booked, o.ID)
	return b.known[o.ID], b.look[o.ID], nil
}

// What no webhook brought is booked and named; what cannot be read is named and holds up no other; tests and what is not paid are nothing.
func TestRereadOrders(t *testing.T) {
	t.Parallel()
	sold := func(id string) partnership.Sale { return partnership.Sale{ID: id, Currency: "USD", Paid: true} }
	pending, try := sold("4"), sold("5")
	pending.Paid, try.Test = false, true
	books := &booksOf{known: map[string]int64{"1": 250}, look: map[string]string{"2": "it is in yen"}}
	a := &Activities{Deps: Deps{Store: books, Orders: shopOf{
		sales: map[string]partnership.Sale{"1": sold("1"), "2": sold("2"), "4": pending, "5": try},
		fails: map[string]error{"3": &partnership.VendorError{Vendor: "shop", Class: partnership.Permanent, Message: "an amount is absurd"}},
	}}}
	found, err := a.RereadOrders(t.Context(), RereadPage{})
	if err != nil || found.Looked != 5 || found.Booked != 1 || !slices.Equal(found.Orders, []string{"1"}) || found.Minor.Of("USD") != 250 || !slices.Contains(found.Unread, "2: it is in yen") || len(found.Unread) != 2 || found.Cursor != "more" {
		t.Errorf("found %+v, %v", found, err)
	}
	if !slices.Equal(books.booked, []string{"1", "2"}) {
		t.Errorf("booked %v", books.booked)
	}
	down := &Activities{Deps: Deps{Store: books, Orders: shopOf{fails: map[string]error{"1": &partnership.VendorError{Vendor: "shop", Class: partnership.Retry, Message: "busy"}}}}}
	if _, err := down.RereadOrders(t.Context(), RereadPage{}); err == nil {
		t.Error("a shop that is away is taken for one without orders")
	}
	if found, err := (&Activities{}).RereadOrders(t.Context(), RereadPage{}); err != nil || found.Looked != 0 {
		t.Errorf("without a shop: %+v, %v", found, err)
	}
}

// markedBooks know until when the shop was asked.
type markedBooks struct {
	Store

	until time.Time
}

func (b *markedBooks) RereadUntil(context.Context) (time.Time, error) { return b.until, nil }

func (b *markedBooks) RereadDone(_ context.Context, until time.Time) error {
	b.until = until
	return nil
}

// askedShop shows no orders in two pages, and keeps since when it was asked.
type askedShop struct {
	Orders

	since []time.Time
}

func (s *askedShop) OrdersChanged(_ context.Context, since time.Time, cursor string) ([]string, string, error) {
	s.since = append(s.since, since)
	return nil, map[string]string{"": "more"}[cursor], nil
}

// The books that went back to a backup know of an older re-read than the engine, or of none: what they lack is read again, and their mark
// moves only once all of it was. A person's re-read is as old as they say, and moves nothing.
func TestARereadReadsWhatABackupLacks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	first, engine := now.AddDate(0, 0, -60), now.AddDate(0, 0, -1)
	for name, c := range map[string]struct{ books, want time.Time }{
		"as old as the engine's": {engine.Add(RereadOverlap), engine},
		"newer":                  {now.Add(-time.Minute), engine},
		"a week older":           {engine.AddDate(0, 0, -7), engine.AddDate(0, 0, -7).Add(-RereadOverlap)},
		"none":                   {time.Time{}, first},
	} {
		books, shop := &markedBooks{until: c.books}, &askedShop{}
		a := &Activities{Deps: Deps{Store: books, Orders: shop}}
		page, err := a.RereadOrders(t.Context(), RereadPage{Since: engine, First: first, Until: now})
		if err != nil || !page.Since.Equal(c.want) || !books.until.Equal(c.books) {
			t.Errorf("%s: since %s, want %s; the mark is %s; %v", name, page.Since, c.want, books.until, err)
		}
		if _, err = a.RereadOrders(t.Context(), RereadPage{Since: page.Since, Cursor: page.Cursor, First: first, Until: now}); err != nil || !books.until.Equal(now) || !shop.since[1].Equal(c.want) {
			t.Errorf("%s: the second page since %s; the mark is %s; %v", name, shop.since[1], books.until, err)
		}
		books.until = c.books
		if page, err := a.RereadOrders(t.Context(), RereadPage{Since: engine, Cursor: "more"}); err != nil || !page.Since.Equal(engine) || !books.until.Equal(c.books) {
			t.Errorf("%s: by hand since %s; the mark is %s; %v", name, page.Since, books.until, err)
		}
	}
}

// onceBooks books each order the first time that it hears of it.
type onceBooks struct {
	Store

	known map[string]bool
}

func (b *onceBooks) BookSale(_ context.Context, o partnership.Sale) (int64, string, error) {
	if b.known[o.ID] {
		return 0, "", nil
	}
	b.known[o.ID] = true
	return 100, "", nil
}

// throttled is a shop that is busy once, at the fourth order.
type throttled struct {
	Orders

	asked int
}

func (s *throttled) OrdersChanged(context.Context, time.Time, string) ([]string, string, error) {
	return []string{"1", "2", "3", "4", "5"}, "", nil
}

func (s *throttled) Sale(_ context.Context, id string) (partnership.Sale, error) {
	if s.asked++; s.asked == 4 {
		return partnership.Sale{}, &partnership.VendorError{Vendor: "shop", Class: partnership.Retry, Message: "busy", RetryAfter: time.Second}
	}
	return partnership.Sale{ID: id, Currency: "USD", Paid: true}, nil
}

// What an attempt had booked before the shop was busy is told with what the next one books.
func TestARereadTellsWhatAFailedAttemptHasBooked(t *testing.T) {
	t.Parallel()
	a := &Activities{Deps: Deps{Store: &onceBooks{known: map[string]bool{}}, Orders: &throttled{}}}
	found, attempts := untilRead(t, a, 3)
	if attempts != 2 || found.Looked != 5 || found.Booked != 5 || len(found.Orders) != 5 || found.Minor.Of("USD") != 500 {
		t.Errorf("told %+v after %d attempts", found, attempts)
	}
}

// deafShop answers some of so many questions in a row, and nothing about an order.
type deafShop struct {
	Orders

	answered, of, asked int
	never               string
}

func (s *deafShop) answers(id string) error {
	if s.asked++; id != "" && id == s.never || s.asked%s.of >= s.answered {
		return &partnership.VendorError{Vendor: "shop", Class: partnership.Retry, Message: "no answer came in time"}
	}
	return nil
}

func (s *deafShop) OrdersChanged(context.Context, time.Time, string) (ids []string, goOn string, err error) {
	for i := range 25 {
		ids = append(ids, strconv.Itoa(i+1))
	}
	return ids, "", s.answers("")
}

func (s *deafShop) Sale(_ context.Context, id string) (partnership.Sale, error) {
	return partnership.Sale{ID: id, Currency: "USD", Paid: true}, s.answers(id)
}

// A shop that loses many answers, and one that never answers of one order, let a page end: what an attempt has read is not read again, and
// the order that nobody can read is named and holds up no other.
func TestAPageEndsHoweverManyAnswersAreLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shop             deafShop
		attempts, unread int
	}{
		"every twentieth answer is lost":   {deafShop{answered: 19, of: 20}, 1, 0},
		"every second answer is lost":      {deafShop{answered: 1, of: 2}, 2, 0},
		"five of seven answers are lost":   {deafShop{answered: 2, of: 7}, 25, 0},
		"one order is never answered":      {deafShop{answered: 1, of: 1, never: "7"}, mostUnanswered, 1},
		"nor is every third of the others": {deafShop{answered: 2, of: 3, never: "7"}, 15, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			books := &onceBooks{known: map[string]bool{}}
			a := &Activities{Deps: Deps{Store: books, Orders: &c.shop}}
			found, attempts := untilRead(t, a, 2*c.attempts)
			if attempts > c.attempts {
				t.Errorf("it took %d attempts, and may take %d", attempts, c.attempts)
			}
			if found.Looked != 25 || found.Booked != 25-c.unread || len(found.Unread) != c.unread || found.Minor.Of("USD") != int64(100*(25-c.unread)) {
				t.Errorf("found %+v", found)
			}
		})
	}
}

// untilRead repeats the step as the engine does, each attempt with what the last one said of itself.
func untilRead(t *testing.T, a *Activities, most int) (found partnership.Reread, attempts int) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(a.RereadOrders)
	var last rereadSoFar
	env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) {
		last = rereadSoFar{}
		if err := details.Get(&last); err != nil {
			t.Error(err)
		}
	})
	for attempts = 1; attempts <= most; attempts++ {
		result, err := env.ExecuteActivity(a.RereadOrders, RereadPage{})
		if err == nil {
			if err := result.Get(&found); err != nil {
				t.Error(err)
			}
			return found, attempts
		}
		env.SetHeartbeatDetails(last)
	}
	t.Fatalf("no end after %d attempts: %+v", most, last)
	return found, attempts
}
