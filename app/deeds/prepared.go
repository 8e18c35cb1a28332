package deeds

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Prepared keep what agents have prepared.
type Prepared interface {
	Preparation(ctx context.Context, hash string) (partnership.Preparation, error)
	DecidePreparation(ctx context.Context, hash string, let bool, d partnership.Deed) error
}

// ownWords are deeds that count as the word of the one who gives it, beside another's: only that person lets an agent say it.
var ownWords = []string{partnership.DeedApproveRun, partnership.DeedApproveWriteOff, partnership.DeedTellBank, partnership.DeedVoidBankFile}

// ConfirmAct lets an agent's act be done that waits for a person, or refuses it. Who may ask for the deed oneself may let it; names are all
// that they have.
func ConfirmAct(ctx context.Context, kept Prepared, by By, hash string, choice partnership.Choice, names []string) error {
	if err := by.May(partnership.DeedConfirmAct); err != nil {
		return err
	}
	if choice != partnership.ChoiceApprove && choice != partnership.ChoiceRefuse {
		return partnership.FieldErrorf("decision", "must be %s or %s", partnership.ChoiceApprove, partnership.ChoiceRefuse)
	}
	p, err := kept.Preparation(ctx, hash)
	if err != nil {
		return err
	}
	if err := by.May(p.Deed); err != nil {
		return err
	}
	if _, person, _ := partnership.AgentOf(p.Who); choice == partnership.ChoiceApprove && slices.Contains(ownWords, p.Deed) && !slices.Contains(names, person) {
		return partnership.Errorf(partnership.Forbidden, "%s would count as the word of %s: only they let it; say your own by another door", p.Deed, person)
	}
	return kept.DecidePreparation(ctx, hash, choice == partnership.ChoiceApprove, partnership.Deed{
		ID: by.ID, Who: by.Who, Deed: partnership.DeedConfirmAct, Subject: "act/" + hash[:min(len(hash), 12)], Details: map[string]any{"as": choice, "deed": p.Deed, "agent": p.Who},
	})
}

// AnyDecision is the API's way to answer whatever is asked: which deed that is, its question and the answer say.
const AnyDecision = "POST /decisions/{id}"

var parameter = regexp.MustCompile(`^\{.*\}$`)

// Tool is the name of a route of the API as agents call it: "read_campaign_report", and for a way of a deed "prepare_pause". It is "" for what no
// agent may ask for.
func Tool(way string) string {
	method, path, _ := strings.Cut(way, " ")
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if method == "GET" {
		name := "read"
		for i, s := range segments {
			if i+1 < len(segments) && parameter.MatchString(segments[i+1]) {
				s = strings.TrimSuffix(s, "s")
			}
			if !parameter.MatchString(s) {
				name += "_" + strings.ReplaceAll(s, "-", "_")
			}
		}
		return name
	}
	of := Of(API, way)
	if len(of) == 0 {
		return ""
	}
	if way == AnyDecision {
		return "prepare_answer_decision"
	}
	d, _ := Find(of[0])
	if d.People {
		return ""
	}
	for _, other := range of[1:] { // which deed it is, and what it may cost, shows only once it is done
		if o, _ := Find(other); o.Need != d.Need {
			return ""
		}
	}
	name := "prepare_" + d.Name
	if way == "POST /campaigns/{id}/pause" || way == "POST /campaigns/{id}/resume" { // so they were called when they were the only ones
		return name
	}
	if len(d.Ways[API]) > 1 {
		name += "_" + strings.ReplaceAll(segments[0], "-", "_")
	}
	return name
}
