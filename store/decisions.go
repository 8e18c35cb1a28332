package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/store/db"
)

// What people of the brand are asked to decide is one list. The questions of partnerships are rows that their workflows keep with their
// row on the board; all others are read from the rows that they are about, and so cannot say anything else than those.

// DecisionFilter says which decisions: the open ones, or all of partnerships too that are over.
type DecisionFilter struct {
	CampaignID partnership.CampaignID
	All        bool
	Most       int // of a kind, 0 all
}

// Decisions are what waits for a person of the brand, by kind and then oldest first. Personal data.
func (s *Store) Decisions(ctx context.Context, f DecisionFilter) ([]asking.Decision, error) {
	all, err := s.askedByStories(ctx, db.DecisionsParams{OnlyOpen: !f.All, CampaignID: string(f.CampaignID), Most: int32(f.Most)})
	if err != nil {
		return nil, err
	}
	if !f.All { // one of whose time nothing is left waits for nobody, whether its workflow has said so yet or not
		all = slices.DeleteFunc(all, func(d asking.Decision) bool { return !d.Open() })
	}
	for _, read := range []func(context.Context, int) ([]asking.Decision, error){
		s.looks, s.unknownEffects, s.unknownPayouts, s.differencesToSettle, s.objectionsToDecide, s.mailsToAnswer, s.heldToDecide, s.runsToApprove,
		s.hitsToDecide, s.writeOffsToDecide,
	} {
		more, err := read(ctx, f.Most)
		if err != nil {
			return nil, mapped("decisions", err)
		}
		for _, d := range more {
			if f.CampaignID == "" || d.CampaignID == f.CampaignID {
				all = append(all, d)
			}
		}
	}
	return append([]asking.Decision{}, all...), nil
}

// Decision is one by its id, open or not. *partnership.Error NotFound when there is none. Personal data.
func (s *Store) Decision(ctx context.Context, id string) (asking.Decision, error) {
	kind, parts, err := partnership.ParseQuestion(id)
	if err != nil {
		return asking.Decision{}, err
	}
	var list []asking.Decision
	if slices.Contains(ofStories, kind) {
		list, err = s.askedByStories(ctx, db.DecisionsParams{Ids: []string{id}})
	} else {
		list, err = s.askedByRows(ctx, kind, parts)
	}
	for _, d := range list {
		if d.ID == id {
			return d, nil
		}
	}
	if err != nil {
		return asking.Decision{}, mapped("decision", err)
	}
	return asking.Decision{}, partnership.Errorf(partnership.NotFound, "there is no decision %q, or it is over", id)
}

// ofStories are the kinds that workflows of partnerships keep.
var ofStories = []partnership.QuestionKind{partnership.AsksCounter, partnership.AsksDraft, partnership.AsksSilence, partnership.AsksStep}

// askedByRows are the questions of one kind that stand in rows of their own, however those stand by now.
func (s *Store) askedByRows(ctx context.Context, kind partnership.QuestionKind, parts []string) ([]asking.Decision, error) {
	switch kind {
	case partnership.AsksEffect:
		return s.effectAsked(ctx, partnership.EffectKey(parts[0]))
	case partnership.AsksPayout:
		return s.payoutAsked(ctx, partnership.PayoutID(parts[0]))
	case partnership.AsksRun:
		return s.runAsked(ctx, parts[0], parts[1])
	case partnership.AsksDifference:
		return s.differenceAsked(ctx, parts[0], parts[1])
	case partnership.AsksObjection:
		o, err := s.Objection(ctx, parts[0])
		return []asking.Decision{asking.ObjectionAsked(o)}, err
	case partnership.AsksHeld:
		return s.rowAsked(ctx, parts[0])
	case partnership.AsksHit:
		return s.hitAsked(ctx, parts[0])
	case partnership.AsksWriteOff:
		return s.writeOffAsked(ctx, parts[0])
	case partnership.AsksAct:
		p, err := s.Preparation(ctx, parts[0])
		return []asking.Decision{asking.ActAsked(p)}, err
	case partnership.AsksMail:
		return s.mailAsked(ctx, parts[0])
	case partnership.AsksMend:
		return s.findingAsked(ctx, parts[0])
	case partnership.AsksLook:
		return s.looks(ctx, 0)
	}
	return nil, nil
}

// PendingDecisions is what waits, in a line each.
func (s *Store) PendingDecisions(ctx context.Context, most int) ([]asking.Pending, error) {
	all, err := s.Decisions(ctx, DecisionFilter{Most: most})
	return each(all, asking.Decision.Pending), err
}

// StandbysLeft is how many of a campaign's creators nobody has invited yet and may be.
func (s *Store) StandbysLeft(ctx context.Context, id partnership.CampaignID) (int, error) {
	rows, err := s.q.FreeBudgets(ctx, []string{string(id)})
	if err != nil || len(rows) == 0 {
		return 0, mapped("standbys", err)
	}
	return int(rows[0].Standbys), nil
}

// askedByStories puts the questions of partnerships into words.
func (s *Store) askedByStories(ctx context.Context, which db.DecisionsParams) ([]asking.Decision, error) {
	rows, err := s.q.Decisions(ctx, which)
	if err != nil || len(rows) == 0 {
		return nil, mapped("decisions", err)
	}
	campaigns, ids := []string{}, []string{}
	for _, row := range rows {
		campaigns, ids = append(campaigns, string(row.Campaign.ID)), append(ids, string(row.Partnership.ID))
	}
	budgets, err := s.q.FreeBudgets(ctx, campaigns)
	if err != nil {
		return nil, mapped("decisions", err)
	}
	free := map[partnership.CampaignID]db.FreeBudgetsRow{}
	for _, b := range budgets {
		free[b.ID] = b
	}
	risks, err := s.risksOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	drafts, err := s.draftsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]asking.Decision, len(rows))
	for i, row := range rows {
		var q partnership.Question
		if err := json.Unmarshal(row.Decision.Question, &q); err != nil {
			return nil, fmt.Errorf("store: question %s: %w", row.Decision.ID, err)
		}
		campaign := row.Campaign.Spec
		campaign.ID = row.Campaign.ID
		left, risk := free[row.Campaign.ID], risks[row.Partnership.ID]
		list[i] = asking.AskOf(q, asking.Asked{
			PartnershipID: row.Partnership.ID, Campaign: campaign, Creator: creatorOf(row.Creator), Tier: row.Partnership.Tier,
			FreeMinor: left.FreeMinor, Standbys: int(left.Standbys), Risk: risk.score, RiskParts: risk.parts,
			Submission: partnership.Submission{URL: row.SaidUrl, Caption: row.Caption, Note: row.Note}, Drafts: drafts[row.Partnership.ID],
		})
		list[i].Owner = row.Owner
		s.ended(&list[i], row.Decision, q)
	}
	return list, nil
}

// ended says how a question stands. One of whose time nothing is left has lapsed, whether its workflow has said so yet or not: silence
// decides it at that instant.
func (s *Store) ended(d *asking.Decision, row db.Decision, q partnership.Question) {
	d.State, d.Choice, d.DecidedBy, d.DecidedAt = partnership.QuestionState(row.State), partnership.Choice(row.Choice), row.AnsweredBy, row.AnsweredAt
	d.Outcome, d.Amiss = row.Came, row.Amiss
	exact := q.Kind == partnership.AsksCounter || q.Kind == partnership.AsksDraft
	if d.Open() && exact && !q.Due.IsZero() && !q.Due.After(s.now()) {
		d.State = partnership.QuestionLapsed
	}
}

type risk struct {
	score float64
	parts []roster.RiskPart
}

func (s *Store) risksOf(ctx context.Context, ids []string) (map[partnership.PartnershipID]risk, error) {
	rows, err := s.q.RiskFacts(ctx, ids)
	risks, now := map[partnership.PartnershipID]risk{}, s.now()
	for _, row := range rows {
		score, parts := roster.Risk(s.riskFacts(row, now))
		risks[row.ID] = risk{score, parts}
	}
	return risks, mapped("risks", err)
}

// saveQuestions keeps what a projection says of questions; newest says that it is the newest word of its story,
// rewritten that a task which was run again says it in the place of what it said before.
func saveQuestions(ctx context.Context, q *db.Queries, pr partnership.Projection, newest, rewritten bool) error {
	for _, c := range pr.Settled {
		asked, err := json.Marshal(partnership.Question{Kind: c.Kind, Of: c.Of, At: c.At})
		if err != nil {
			return fmt.Errorf("store: question: %w", err)
		}
		settled := db.SettleQuestionParams{
			ID: c.Kind.ID(string(pr.PartnershipID), c.Of), Kind: string(c.Kind), PartnershipID: pr.PartnershipID, Subject: partnership.Question{Of: c.Of}.Subject(), Question: asked, RunID: pr.RunID,
			State: string(c.State), Choice: string(c.Choice), AnsweredBy: c.By, At: c.At, Came: c.Came, Amiss: c.Amiss, Rewritten: rewritten,
		}
		if err := q.SettleQuestion(ctx, settled); err != nil {
			return err
		}
	}
	if !newest {
		return nil
	}
	put := db.PutQuestionsParams{PartnershipID: pr.PartnershipID, RunID: pr.RunID, Ids: []string{}, Rewritten: rewritten}
	for _, one := range pr.Asks {
		text, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("store: question: %w", err)
		}
		put.Ids = append(put.Ids, one.Kind.ID(string(pr.PartnershipID), one.Of))
		put.Kinds, put.Subjects, put.Questions = append(put.Kinds, string(one.Kind)), append(put.Subjects, one.Subject()), append(put.Questions, text)
	}
	if len(put.Ids) > 0 {
		if err := q.PutQuestions(ctx, put); err != nil {
			return err
		}
	}
	return q.DropQuestions(ctx, db.DropQuestionsParams{PartnershipID: pr.PartnershipID, Ids: put.Ids})
}

// answers are the deeds that answer questions of partnerships, and what of their message names which.
var answers = map[string]struct {
	kind    partnership.QuestionKind
	subject string
}{
	partnership.DeedDecideCounter: {partnership.AsksCounter, "Round"}, partnership.DeedReviewDraft: {partnership.AsksDraft, "Task"},
	partnership.DeedDecideQuiet: {partnership.AsksSilence, "Task"}, partnership.DeedRetryStep: {partnership.AsksStep, ""},
}

// answeredQuestions keeps who has answered a question, once its workflow has taken the answer.
func (s *Store) answeredQuestions(ctx context.Context, q *db.Queries, a partnership.Asked) error {
	of, known := answers[a.Deed.Deed]
	id := partnership.PartnershipOfWorkflow(a.Subject)
	if !known || id == "" {
		return nil
	}
	arg := db.AnswerQuestionsParams{PartnershipID: id, Kind: string(of.kind), AnsweredBy: a.Who, At: a.At, Choice: string(partnership.ChoiceAgain)}
	if of.subject != "" {
		arg.Subject, arg.Choice = fmt.Sprint(a.Details[of.subject]), fmt.Sprint(a.Details["Decision"])
	}
	return q.AnswerQuestions(ctx, arg)
}

func (s *Store) heldToDecide(ctx context.Context, most int) ([]asking.Decision, error) {
	rows, err := s.q.HeldToDecide(ctx, db.HeldToDecideParams{Undisclosed: ledger.Undisclosed, Most: int32(most)})
	return each(rows, func(r db.HeldToDecideRow) asking.Decision {
		return asking.HeldAsked(board.HeldRow{
			ID: r.ID, PartnershipID: r.PartnershipID, Platform: r.Platform, Creator: r.Handle, Kind: r.Kind, AmountMinor: r.AmountMinor, Currency: r.Currency, Reason: r.Reason, Since: r.CreatedAt,
		}, r.CampaignID, r.Campaign)
	}), err
}
