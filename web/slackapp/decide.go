package slackapp

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// press is a decision that somebody took: which, about what, on which card.
type press struct {
	verb   string
	choice partnership.Choice
	parts  []string // of the button's value
	words  string   // typed into a modal: feedback, a reason, a transfer's id
	day    string   // picked there: on which the bank paid
	user   string
	ref    partnership.MessageRef
	card   cardAsk
	at     place
}

// take keeps a decision before Slack has its ack (books that take longer than Slack should wait are waited for behind it: see ack.go), so that no death of
// this process loses what was kept, carries it out afterwards and then shows on the card how its question stands. A second press is harmless: the same one
// is the same deed, another one is refused by the workflow, and the person is told what is so.
func (a *App) take(ctx context.Context, d press) {
	by, may := a.allowed(ctx, d)
	if !may {
		return
	}
	if over := a.over(ctx, d); over != "" {
		a.later(ctx, func(ctx context.Context) {
			a.tell(ctx, d.at, about(d.card.Text, over))
			a.refresh(ctx, d.card.Key)
			a.goHome(ctx, d.user)
		})
		return
	}
	by.ID = d.id()
	kept, err := a.keep(ctx, d, by)
	a.later(ctx, func(ctx context.Context) {
		var said deeds.Word
		if err == nil && kept.ID != "" {
			said, err = deeds.Tell(ctx, a.Workflows, kept)
		}
		a.taken(ctx, d, said, err)
		a.told(ctx, kept.ID, err)
	})
}

// taken shows on the card how its question stands after a press. Whoever's press was refused is told why, and what is so.
func (a *App) taken(ctx context.Context, d press, said deeds.Word, err error) {
	if err != nil {
		words := spoken(about(d.card.Text, a.explain(ctx, d.verb, err)))
		if line := a.over(ctx, d); line != "" && partnership.CodeOf(err) == partnership.Conflict {
			words = answer{text: line, blocks: []slackapi.Block{marked(line)}}
		}
		a.refused(ctx, d.at, words, err)
	} else if said.More > 0 {
		a.tell(ctx, d.at, about(d.card.Text, fmt.Sprintf("Yours is kept; it takes %d more.", said.More)))
	}
	a.refresh(ctx, d.card.Key)
	a.goHome(ctx, d.user)
}

// over is what stands where a card's question is over, in Slack's markup for who presses it still; "" while it is open.
func (a *App) over(ctx context.Context, d press) string {
	asked, known, err := a.Cards.Asks(ctx, d.card.Key)
	if err != nil || !known || asked.Open() {
		return ""
	}
	return partnership.FillMarks(about(d.card.Text, "Not done, this is over: "+asked.Line(asking.Marked)), escape, personInSlack, when, linked)
}

// refresh brings the card up to date. When that fails, whoever keeps the cards does it a little later.
func (a *App) refresh(ctx context.Context, card partnership.EffectKey) {
	if err := a.Cards.Refresh(ctx, card); err != nil {
		a.Log.WarnContext(ctx, "slack card not updated", "error", err)
	}
}

// keep turns a decision into the deed that its workflow waits for, and keeps it. One that is done with here has no id.
func (a *App) keep(ctx context.Context, d press, by deeds.By) (kept partnership.Asked, err error) {
	switch d.verb {
	case partnership.ActConfirmAct: // done by whoever sweeps: Slack has its ack first
		names, err := a.Directory.Names(ctx, by.Who)
		if err == nil {
			err = deeds.ConfirmAct(ctx, a.Store, by, d.parts[0], d.choice, names)
		}
		return kept, err
	case partnership.ActTellBank:
		return kept, a.tellBank(ctx, by, d)
	}
	answer := a.answer(d)
	if done, err := decisions.Here(ctx, a.Store, by, answer); done {
		return kept, err
	}
	deed, err := decisions.Ask(ctx, a.Store, by, answer, a.Now())
	if err != nil {
		return kept, err
	}
	kept, err = deed.Keep(ctx, a.Workflows, by, answerTo{Press: asked{d.verb, d.choice, d.parts, d.ref, d.card, d.at}})
	return kept, err
}

// answer is what a press says to which question.
func (a *App) answer(d press) decisions.Answer {
	kind, _ := asking.KindOfAction(d.verb)
	said := decisions.Answer{Kind: kind, Parts: d.parts, Choice: d.choice, Words: d.words, WordsID: d.wordsID(), Names: a.Directory.Names}
	if kind == partnership.AsksMail {
		said.Of, said.Parts = partnership.PartnershipID(d.parts[0]), d.parts[1:]
	}
	return said
}

// tellBank says what the bank did with a file, under all names of whoever pressed: it is somebody else than who took it there.
func (a *App) tellBank(ctx context.Context, by deeds.By, d press) error {
	names, err := a.Directory.Names(ctx, by.Who)
	if err != nil {
		return err
	}
	if d.choice == partnership.ChoiceUnexecuted {
		_, err = deeds.VoidBankFile(ctx, a.Store, a.Workflows, by, d.parts[0], names, d.words)
		return err
	}
	_, err = deeds.TellBank(ctx, a.Store, a.Workflows, by, d.parts[0], partnership.BankWord{Answer: partnership.BankPaid, Reference: d.words, On: d.day}, names, "")
	return err
}

// wordsID is the same for the same words however often the modal is sent.
func (d press) wordsID() string {
	sum := sha256.Sum256([]byte(d.id() + "\x00" + d.words))
	id, _ := uuid.FromBytes(sum[:16]) // 16 bytes always fit
	return id.String()
}

// id makes the same press the same deed. Each person's is their own: two who approve a run are two approvals, and one's refusal is
// not the other's.
func (d press) id() string {
	return strings.Join([]string{"slack", d.ref.Channel, d.ref.TS, partnership.ActionID(d.verb, d.choice), d.user}, "/")
}

// asksWords says whether a decision opens a modal first.
func asksWords(verb string, choice partnership.Choice) bool {
	return verb == partnership.ActDecideObjection || verb == partnership.ActSettleDifference || verb == partnership.ActDecideHit || verb == partnership.ActTellBank ||
		verb == partnership.ActAnswerCreator && choice == partnership.ChoiceAnswer || slices.Contains([]string{
		partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceAdjust), partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceChanges), partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceReject), partnership.ActionID(partnership.ActResolvePayout, partnership.ChoicePaid),
	}, partnership.ActionID(verb, choice))
}
