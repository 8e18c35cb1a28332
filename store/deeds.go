package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// How a deed ended, in the audit.
const (
	Done     = "done"     // here and now
	Accepted = "accepted" // let through to its workflow, whose word stands in the answer
	Refused  = "refused"
)

// proofLife is how long a decision may be on its way: longer than any outage of the engine, too short to be kept for later.
const proofLife = 7 * 24 * time.Hour

// Record keeps who did what, for good: a deed that was done here and now. In a transaction with the deed itself where there is one.
func (s *Store) Record(ctx context.Context, d partnership.Deed) error {
	return mapped("audit", s.record(ctx, s.q, d))
}

func (s *Store) record(ctx context.Context, q *db.Queries, d partnership.Deed) error {
	_, err := s.writeDeed(ctx, q, d, Done, "", "")
	return err
}

func (s *Store) writeDeed(ctx context.Context, q *db.Queries, d partnership.Deed, outcome, why, run string) (fresh bool, err error) {
	if d.ID == "" {
		d.ID = uuid.NewString()
	}
	if d.Details == nil {
		d.Details = map[string]any{}
	}
	details, err := json.Marshal(d.Details)
	if err != nil {
		return false, fmt.Errorf("store: details of a deed: %T does not encode", d.Details)
	}
	rows, err := q.WriteDeed(ctx, db.WriteDeedParams{
		TestNow: s.testNow(), Actor: d.Who, Action: d.Deed, Target: d.Subject, Reason: d.Reason, DeedID: &d.ID, Details: details,
		DecidedAt: timeOrNil(d.At), Outcome: outcome, Why: why, Run: run,
	})
	return rows > 0, err
}

// RecordDeed writes the line of a decision that counts in a run of a workflow, once. *partnership.Error Conflict when it was made too long ago,
// was refused before, or has counted in another run.
func (s *Store) RecordDeed(ctx context.Context, d partnership.Deed, run string) error {
	return s.tx(ctx, "record deed", func(q *db.Queries) error { return s.recordDecision(ctx, q, d, run) })
}

func (s *Store) recordDecision(ctx context.Context, q *db.Queries, d partnership.Deed, run string) error {
	fresh, err := s.writeDeed(ctx, q, d, Accepted, "", run)
	if err != nil {
		return err
	}
	if fresh { // one that has counted counts, however late its answer is asked for again
		return s.inTime(ctx, q, d)
	}
	line, err := q.DeedLine(ctx, &d.ID)
	switch {
	case err != nil:
		return err
	case line.Outcome == Refused:
		return partnership.Errorf(partnership.Conflict, "this decision was refused before: %s", line.Why)
	case line.Run != run || line.Target != d.Subject || line.Action != d.Deed:
		return partnership.Errorf(partnership.Conflict, "this decision has counted before; decide again")
	}
	return nil // the same one: its answer was lost
}

// inTime refuses a decision that was too long on its way; with it goes its line.
func (s *Store) inTime(ctx context.Context, q *db.Queries, d partnership.Deed) error {
	now, err := s.clock(ctx, q)
	if err != nil {
		return err
	}
	if age := now.Sub(d.At); age > proofLife || age < -time.Minute {
		return partnership.Errorf(partnership.Conflict, "this decision was made at %s, too long ago to count; decide again", d.At.UTC().Format(time.DateTime))
	}
	return nil
}

// CorrectDeed writes, once, that a decision whose line counts in that run was refused by its workflow after all: its moment had passed
// while the line was written. The line stays as it is, and stands corrected.
func (s *Store) CorrectDeed(ctx context.Context, d partnership.Deed, run, why string) error {
	_, err := s.q.CorrectDeed(ctx, db.CorrectDeedParams{TestNow: s.testNow(), Why: why, DeedID: &d.ID, Run: run, Action: d.Deed, Target: d.Subject})
	return mapped("correct deed", err)
}

// RefuseDeed writes that a deed was refused, once.
func (s *Store) RefuseDeed(ctx context.Context, d partnership.Deed, why string) error {
	_, err := s.writeDeed(ctx, s.q, d, Refused, why, "")
	return mapped("audit", err)
}

func (s *Store) clock(ctx context.Context, q *db.Queries) (time.Time, error) {
	if s.test {
		return s.now(), nil
	}
	return q.Clock(ctx)
}

// Ask keeps a deed before its workflow is told of it, and returns it as it is kept: an earlier one of the same id and content is that
// one, with its answer. What was refused is over: pressed again it is a new deed under the next number, for what stood in its way may
// have gone, unless it is to be one for good (d.Once). *partnership.Error Conflict when the id was used for something else. prove makes its proof, for the id and the time that it gets
// here; for patience after that nobody else tells the workflow.
func (s *Store) Ask(ctx context.Context, d partnership.Deed, content string, message, reply []byte, patience time.Duration, prove func(id string, at time.Time) partnership.Proof) (asked partnership.Asked, err error) {
	err = s.tx(ctx, "ask", func(q *db.Queries) error {
		at, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		at = at.UTC().Truncate(time.Microsecond)
		var row db.Asked
		for n := 1; n == 1 || row.State == Refused && !d.Once; n++ {
			id := numbered(d.ID, n)
			_, err = q.Ask(ctx, db.AskParams{
				ID: id, At: at, Who: d.Who, Deed: d.Deed, Subject: d.Subject, Content: content, Message: message, Mac: prove(id, at).MAC, Reply: reply,
				NextAt: at.Add(patience),
			})
			if err != nil {
				return err
			}
			if row, err = q.Asked(ctx, id); err != nil {
				return err
			}
		}
		if row.Content != content || row.Who != d.Who || row.Deed != d.Deed || row.Subject != d.Subject {
			return partnership.Errorf(partnership.Conflict, "this was used before, for %s of %s at %s; look at how things stand and decide anew", row.Deed, row.Subject, row.At.Format(time.DateTime))
		}
		asked = askedOf(row)
		return nil
	})
	return asked, err
}

// numbered is the id of a deed that is asked for the nth time, after its refusals.
func numbered(id string, n int) string {
	if n == 1 {
		return id
	}
	return id + "/" + strconv.Itoa(n)
}

// Asked is a deed by its id.
func (s *Store) Asked(ctx context.Context, id string) (partnership.Asked, error) {
	row, err := s.q.Asked(ctx, id)
	return askedOf(row), notFound("deed", err)
}

// WaitingAsked are the deeds about a workflow of which nobody knows yet what came of them, oldest first; of all when subject is "".
func (s *Store) WaitingAsked(ctx context.Context, subject string) ([]partnership.Asked, error) {
	rows, err := s.q.WaitingAsked(ctx, subject)
	return each(rows, askedOf), mapped("waiting deeds", err)
}

// ClaimAsked takes deeds that wait for their workflow's answer, or whose person was not told of it. What is claimed is nobody
// else's for a while; then, if it is still open, it is claimed again.
func (s *Store) ClaimAsked(ctx context.Context, limit int) ([]partnership.Asked, error) {
	rows, err := s.q.ClaimAsked(ctx, int32(limit))
	return each(rows, askedOf), mapped("claim deeds", err)
}

// SettleAsked keeps what came of a deed, and the audit's line where no step has written it, and returns the deed as it stands then:
// the first word stays. A refusal of one that had counted is of its repetition, told when the answer was lost to a run that had
// ended or continued as new: it is done.
func (s *Store) SettleAsked(ctx context.Context, a partnership.Asked, answer []byte, refusal *partnership.Error) (settled partnership.Asked, err error) {
	err = s.tx(ctx, "settle deed", func(q *db.Queries) error {
		set := db.SettleAskedParams{ID: a.ID, State: Done, Answer: answer, TestNow: s.testNow()}
		outcome := Accepted
		if refusal != nil {
			counted, err := q.DeedCounted(ctx, &a.ID)
			if err != nil {
				return err
			}
			if !counted {
				set.State, set.Answer, set.Code, set.Field, set.Why = Refused, nil, string(refusal.Code), refusal.Field, refusal.Message
				outcome = Refused
			}
		}
		if _, err := q.SettleAsked(ctx, set); err != nil {
			return err
		}
		row, err := q.Asked(ctx, a.ID)
		if err != nil {
			return err
		}
		settled = askedOf(row)
		if settled.State == Done {
			if err := s.answeredQuestions(ctx, q, settled); err != nil {
				return err
			}
		}
		_, err = s.writeDeed(ctx, q, a.Deed, outcome, set.Why, "")
		return err
	})
	return settled, err
}

// AskedTold says that the person knows what came of it.
func (s *Store) AskedTold(ctx context.Context, id string) error {
	return mapped("deed told", s.q.AskedTold(ctx, id))
}

// ForgetAsked lets go of what is over: after three days of where somebody was to be told, after ninety of settled deeds, which stand
// in the audit, and of the API's keys.
func (s *Store) ForgetAsked(ctx context.Context) error {
	return s.tx(ctx, "forget deeds", func(q *db.Queries) error {
		for _, forget := range []func(context.Context) error{q.ForgetReplies, q.ForgetAsked, q.ForgetKeys, q.ForgetOutbox} {
			if err := forget(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func askedOf(r db.Asked) partnership.Asked {
	a := partnership.Asked{
		Deed:    partnership.Deed{ID: r.ID, Who: r.Who, Deed: r.Deed, Subject: r.Subject, At: r.At},
		Message: r.Message, Proof: partnership.Proof{ID: r.ID, Who: r.Who, At: r.At, MAC: r.Mac}, State: r.State, Answer: r.Answer, Reply: r.Reply,
	}
	if r.State == Refused {
		a.Refusal = &partnership.Error{Code: partnership.Code(r.Code), Field: r.Field, Message: r.Why}
	}
	if fields, err := partnership.FieldsOf(json.RawMessage(r.Message)); err == nil {
		a.Reason, _ = fields["Reason"].(string)
		for _, told := range []string{"Reason", "By", "Also"} { // each has a place of its own
			delete(fields, told)
		}
		a.Details = fields
	}
	return a
}
