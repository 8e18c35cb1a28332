// Package decisions answers what people of the brand are asked, whatever it is about: the deed that an answer asks for, of whom it is
// asked, and how the question stands then.
package decisions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// Kept is what decisions are read from.
type Kept interface {
	Decision(ctx context.Context, id string) (asking.Decision, error)
	deeds.Submissions
	Books
}

// Books take what no workflow waits for.
type Books interface {
	deeds.Effects
	deeds.Rows
	deeds.Objections
	deeds.Differences
	deeds.Sanctions
	deeds.WriteOffs
	deeds.Correspondents
}

// Answer is somebody's word on a question.
type Answer struct {
	Kind    partnership.QuestionKind
	Parts   []string // of the question's id, or of its card's button; of a difference also the program that it is of
	Choice  partnership.Choice
	Words   string                                                  // what has to be said with it
	WordsID string                                                  // the same words are the same id
	Of      partnership.PartnershipID                               // of a mail, whose it is
	Names   func(ctx context.Context, who string) ([]string, error) // all that whoever answers is known by, where four eyes are asked for
}

// Decisions answers by id: the API's and the command line's way.
type Decisions struct {
	Kept      Kept
	Workflows func() (deeds.Decider, error) // asked for where a workflow waits for the answer
	Names     func(ctx context.Context, who string) ([]string, error)
	Now       func() time.Time
}

// Give answers one that is open, and returns it as it stands then. What came of it is its workflow's word and may come a moment later. One
// that is over is a Conflict that says what stands.
func (d Decisions) Give(ctx context.Context, by deeds.By, id string, choice partnership.Choice, words string) (asking.Decision, error) {
	open, err := d.Kept.Decision(ctx, id)
	if err != nil {
		return open, err
	}
	if err := Answers(open, choice, words); err != nil {
		return open, err
	}
	kind, parts, err := partnership.ParseQuestion(id)
	if err != nil {
		return open, err
	}
	a := Answer{Kind: kind, Parts: parts, Choice: choice, Words: words, WordsID: WordsID(by.ID, words), Of: open.PartnershipID, Names: d.Names}
	done, err := Here(ctx, d.Kept, by, a)
	if err == nil && !done {
		err = d.tell(ctx, by, a)
	}
	if err != nil {
		return open, err
	}
	now, err := d.Kept.Decision(ctx, id)
	if partnership.CodeOf(err) == partnership.NotFound { // it stood in a row that says nothing of answers
		open.State, open.Choice, open.DecidedBy = partnership.QuestionAnswered, choice, by.Who
		return open, nil
	}
	return now, err
}

func (d Decisions) tell(ctx context.Context, by deeds.By, a Answer) error {
	ask, err := Ask(ctx, d.Kept, by, a, d.Now())
	if err != nil {
		return err
	}
	w, err := d.Workflows()
	if err != nil {
		return err
	}
	return ask.Decide(ctx, w, by, nil)
}

// Answers refuses what is no answer to a question, or to one that is over.
func Answers(d asking.Decision, choice partnership.Choice, words string) error {
	o, offered := d.May(choice)
	switch {
	case !d.Open():
		return partnership.Errorf(partnership.Conflict, "this is over: %s", d.Line(asking.Plain))
	case len(d.Choices) == 0:
		return partnership.Errorf(partnership.Conflict, "no answer settles this: %s", d.SilenceMeans)
	case !offered:
		return partnership.FieldErrorf("choice", "%q is no answer to this; allowed are %s", choice, d.Allowed())
	case o.Words != "" && words == "":
		return partnership.FieldErrorf("words", "say %s", o.Words)
	}
	return nil
}

// Here does what no workflow waits for: the database takes it, and whoever waits finds it there.
func Here(ctx context.Context, kept Books, by deeds.By, a Answer) (done bool, err error) {
	switch a.Kind {
	case partnership.AsksEffect:
		return true, deeds.ResolveEffect(ctx, kept, by, partnership.EffectKey(a.Parts[0]), a.Choice)
	case partnership.AsksObjection:
		_, err := deeds.DecideObjection(ctx, kept, by, a.Parts[0], a.Choice, a.Words)
		return true, err
	case partnership.AsksDifference:
		word := partnership.DifferenceWord{Rail: a.Parts[0], Transfer: a.Parts[1], As: partnership.Settlement(a.Choice)}
		if len(a.Parts) > 2 && a.Parts[2] != partnership.NoProgram {
			word.Program = a.Parts[2]
		}
		return true, deeds.SettleDifference(ctx, kept, by, word, a.Words)
	case partnership.AsksHeld:
		if a.Choice == partnership.ChoiceVoid {
			return true, deeds.VoidRow(ctx, kept, by, a.Parts[0], a.Words)
		}
		return true, deeds.ReleaseRow(ctx, kept, by, a.Parts[0], a.Words)
	case partnership.AsksMail:
		if a.Choice == partnership.ChoiceNone {
			return true, deeds.NeedsNoAnswer(ctx, kept, by, a.Of, a.Parts[0])
		}
		_, err := deeds.AnswerCreator(ctx, kept, by, partnership.AnswerToCreator{PartnershipID: a.Of, MessageID: a.Parts[0], Words: a.Words})
		return true, err
	case partnership.AsksHit:
		return true, deeds.AnswerHit(ctx, kept, by, a.Parts[0], a.Choice, a.Words)
	case partnership.AsksWriteOff:
		return true, decideWriteOff(ctx, kept, by, a)
	}
	return false, nil
}

// decideWriteOff approves a write-off under all names of whoever answers, or withdraws it.
func decideWriteOff(ctx context.Context, kept Books, by deeds.By, a Answer) error {
	if a.Choice == partnership.ChoiceWithdraw {
		_, err := deeds.WithdrawWriteOff(ctx, kept, by, a.Parts[0])
		return err
	}
	names, err := a.Names(ctx, by.Who)
	if err != nil {
		return err
	}
	_, err = deeds.ApproveWriteOff(ctx, kept, by, a.Parts[0], names)
	return err
}

// Ask is the deed that an answer asks for, of the workflow that waits for it.
func Ask(ctx context.Context, kept deeds.Submissions, by deeds.By, a Answer, at time.Time) (deeds.Request, error) {
	pa := partnership.PartnershipID(a.Parts[0])
	switch a.Kind {
	case partnership.AsksCounter:
		round, err := strconv.Atoi(a.Parts[1])
		if err != nil {
			return deeds.Request{}, partnership.Errorf(partnership.Invalid, "%q is no round of a negotiation", a.Parts[1])
		}
		return deeds.DecideCounter(pa, round, a.Choice), nil
	case partnership.AsksDraft:
		return deeds.ReviewDraft(ctx, kept, by, deeds.Review{Partnership: pa, Task: a.Parts[1], Decision: a.Choice, Words: a.Words, WordsID: a.WordsID}, at)
	case partnership.AsksSilence:
		return deeds.DecideQuiet(pa, a.Parts[1], a.Choice), nil
	case partnership.AsksStep:
		if a.Choice == partnership.ChoiceCancel {
			return deeds.CancelPartnership(pa, "a vendor refused a step for good")
		}
		return deeds.RetryPartnership(pa), nil
	case partnership.AsksRun:
		if a.Choice == partnership.ChoiceReject {
			return deeds.RejectRun(a.Parts[0], a.Parts[1], a.Words, a.Parts[2])
		}
		return deeds.ApproveRun(a.Parts[0], a.Parts[1], a.Parts[2])
	case partnership.AsksPayout:
		return deeds.ResolvePayout(partnership.PayoutID(a.Parts[0]), a.Choice, a.Words)
	}
	return deeds.Request{}, partnership.Errorf(partnership.Invalid, "this asks for nothing that is known; decide in a newer card")
}

// WordsID is the same for the same words of the same deed, however often they are sent.
func WordsID(deed, words string) string {
	sum := sha256.Sum256([]byte(deed + "\x00" + words))
	return hex.EncodeToString(sum[:16])
}
