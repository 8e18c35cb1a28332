package partnership

import (
	"fmt"
	"strings"
)

// EffectKey names one act outside Rapport (a mail, an envelope, a transfer) by its business identity, so that every
// attempt, run and replay of the same step carries the same key. It never holds a run id, an attempt or personal data.
type EffectKey string

// Key builds the key of a step of a partnership. seq tells repetitions of one step apart (a second draft, a second reminder).
func Key(id PartnershipID, stage Stage, step string, seq int) EffectKey {
	return EffectKey(fmt.Sprintf("partnership/%s/%s/%s/%d", id, stage, step, seq))
}

// CampaignKey builds the key of an act of the campaign itself (a board message, a report).
func CampaignKey(id CampaignID, step string, seq int) EffectKey {
	return EffectKey(fmt.Sprintf("campaign/%s/%s/%d", id, step, seq))
}

// PayoutKey is the idempotency key of one transfer: the payout's own identity and nothing else.
func PayoutKey(id PayoutID) EffectKey { return EffectKey("payout/" + string(id)) }

// PartnershipOf returns the partnership that a key belongs to, "" for the keys of campaigns and payouts.
func (k EffectKey) PartnershipOf() PartnershipID {
	rest, ok := strings.CutPrefix(string(k), "partnership/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return PartnershipID(id)
}

// CampaignOf returns the campaign whose own act a key belongs to, "" for all others.
func (k EffectKey) CampaignOf() CampaignID {
	rest, ok := strings.CutPrefix(string(k), "campaign/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return CampaignID(id)
}
