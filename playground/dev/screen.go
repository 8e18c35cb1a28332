package dev

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

// screen shows the board: redrawn in place on a terminal, a line for each change elsewhere.
type screen struct {
	out      io.Writer
	terminal func() (width, height int, ok bool)
	up       *stackUp
	started  time.Time
	last     view
	drawn    bool
}

func newScreen(out io.Writer, terminal func() (int, int, bool), up *stackUp, started time.Time) *screen {
	s := &screen{out: out, terminal: terminal, up: up, started: started}
	for _, a := range up.addresses() {
		_, _ = fmt.Fprintf(out, "  %-9s %s\n", a[0], a[1])
	}
	return s
}

// look reads the board from the database.
func (u *stackUp) look(ctx context.Context) ([]board.Campaign, error) {
	heads, err := u.store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	for i, head := range heads {
		if heads[i], err = u.store.CampaignDocument(ctx, head.ID); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// draw shows the campaigns as they are now. Finished ones of earlier starts are left out while another runs.
func (s *screen) draw(ctx context.Context, all []board.Campaign, note string) {
	v := view{Elapsed: time.Since(s.started), Day: s.up.settings.Day, Now: time.Now(), Addresses: s.up.addresses(), Note: note}
	for i, c := range all {
		if c.State.Ended() && i < len(all)-1 {
			continue
		}
		totals, err := s.up.store.CampaignTotals(ctx, c.ID)
		if err != nil {
			return // the next look shows it
		}
		v.Campaigns = append(v.Campaigns, viewOf(c, totals.Revenue))
	}
	width, height, terminal := s.terminal()
	if !terminal {
		for _, l := range changes(s.last, v) {
			_, _ = fmt.Fprintln(s.out, l)
		}
		s.last = v
		return
	}
	var b strings.Builder
	if !s.drawn {
		b.WriteString("\x1b[2J")
		s.drawn = true
	}
	b.WriteString("\x1b[H")
	b.WriteString(strings.ReplaceAll(render(v, width, height), "\n", "\x1b[K\n"))
	b.WriteString("\x1b[J")
	_, _ = io.WriteString(s.out, b.String())
}

func viewOf(c board.Campaign, revenue money.Sums) campaignView {
	v := campaignView{
		Name: c.Name, State: string(c.State), Round: c.Round, Target: c.Target, Currency: c.Budget.Currency,
		Budget: c.Budget.LimitMinor, Committed: c.Budget.CommittedMinor, Spent: c.Budget.Spent(), Earned: revenue.Display(c.Budget.Currency),
	}
	for _, one := range c.Partnerships {
		r := row{
			Handle: one.Creator.Handle, Niche: one.Creator.Niche, WaitingFor: one.WaitingFor, Attention: one.Attention,
			Tier: one.Creator.Tier, Stage: one.Stage, Outcome: one.Outcome,
		}
		if one.Deadline != nil {
			r.Deadline = *one.Deadline
		}
		v.Partnerships = append(v.Partnerships, r)
	}
	return v
}

// open counts the partnerships without an outcome.
func open(all []board.Campaign) (n int) {
	for _, c := range all {
		for _, one := range c.Partnerships {
			if one.Outcome == partnership.Outcome("") {
				n++
			}
		}
	}
	return n
}
