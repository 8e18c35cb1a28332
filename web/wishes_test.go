package web_test

import (
	"fmt"
	"testing"

	"github.com/rapport-dev/rapport/workflows"
)

// What people write by mail who want no more of it, in their own words, ends it at once; what only sounds like it is shown as any mail.
func TestAWishToHearNoMoreIsHeardInPeoplesOwnWords(t *testing.T) {
	t.Parallel()
	for words, ends := range map[string]bool{
		"STOP\n\nSent from my iPhone":                          true,
		"stop\n\n--\nFern Attley":                              true,
		"Bitte nehmt mich aus dem Verteiler.\n\n-- \nFern":     true,
		"Baja\n\nOn Mon, 2 Nov 2026 Acme wrote:\n> Hello\n":    true,
		"I can't stop wearing it! When does the parcel come?":  false,
		"How do I unsubscribe from the shop's own newsletter?": false,
	} {
		t.Run(words, func(t *testing.T) {
			h := running(t)
			body, kind := mailForm("envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, h.store.ReplyAddress(h.partnership), canaryMail), "subject", "Re: our offer", "text", words)
			h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
			h.settled("sendgrid-inbound", 1)
			suppressed, err := h.store.Suppressed(t.Context(), canaryMail)
			must(t, err)
			want(t, "suppressed", suppressed, ends)
			told := h.temporal.next(t).Name
			if ends {
				want(t, "told", told, workflows.SignalOptedOut)
				return
			}
			want(t, "told", told, workflows.SignalCreatorActive)
			card := h.said().message
			if doubtful := words[0] == 'H'; doubtful {
				wantIn(t, card.Context, "They may want no more mail")
			} else {
				want(t, "hint", card.Context, "")
			}
		})
	}
}
