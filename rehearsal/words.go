package rehearsal

import (
	"strings"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

var letters = map[string]string{
	"invitation":      "invitation with the offer",
	"offer_reminder":  "reminder of the offer",
	"counter_refused": "the counter-offer was not taken, the offer stands",
	"accepted":        "what they accepted, in full",
	"sign_reminder":   "reminder of the contract",
	"gift_shipped":    "the gift is on its way",
	"draft_request":   "the brief, asks for a draft",
	"draft_changes":   "changes to the draft",
	"draft_reminder":  "reminder of the draft",
	"cleared_to_post": "cleared to post, with link and code",
	"disclosure_fix":  "asks to mend the disclosure",
	"post_reminder":   "reminder of the post",
	"payout_setup":    "how to be paid",
	"payout_reminder": "reminder of how to be paid",
	"wrap_up":         "what the partnership brought",
	"dates_moved":     "dates have moved",
	"ended":           "the partnership has ended",
	"place_offered":   "the place is offered to somebody else",
	"welcome_back":    "welcome back: the place is theirs again",
}

// letterWords are a letter in a few words; a reminder says which rung it is.
func letterWords(l activities.Letter) string {
	words, known := letters[l.Kind]
	if !known {
		words = strings.ReplaceAll(l.Kind, "_", " ")
	}
	if len(l.Words) > 0 {
		return words + ": " + strings.Join(l.Words, "; ")
	}
	if l.Step != "" && l.Step != "request" && l.Kind != "ended" {
		words += " (" + strings.ReplaceAll(l.Step, "_", " ") + ")"
	}
	return words
}

var taskWords = map[partnership.TaskKind]string{
	partnership.TaskOffer: "answer the offer", partnership.TaskSign: "sign the contract", partnership.TaskReceive: "say whether the gift arrived",
	partnership.TaskDraft: "send a draft", partnership.TaskPost: "post and tell where", partnership.TaskPayoutSetup: "set up how to be paid",
}
