package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// slowVendor does what it was asked long after the caller has given up, as a vendor in trouble does, and its search knows of it
// only then.
type slowVendor struct {
	clock   *ledgerFake
	ends    []time.Time // when each of the calls that were cut off is done
	answers []error     // of the next calls, nil when used up
}

func (v *slowVendor) act() effect[partnership.Receipt] {
	return effect[partnership.Receipt]{
		key: "partnership/x/contracting/contract/1", kind: "envelope",
		do: func(context.Context, partnership.Effect) (partnership.Receipt, error) {
			var err error
			if len(v.answers) > 0 {
				err, v.answers = v.answers[0], v.answers[1:]
			}
			if partnership.ClassOf(err) != partnership.Retry {
				v.ends = append(v.ends, v.clock.now.Add(20*time.Second))
			}
			return partnership.Receipt{ID: "env"}, err
		},
		find: func(context.Context, partnership.Effect) (partnership.Receipt, sighting, error) {
			for _, end := range v.ends {
				if !v.clock.now.Before(end) {
					return partnership.Receipt{ID: "env"}, found, nil
				}
			}
			return partnership.Receipt{}, absent, nil
		},
	}
}

func TestAVendorThatIsSlowMakesNoSecondOne(t *testing.T) {
	for name, answers := range map[string][]error{
		"the answer was lost": {&partnership.VendorError{Class: partnership.Ambiguous, Message: "no answer came in time"}},
		"and then came a 429": {&partnership.VendorError{Class: partnership.Ambiguous, Message: "no answer came in time"}, &partnership.VendorError{Class: partnership.Retry, Message: "429"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, l, _ := newFakes(true)
			v := &slowVendor{clock: l, answers: answers}
			for range 30 {
				_, _ = once(t.Context(), a, v.act())
				l.now = l.now.Add(5 * time.Second)
			}
			require.Len(t, v.ends, 1)
			require.Equal(t, partnership.EffectConfirmed, l.rows["partnership/x/contracting/contract/1"].State)
		})
	}
}

// chat takes messages, after it has refused some.
type chat struct {
	Chat
	refuse []error
	posted []partnership.Message
}

func (c *chat) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	if len(c.refuse) > 0 {
		err := c.refuse[0]
		c.refuse = c.refuse[1:]
		return partnership.MessageRef{}, err
	}
	c.posted = append(c.posted, m)
	return partnership.MessageRef{Channel: "C", TS: "1"}, nil
}

func TestAPersonIsAskedEvenIfTheFirstCardWasNotTaken(t *testing.T) {
	a, l, v := newFakes(false)
	talk := &chat{refuse: []error{&partnership.VendorError{Class: partnership.Retry, Message: "429"}}}
	a.Chat = talk
	const key = partnership.EffectKey("partnership/x/outreach/offer/1")
	_, err := once(t.Context(), a, v.act(key, "reset-before"))
	require.Error(t, err)
	for range 3 {
		l.now = l.now.Add(time.Hour)
		_, err = once(t.Context(), a, v.act(key, ""))
		require.Error(t, err)
	}
	require.Len(t, talk.posted, 1)

	// Released and lost again, the person is asked again: the first card has no buttons any more.
	l.rows[key].State = partnership.EffectReleased
	_, err = once(t.Context(), a, v.act(key, "reset-before"))
	require.Error(t, err)
	l.now = l.now.Add(time.Hour)
	_, err = once(t.Context(), a, v.act(key, ""))
	require.Error(t, err)
	require.Len(t, talk.posted, 2)
}

func TestProofThatComesLateEndsTheDoubt(t *testing.T) {
	a, l, v := newFakes(false)
	const key = partnership.EffectKey("partnership/x/outreach/offer/1")
	_, err := once(t.Context(), a, v.act(key, "execute-then-drop"))
	require.Error(t, err)
	l.now = l.now.Add(time.Hour)
	_, err = once(t.Context(), a, v.act(key, ""))
	require.Error(t, err)
	require.Equal(t, partnership.EffectUnknown, l.rows[key].State)
	v.knows = true // the vendor's report of the mail came in
	_, err = once(t.Context(), a, v.act(key, ""))
	require.NoError(t, err)
	require.Equal(t, 1, v.done)
	require.Equal(t, partnership.EffectConfirmed, l.rows[key].State)
}

// laggingShop has the gift order and does not find it yet.
type laggingShop struct {
	Shop
	has       string
	cancelled []string
}

func (s *laggingShop) FindGiftOrder(context.Context, partnership.EffectKey) (partnership.GiftOrder, error) {
	if s.has != "" {
		return partnership.GiftOrder{ID: s.has}, nil
	}
	return partnership.GiftOrder{}, partnership.Errorf(partnership.NotFound, "the shop has none")
}

func (s *laggingShop) CancelGiftOrder(_ context.Context, id string) error {
	s.cancelled = append(s.cancelled, id)
	return nil
}

func TestWhatIsTakenBackIsKnownByItsReceipt(t *testing.T) {
	_, l, _ := newFakes(true)
	shop := &laggingShop{}
	a := New(Deps{Store: &eventsFake{ledgerFake: l}, Clock: l, Shop: shop, Day: 24 * time.Hour})
	key := giftKey("x")
	undo := func() (Undone, error) { return a.CancelGift(t.Context(), Undo{PartnershipID: "x"}) }

	u, err := undo() // the step never began
	require.NoError(t, err)
	require.Equal(t, "No gift had been ordered.", u.Detail)

	_, err = l.BeginEffect(t.Context(), key, "gift_order") // it began a moment ago: nobody knows, and the search lags
	require.NoError(t, err)
	_, err = undo()
	require.ErrorContains(t, err, "not yet known")
	l.now = l.now.Add(time.Hour)
	_, err = undo()
	require.NoError(t, err)
	require.Empty(t, shop.cancelled)

	require.NoError(t, l.ConfirmEffect(t.Context(), key, partnership.GiftOrder{ID: "draft-1"}))
	_, err = undo()
	require.NoError(t, err)
	require.Equal(t, []string{"draft-1"}, shop.cancelled)
}

// An end leaves no intent behind: an act that was looked for is known to have been done or not.
func TestWhatIsTakenBackLeavesNoOpenIntent(t *testing.T) {
	for name, c := range map[string]struct {
		begun bool // an attempt may have been sent
		has   string
		want  partnership.EffectState
	}{
		"put back before it was sent":   {false, "", partnership.EffectFailed},
		"sent, and not there":           {true, "", partnership.EffectFailed},
		"sent, and there without proof": {true, "draft-1", partnership.EffectConfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			_, l, _ := newFakes(true)
			a := New(Deps{Store: &eventsFake{ledgerFake: l}, Clock: l, Shop: &laggingShop{has: c.has}, Day: 24 * time.Hour})
			_, err := l.BeginEffect(t.Context(), giftKey("x"), "gift_order")
			require.NoError(t, err)
			if !c.begun {
				require.NoError(t, l.RevertEffect(t.Context(), giftKey("x"), "429"))
			}
			l.now = l.now.Add(time.Hour)
			for range 2 {
				_, err = a.CancelGift(t.Context(), Undo{PartnershipID: "x"})
				require.NoError(t, err)
				require.Equal(t, c.want, l.rows[giftKey("x")].State)
			}
		})
	}
}

// What a person is asked about stays the person's to say.
func TestWhatIsTakenBackLeavesAPersonsQuestionOpen(t *testing.T) {
	_, l, _ := newFakes(true)
	a := New(Deps{Store: &eventsFake{ledgerFake: l}, Clock: l, Shop: &laggingShop{}, Day: 24 * time.Hour})
	_, err := l.BeginEffect(t.Context(), giftKey("x"), "gift_order")
	require.NoError(t, err)
	require.NoError(t, l.ParkEffect(t.Context(), giftKey("x"), "nobody knows"))
	l.now = l.now.Add(time.Hour)
	_, err = a.CancelGift(t.Context(), Undo{PartnershipID: "x"})
	require.NoError(t, err)
	require.Equal(t, partnership.EffectUnknown, l.rows[giftKey("x")].State)
}

// While the vendor is being asked, a person says that it was not done. Their word was taken for a refusal of the step, which then waited
// for a person once more.
func TestAPersonsWordDuringALookUpRefusesNothing(t *testing.T) {
	t.Parallel()
	a, l, _ := newFakes(false)
	const key = partnership.EffectKey("partnership/x/outreach/offer/request/1")
	sent := 0
	act := effect[partnership.Receipt]{
		key: key, kind: "mail",
		do: func(context.Context, partnership.Effect) (partnership.Receipt, error) {
			if sent++; sent == 1 {
				return partnership.Receipt{}, &partnership.VendorError{Class: partnership.Ambiguous, Message: "no answer came in time"}
			}
			return partnership.Receipt{ID: "m1"}, nil
		},
		find: func(context.Context, partnership.Effect) (partnership.Receipt, sighting, error) {
			if e := l.rows[key]; e.State == partnership.EffectUnknown {
				e.State = partnership.EffectReleased
			}
			return partnership.Receipt{}, unsure, nil
		},
	}
	for range 20 {
		_, err := once(t.Context(), a, act)
		require.Empty(t, partnership.CodeOf(err), "it is refused: %v", err)
		l.now = l.now.Add(5 * time.Minute)
	}
	require.Equal(t, 2, sent)
	require.Equal(t, partnership.EffectConfirmed, l.rows[key].State)
}
