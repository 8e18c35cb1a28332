package judge

import (
	"fmt"
	"time"
)

const completed = "completed"

// people are the checks of how the stories ended.
var people = []func(*kase) Verdict{
	func(c *kase) Verdict {
		return c.each("every partnership has an outcome and is closed", anyOf, func(pa Partnership) string {
			if pa.Outcome == "" || pa.Stage != "closed" {
				return fmt.Sprintf("it is in %s, outcome %q", pa.Stage, pa.Outcome)
			}
			return ""
		})
	},
	func(c *kase) Verdict {
		seen := map[string]int{}
		v := c.each("stories end well, with a no, and in silence", anyOf, func(pa Partnership) string {
			seen[pa.Outcome]++
			return ""
		})
		for what, n := range map[string]int{
			"completed": seen[completed], "was declined": seen["declined"], "went quiet": seen["ghosted"] + seen["replaced"],
		} {
			if n == 0 {
				v.find("none %s", what)
			}
		}
		return v
	},
	func(c *kase) Verdict {
		v := Verdict{Check: "campaigns end, and never commit more than their budget", Over: len(c.Campaigns)}
		for _, campaign := range c.Campaigns {
			if campaign.State != "finished" && campaign.State != "cancelled" {
				v.find("%s is %s", campaign.ID, campaign.State)
			}
			if campaign.Budget.CommittedMinor > campaign.Budget.LimitMinor {
				v.find("%s committed %d of %d", campaign.ID, campaign.Budget.CommittedMinor, campaign.Budget.LimitMinor)
			}
		}
		return v
	},
}

// acts are the checks of what was done outside, and in which order.
var acts = []func(*kase) Verdict{
	oneMailAStep, agreementSignedOnce, nothingShippedUnsigned, gatePassedBeforeCleared, nothingAliveAfterNo, nothingOpenAfterEnd,
}

func oneMailAStep(c *kase) Verdict {
	v := Verdict{Check: "one mail a task and step"}
	seen := map[[3]string]int{}
	for _, m := range c.Truth.Mails {
		if m.PartnershipID != "" {
			seen[[3]string{m.PartnershipID, m.Task, m.Step}]++
		}
	}
	v.Over = len(seen)
	for step, n := range seen {
		if n > 1 {
			v.find("%s: %s/%s was sent %d times", step[0], step[1], step[2], n)
		}
	}
	return v
}

func agreementSignedOnce(c *kase) Verdict {
	return c.each("completed: the agreement was signed once, and each amendment at most once", ended(completed), func(pa Partnership) string {
		signed := map[int]int{}
		for _, e := range c.envelopes[pa.ID] {
			if e.Status == completed {
				signed[e.Version]++
			}
		}
		if signed[1] == 0 {
			return "no signed agreement"
		}
		for version, n := range signed {
			if n > 1 {
				return fmt.Sprintf("version %d was signed %d times", version, n)
			}
		}
		return ""
	})
}

// signedAt is when the agreement itself was signed, zero when it was not.
func (c *kase) signedAt(id string) time.Time {
	for _, e := range c.envelopes[id] {
		if e.Version == 1 && e.Status == completed {
			return e.CompletedAt
		}
	}
	return time.Time{}
}

func nothingShippedUnsigned(c *kase) Verdict {
	shipped := func(pa Partnership) bool { return len(c.gifts[pa.ID])+len(c.labels[pa.ID]) > 0 }
	return c.each("one gift order and one label at most, and none before the signature", shipped, func(pa Partnership) string {
		gifts, labels, signed := c.gifts[pa.ID], c.labels[pa.ID], c.signedAt(pa.ID)
		if len(gifts) > 1 || len(labels) > 1 {
			return fmt.Sprintf("%d gift orders, %d labels", len(gifts), len(labels))
		}
		if signed.IsZero() {
			return "it was never signed"
		}
		for _, g := range gifts {
			if g.CreatedAt.Before(signed) {
				return "the gift was ordered before the signature"
			}
		}
		for _, l := range labels {
			if l.BoughtAt.Before(signed) {
				return "the label was bought before the signature"
			}
		}
		return ""
	})
}

func gatePassedBeforeCleared(c *kase) Verdict {
	return c.each("completed: first the code, then tracking verified, then cleared to post", ended(completed), func(pa Partnership) string {
		var made, verified, cleared []time.Time
		for _, code := range c.codes[pa.ID] {
			made = append(made, code.CreatedAt)
		}
		for _, e := range pa.Timeline {
			if e.Kind == "tracking_verified" {
				verified = append(verified, e.At)
			}
		}
		for _, m := range c.mails[pa.ID] {
			if m.Kind == "cleared_to_post" {
				cleared = append(cleared, m.At)
			}
		}
		switch {
		case len(made) == 0 || len(verified) == 0 || len(cleared) == 0:
			return fmt.Sprintf("%d codes, verified %d times, cleared %d times", len(made), len(verified), len(cleared))
		case earliest(verified).Before(earliest(made)):
			return "it was verified before the code was made"
		case earliest(cleared).Before(earliest(verified)):
			return "it was cleared to post before tracking was verified"
		}
		return ""
	})
}

func earliest(times []time.Time) time.Time {
	first := times[0]
	for _, t := range times {
		if t.Before(first) {
			first = t
		}
	}
	return first
}

func nothingAliveAfterNo(c *kase) Verdict {
	return c.each("declined, expired: nothing stays signed, shipped or redeemable", ended("declined", "expired"), func(pa Partnership) string {
		for _, l := range c.labels[pa.ID] {
			if l.RefundedAt.IsZero() {
				return "a label was not refunded"
			}
		}
		for _, g := range c.gifts[pa.ID] {
			if g.Status != "cancelled" && g.Status != "deleted" {
				return "a gift order is " + g.Status
			}
		}
		if !c.signedAt(pa.ID).IsZero() {
			return "a signed agreement stands"
		}
		return c.open(pa.ID)
	})
}

func nothingOpenAfterEnd(c *kase) Verdict {
	unhappy := func(pa Partnership) bool { return pa.Outcome != "" && pa.Outcome != completed }
	return c.each("ended before the end: no code works, no agreement waits for a signature", unhappy, func(pa Partnership) string {
		return c.open(pa.ID)
	})
}

// open says what of a partnership still works outside.
func (c *kase) open(id string) string {
	for _, code := range c.codes[id] {
		if code.Active {
			return "a code is active"
		}
	}
	for _, e := range c.envelopes[id] {
		if e.Status != completed && e.Status != "voided" && e.Status != "declined" {
			return "an envelope is " + e.Status
		}
	}
	return ""
}

// keys checks that every act outside carried a key of its own.
func keys(t Truth) []Verdict {
	return []Verdict{
		keysOf("mails", t.Mails, func(m Mail) string { return m.Key }),
		keysOf("messages", t.Messages, func(m Message) string { return m.Key }),
		keysOf("envelopes", t.Envelopes, func(e Envelope) string { return e.Key }),
		keysOf("gift orders", t.GiftOrders, func(g Gift) string { return g.Key }),
		keysOf("labels", t.Labels, func(l Label) string { return l.Key }),
		keysOf("codes", t.Codes, func(code Code) string { return code.Key }),
		keysOf("transfers", t.Transfers, func(x Transfer) string { return x.Key }),
	}
}

func keysOf[T any](kind string, list []T, key func(T) string) Verdict {
	v := Verdict{Check: kind + ": each has a key, and none has another's", Over: len(list)}
	seen := map[string]int{}
	for _, one := range list {
		seen[key(one)]++
	}
	for k, n := range seen {
		switch {
		case k == "":
			v.find("%d without a key", n)
		case n > 1:
			v.find("%s: %d times", k, n)
		}
	}
	return v
}
