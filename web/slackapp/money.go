package slackapp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What finance asks for by a word: a run, a look at the shop, a year's payments, a write-off.

// startRun starts the run of a program's month. It may take longer than Slack waits, so that its answer follows; twice is one run.
func (a *App) startRun(ctx context.Context, c ask) (answer, error) {
	program, typed := firstWord(c.rest)
	period, err := a.month(typed)
	if program == "" || typed == "" {
		return answer{}, partnership.FieldErrorf("run", "say which program's month: /rapport run dreams %s", a.Now().UTC().AddDate(0, -1, 0).Format("2006-01"))
	}
	if err != nil {
		return answer{}, err
	}
	by := c.by
	by.ID = "slack/run/" + c.TriggerID
	a.later(ctx, func(ctx context.Context) {
		found, err := a.StartRun(ctx, by, payouts.Month{Program: program, Period: period})
		words := "The run of " + program + " " + period + " is started: " + strconv.Itoa(found.Payable) + " would be paid as the books stand now. Finance is asked here before anybody is."
		if err == nil && found.UnderWay != "" {
			words = "The run " + found.UnderWay + " is under way; it goes on, and no other is started."
		} else if err == nil && found.Payable == 0 {
			words = "The run of " + program + " " + period + " is started, but nothing is payable as the books stand now."
		}
		if err != nil {
			words = a.explain(ctx, "run", err)
		}
		a.tell(ctx, c.to, words)
	})
	return said("Looking at the books of " + escape(program) + "…"), nil
}

// rereadFor is how long somebody waits here for what a look at the shop finds; what it books is told in the channel all the same.
const rereadFor = 20 * time.Second

// reread asks the shop again for the orders since a day.
func (a *App) reread(ctx context.Context, c ask) (answer, error) {
	day := c.rest
	since, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return answer{}, partnership.FieldErrorf("reread", "say since which day: /rapport reread %s", a.Now().UTC().AddDate(0, 0, -7).Format(time.DateOnly))
	}
	a.later(ctx, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, rereadFor)
		defer cancel()
		found, err := orders.Reread(ctx, a.Store, a.Shop, c.by, since, a.Now())
		words := fmt.Sprintf("%d orders have changed since %s; %d of them earn something else than their webhooks had brought. Booked of commission: %s", found.Looked, day, found.Booked, cmp.Or(found.Minor.Display(""), "nothing"))
		if _, goesOn := errors.AsType[*partnership.Taken](err); goesOn {
			words = "The shop is being asked; that takes a while. What it brings is told in the channel of finance."
		} else if err != nil {
			words = a.explain(ctx, "reread", err)
		}
		a.tell(context.WithoutCancel(ctx), c.to, words)
	})
	return said("Asking the shop…"), nil
}

// linesTold is how many lines an answer in Slack has of a list.
const linesTold = 25

// report1099 is what was paid in a year, for the person who asked alone; the whole of it is the command line's and the API's.
func (a *App) report1099(ctx context.Context, c ask) (answer, error) {
	year, err := strconv.Atoi(c.rest)
	if err != nil {
		return answer{}, partnership.FieldErrorf("1099", "say which year: /rapport 1099 %d", a.Now().UTC().Year())
	}
	if _, _, err := ledger.NECThreshold(year); err != nil {
		return answer{}, err
	}
	lines, err := deeds.Report1099(ctx, a.Store, c.by, year, a.Networks)
	if err != nil {
		return answer{}, err
	}
	list := []string{fmt.Sprintf("*Paid in %d*: %d creators and currencies. As CSV: `rapport tax 1099 --year %d --csv`", year, len(lines), year)}
	for i, l := range lines {
		if i == linesTold {
			list = append(list, fmt.Sprintf("… and %d more", len(lines)-linesTold))
			break
		}
		list = append(list, fmt.Sprintf("• @%s: %s – %s", escape(l.Creator), money.Display(l.PaidMinor, l.Currency), l.Standing))
	}
	return told(list), nil
}

// askWriteOff asks that what a creator owes be forgiven: all of it, or an amount. The card that follows is for somebody else.
func (a *App) askWriteOff(ctx context.Context, c ask) (answer, error) {
	whom, rest := firstWord(c.rest)
	program, rest := firstWord(rest)
	amount, reason := firstWord(rest)
	if whom == "" || program == "" || reason == "" {
		return answer{}, partnership.FieldErrorf("writeoff", "say who, in which program, how much and why: /rapport writeoff @handle dreams all they left, and sell no more; or an amount such as 12.50 in the place of all")
	}
	creator, err := a.Store.FindCreator(ctx, whom)
	if err != nil {
		return answer{}, err
	}
	currency, err := a.Store.ProgramCurrency(ctx, program)
	if err != nil {
		return answer{}, err
	}
	wanted := partnership.WriteOff{Program: program, CreatorID: creator.ID, Reason: unescape(reason)}
	if !strings.EqualFold(amount, "all") {
		if wanted.AmountMinor, err = money.Parse(amount, currency); err != nil {
			return answer{}, partnership.FieldErrorf("amount", "%v", err)
		}
	}
	asked, err := deeds.AskWriteOff(ctx, a.Store, c.by, wanted)
	if err != nil {
		return answer{}, err
	}
	return said("Asked for: " + money.Display(asked.AmountMinor, asked.Currency) + " of @" + escape(creator.Handle) + ". Nothing is forgiven before somebody else approves it, on the card that follows."), nil
}
