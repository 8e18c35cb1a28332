package finance

import (
	"context"
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// handful is how many open differences of a rail have cards of their own. A database that was put back to an old backup has as many as
// transfers were made since: those beyond a handful have one card together, with their number and the way to settle them.
const handful = 5

// differences asks about transfers that the books do not explain.
func (b *Board) differences(ctx context.Context) {
	untold, err := b.Store.UntoldDifferences(ctx)
	b.note(ctx, err)
	fresh, bundled := map[string][]partnership.Difference{}, map[string][]partnership.Difference{}
	for _, d := range untold {
		switch {
		case d.Bundle != "":
			bundled[d.Provider] = append(bundled[d.Provider], d)
		case d.Card == nil:
			fresh[d.Provider] = append(fresh[d.Provider], d)
		default:
			b.note(ctx, b.alone(ctx, d))
		}
	}
	for rail, list := range fresh {
		open, err := b.Store.OpenDifferences(ctx, rail)
		b.note(ctx, err)
		if err == nil && !fit(open, len(list)) {
			bundled[rail] = append(bundled[rail], list...)
			continue
		}
		for _, d := range list {
			b.note(ctx, b.alone(ctx, d))
		}
	}
	for rail, changed := range bundled {
		b.note(ctx, b.together(ctx, rail, changed))
	}
}

// fit says whether further differences of a rail may have cards of their own, beside those that have. While there is one card for many they
// join it.
func fit(open []partnership.Difference, more int) bool {
	for _, d := range open {
		if d.Bundle != "" {
			return false
		}
		if d.Card != nil {
			more++
		}
	}
	return more <= handful
}

// alone asks about a difference on its own card.
func (b *Board) alone(ctx context.Context, d partnership.Difference) error {
	return b.show(ctx, differenceCard(d, b.Title(d.Provider), b.PublicURL), nil, d.FoundAt, func(ref partnership.MessageRef) error {
		return b.Store.DifferenceTold(ctx, d.Provider, d.ID, ref, d.State(), "")
	})
}

// together shows all differences of a rail that have no card of their own on one, which is edited as their number changes. It is known by the
// one that was first on it: posted again after a death in between, it is the same card.
func (b *Board) together(ctx context.Context, rail string, changed []partnership.Difference) error {
	open, err := b.Store.OpenDifferences(ctx, rail)
	if err != nil {
		return err
	}
	with := slices.DeleteFunc(slices.Clone(open), func(d partnership.Difference) bool {
		return d.Bundle == "" && !slices.ContainsFunc(changed, func(c partnership.Difference) bool { return c.ID == d.ID })
	})
	first := changed[0]
	for _, d := range append(slices.Clone(with), changed...) {
		if d.Bundle != "" {
			first = d
			break
		}
	}
	bundle := first.Bundle
	if bundle == "" {
		bundle = first.ID
	}
	return b.show(ctx, bundleCard(bundle, rail, b.Title(rail), with, b.PublicURL), first.Card, first.FoundAt, func(ref partnership.MessageRef) error {
		for _, d := range changed {
			if err := b.Store.DifferenceTold(ctx, rail, d.ID, ref, d.State(), bundle); err != nil {
				return err
			}
		}
		return nil
	})
}

func bundleCard(bundle, rail, title string, open []partnership.Difference, publicURL string) partnership.Message {
	m := partnership.Message{
		Key: partnership.EffectKey("differences/" + rail + "/" + bundle), Kind: "differences", LinkURL: publicURL + "/payouts", LinkText: "Open payouts",
	}
	unsaid, sums := 0, money.Sums(nil)
	for _, d := range open {
		if d.Settled == partnership.Unsettled {
			unsaid++
			sums = sums.Plus(money.Amount{Currency: d.Currency, Minor: d.AmountMinor})
		}
	}
	if unsaid == 0 {
		m.Text, m.Context = title+" showed transfers that the books did not explain", "Each is settled."
		if len(open) > 0 {
			m.Context = fmt.Sprintf("Each is settled; those that are doubles (%d) are reversed before the next run pays anybody.", len(open))
		}
		return m
	}
	m.Text = fmt.Sprintf("%s shows %d transfers that the books do not explain, %s", title, unsaid, sums.Display(""))
	m.Body = "They are too many for a card each: a database that was put back to an older backup looks like this. Nothing is planned or sent by " + title +
		" until each is settled: `rapport payouts differences` lists them, `rapport payouts settle TRANSFER --as ours|double|foreign --reason WHY` settles one."
	return m
}
