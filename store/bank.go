package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// A bank that is paid by files keeps no record that can be asked: what it was ordered, by which file, and what a person says became of it
// is kept here, and only added to. What people say of it is in bankanswers.go.

// OrderBank keeps that a payout is to be paid by a bank's file, once. Where the rest of its run was rejected since it was begun, the order is
// cancelled at once.
func (s *Store) OrderBank(ctx context.Context, rail string, id partnership.PayoutID) error {
	return s.tx(ctx, "order bank", func(q *db.Queries) error {
		payout, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		if err := q.OrderBank(ctx, db.OrderBankParams{PayoutID: id, Rail: rail, Now: s.now()}); err != nil {
			return err
		}
		run, err := q.Run(ctx, payout.RunID)
		if err != nil || run.RestRejected == nil {
			return err
		}
		if payout, err = s.withdrawOrder(ctx, q, payout, *run.RestRejected, "rapport"); err != nil || payout.State != partnership.PayoutPlanned {
			return err
		}
		return s.sendBack(ctx, q, payout, *run.RestRejected)
	})
}

// withdrawOrder answers the order of a payout, which is locked, where it is in no file yet, as one that was never sent: no file takes it up. Such
// a payout was sent to nobody: it is as good as planned, and comes back so, for whoever takes it out of its run.
func (s *Store) withdrawOrder(ctx context.Context, q *db.Queries, payout db.Payout, why, who string) (db.Payout, error) {
	unfiled, err := q.UnfiledOrder(ctx, payout.ID)
	if err != nil || !unfiled {
		return payout, err
	}
	payout.State = partnership.PayoutPlanned
	return payout, q.AnswerBankOrder(ctx, db.AnswerBankOrderParams{PayoutID: payout.ID, Answer: partnership.BankReturned, Why: "never sent: " + why, ToldBy: who, Now: s.now()})
}

// BankTransfers are the orders of one payout, or all since an instant, and what was booked from the bank's statement, as a rail shows
// transfers: nobody is paid by a file, but by the bank, and that a person says.
func (s *Store) BankTransfers(ctx context.Context, rail string, id partnership.PayoutID, since time.Time) ([]partnership.Transfer, error) {
	rows, err := s.q.BankOrders(ctx, db.BankOrdersParams{Rail: rail, PayoutID: string(id), Since: since})
	if err != nil {
		return nil, mapped("bank transfers", err)
	}
	read, err := s.q.StatementPayments(ctx, db.StatementPaymentsParams{Rail: rail, PayoutID: string(id), Since: since})
	return append(each(rows, bankTransfer), each(read, statementTransfer)...), mapped("bank transfers", err)
}

func bankTransfer(r db.BankOrdersRow) partnership.Transfer {
	t := partnership.Transfer{
		ID: "bank/" + string(r.PayoutID), PayoutID: r.PayoutID, Destination: r.Destination, AmountMinor: r.AmountMinor, Currency: r.Currency, CreatedAt: r.OrderedAt,
	}
	switch {
	case r.Returned:
		t.State, t.Why, t.ReversedMinor = partnership.TransferFailed, "the bank did not pay it: "+r.Why, r.AmountMinor
		if r.FileID == "" {
			t.Why = "it was taken out before the bank was asked: " + r.Why
		}
	case r.Paid:
		t.State = partnership.TransferMoved
	case r.FileID == "":
		t.State, t.Why = partnership.TransferUnderway, "it is in no bank file yet"
	default:
		t.State, t.Why = partnership.TransferUnderway, "it is in bank file "+r.FileID+", and nobody has said what the bank did"
	}
	return t
}

// BankFiles are the files of a month of which something is open, with their text. What is in none yet gets one; one that was made is
// written the same again, to the byte, or not at all, so that the bank knows it: then it says why, and holds up no other. One of which a payment came
// back is not: another payout pays that. Each reading has its
// line in the audit. write makes name and text of a file.
func (s *Store) BankFiles(ctx context.Context, program, period string, write func(*partnership.BankFile) error, d partnership.Deed) (files []partnership.BankFile, err error) {
	err = s.tx(ctx, "bank files", func(q *db.Queries) error {
		files = nil
		if _, err := q.LockProgram(ctx, program); err != nil { // of two who ask at once the second finds what the first made
			return notFound("program", err)
		}
		runs, err := q.RunsWithBankOrders(ctx, db.RunsWithBankOrdersParams{Program: program, Period: period})
		if err != nil {
			return err
		}
		for _, run := range runs {
			of, err := s.bankFiles(ctx, q, month{program, period}, run, write, d.Who)
			if err != nil {
				return err
			}
			files = append(files, of...)
		}
		var taken, wrong []string
		for _, f := range files {
			if f.Wrong != "" {
				wrong = append(wrong, f.Wrong)
				continue
			}
			taken = append(taken, f.ID)
		}
		switch {
		case len(files) == 0:
			return partnership.Errorf(partnership.NotFound, "nothing of that month waits to be paid by a bank file: its run may not be approved yet, or the bank has answered for all")
		case len(taken) == 0:
			return partnership.Errorf(partnership.Conflict, "%s", strings.Join(wrong, "; "))
		}
		d.Deed, d.Subject, d.Details = partnership.DeedBankFile, "payout-run/"+program+"/"+period, map[string]any{"files": taken}
		return s.record(ctx, q, d)
	})
	return files, err
}

// month is a program's month.
type month struct{ program, period string }

func (s *Store) bankFiles(ctx context.Context, q *db.Queries, of month, run db.RunsWithBankOrdersRow, write func(*partnership.BankFile) error, who string) (files []partnership.BankFile, err error) {
	made, err := q.BankFilesOfRun(ctx, db.BankFilesOfRunParams{RunID: run.ID, Rail: run.Rail})
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		if m.Open == 0 {
			continue
		}
		f, err := s.bankFileAgain(ctx, q, m, write)
		if partnership.CodeOf(err) == partnership.Conflict {
			f.Wrong, f.Name, f.Text, f.Orders, err = err.Error(), "", nil, nil, nil
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	inMonth, err := q.BankFilesInMonth(ctx, db.BankFilesInMonthParams{Program: of.program, Period: of.period, Rail: run.Rail})
	if err != nil {
		return nil, err
	}
	fresh, err := s.newBankFile(ctx, q, run, messageID(of, run.Rail, inMonth), len(made), write, who)
	if err == nil && fresh.ID != "" {
		files = append(files, fresh)
	}
	return files, err
}

// bankFileAgain writes a file that was made before. Settings, an account or a build that would write it otherwise are refused: under the
// same message id another text could be another payment.
func (s *Store) bankFileAgain(ctx context.Context, q *db.Queries, m db.BankFilesOfRunRow, write func(*partnership.BankFile) error) (partnership.BankFile, error) {
	kept := m.BankFile
	f := partnership.BankFile{
		ID: kept.ID, RunID: kept.RunID, Rail: kept.Rail, Currency: kept.Currency, TotalMinor: kept.TotalMinor, Payments: int(kept.Payments), MadeBy: kept.MadeBy,
		MadeAt: kept.MadeAt, DayN: int(kept.DayN), Open: int(m.Open),
	}
	back, err := q.ReturnedOfFile(ctx, f.ID)
	if err != nil {
		return f, err
	}
	if len(back) > 0 {
		return f, cameBack(f, back)
	}
	rows, err := q.OrdersOfFile(ctx, f.ID)
	if err != nil {
		return f, err
	}
	for _, r := range rows {
		err := s.addToFile(ctx, q, &f, r)
		if partnership.CodeOf(err) != "" {
			return f, notAgain(f, fmt.Sprintf("for payout %s of it: %v", r.PayoutID, err))
		}
		if err != nil {
			return f, err
		}
	}
	err = write(&f)
	if class := partnership.ClassOf(err); partnership.CodeOf(err) != "" || class == partnership.Permanent || class == partnership.Barred {
		return f, notAgain(f, err.Error())
	}
	if digest := sha256.Sum256(f.Text); err == nil && !bytes.Equal(digest[:], kept.Digest) {
		return f, notAgain(f, "it would be another text: the bank's settings (rapport doctor names them) or this build have changed since")
	}
	return f, err
}

func notAgain(f partnership.BankFile, why string) error {
	return partnership.Errorf(partnership.Conflict, "bank file %s cannot be written again, %s. Use the text that %s took on %s. What the bank did with it is said as ever; "+
		"where it never reached the bank: rapport payouts unexecuted %s", f.ID, why, f.MadeBy, f.MadeAt.UTC().Format("2 Jan 2006"), f.ID)
}

// fewNamed is how many payouts a sentence names.
const fewNamed = 5

// cameBack refuses the text of a file that holds what is owed again: uploaded, it would pay that beside the payout that pays it next. Without
// that payment it would be another text under a known id.
func cameBack(f partnership.BankFile, back []partnership.PayoutID) error {
	names := strings.Join(each(back[:min(fewNamed, len(back))], func(id partnership.PayoutID) string { return string(id) }), ", ")
	if more := len(back) - fewNamed; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return partnership.Errorf(partnership.Conflict, "bank file %s is not written again: the bank did not pay, or sent back, %s of it, and what is owed for that is paid anew. Do not upload the text that "+
		"%s took either. Say of each of the %d payments of it that are open what the bank did: rapport payouts confirm PAYOUT --as paid|returned; where it carried out none of it: rapport payouts unexecuted %s",
		f.ID, names, f.MadeBy, f.Open, f.ID)
}

// newBankFile makes a file of the orders that are in none, each of them a line that was approved; a file without an id where there are none.
func (s *Store) newBankFile(ctx context.Context, q *db.Queries, run db.RunsWithBankOrdersRow, id string, n int, write func(*partnership.BankFile) error, who string) (f partnership.BankFile, err error) {
	unfiled, err := q.LockUnfiled(ctx, db.LockUnfiledParams{RunID: run.ID, Rail: run.Rail})
	if err != nil || len(unfiled) == 0 {
		return f, err
	}
	of, err := q.Run(ctx, run.ID)
	if err != nil {
		return f, err
	}
	f = partnership.BankFile{
		ID: id, RunID: run.ID, Rail: run.Rail, Currency: run.Currency, MadeBy: who, MadeAt: s.now().UTC().Truncate(time.Second),
	}
	if err := numberBankFile(ctx, q, &f); err != nil {
		return f, err
	}
	lines := db.InsertBankLinesParams{FileID: f.ID}
	for _, po := range unfiled {
		if err := checkLine(ctx, q, of, po); err != nil {
			return f, err
		}
		err := s.stillDue(ctx, q, of, po)
		if err == nil {
			err = s.addToFile(ctx, q, &f, db.OrdersOfFileRow{PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency})
		}
		if partnership.CodeOf(err) != "" {
			return f, partnership.Errorf(partnership.Conflict, "payout %s: %v. To take it out: rapport payouts confirm %s --as returned --reason WHY", po.ID, err, po.ID)
		}
		if err != nil {
			return f, err
		}
		f.TotalMinor += po.AmountMinor
		lines.Payouts = append(lines.Payouts, string(po.ID))
	}
	f.Payments, f.Open = len(f.Orders), len(f.Orders)
	if err := write(&f); err != nil {
		return f, err
	}
	digest := sha256.Sum256(f.Text)
	err = q.InsertBankFile(ctx, db.InsertBankFileParams{
		ID: f.ID, RunID: f.RunID, Rail: f.Rail, N: int32(n), DayN: int32(f.DayN), Currency: f.Currency, TotalMinor: f.TotalMinor, Payments: int32(f.Payments), Digest: digest[:], MadeBy: who, MadeAt: f.MadeAt,
	})
	if err != nil {
		return f, err
	}
	return f, q.InsertBankLines(ctx, lines)
}

// numberBankFile counts the rail's files of a day, whichever program they are of: the bank's account is one.
func numberBankFile(ctx context.Context, q *db.Queries, f *partnership.BankFile) error {
	if err := q.LockBankDay(ctx, f.Rail); err != nil {
		return err
	}
	n, err := q.NextOfBankDay(ctx, db.NextOfBankDayParams{Rail: f.Rail, Day: f.MadeAt.Format(time.DateOnly)})
	f.DayN = int(n)
	return err
}

// stillDue asks again what was asked when the payout was ordered: with the file the money moves, and that may be days later.
func (s *Store) stillDue(ctx context.Context, q *db.Queries, run db.PayoutRun, po db.Payout) error {
	if run.RestRejected != nil {
		return partnership.Errorf(partnership.Conflict, "the rest of its run was rejected (%s)", *run.RestRejected)
	}
	if err := checkAccount(ctx, q, po); err != nil {
		return err
	}
	return s.checkGates(ctx, q, po)
}

func (s *Store) addToFile(ctx context.Context, q *db.Queries, f *partnership.BankFile, r db.OrdersOfFileRow) error {
	to, err := s.receiver(ctx, q, f.Rail, r.Destination)
	if err != nil {
		return fmt.Errorf("its account cannot be read: %w", err)
	}
	f.Orders = append(f.Orders, partnership.BankOrder{PayoutID: r.PayoutID, AmountMinor: r.AmountMinor, Currency: r.Currency, To: to})
	return nil
}

// messageID follows from the month and how many files it had, whichever of its runs they are of: a database that was restored from a backup
// makes the same again, also where it knows nothing of a run before that was rejected, and the bank refuses it. At most 35 characters, as
// banks take them.
func messageID(of month, rail string, n int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "bank file\n%s\n%s\n%s\n%d", of.program, of.period, rail, n))
	return "RPT" + strings.ToUpper(hex.EncodeToString(sum[:14]))
}

// BankWaits are what waits for a file, and the files of which nobody has said yet what the bank did, oldest first.
func (s *Store) BankWaits(ctx context.Context) ([]partnership.BankWait, error) {
	rows, err := s.q.BankWaits(ctx)
	return each(rows, func(r db.BankWaitsRow) partnership.BankWait {
		return partnership.BankWait{
			Program: r.Program, Period: r.Period, Rail: r.Rail, FileID: r.FileID, Payments: int(r.Payments), AmountMinor: r.Minor, Currency: r.Currency, Since: r.Since,
		}
	}), mapped("bank waits", err)
}

// UntoldBankOrders are the months with orders that wait for a file, of which finance was not told since the last file.
func (s *Store) UntoldBankOrders(ctx context.Context) ([]partnership.BankWait, error) {
	rows, err := s.q.UntoldBankOrders(ctx)
	return each(rows, func(r db.UntoldBankOrdersRow) partnership.BankWait {
		return partnership.BankWait{Program: r.Program, Period: r.Period, Rail: r.Rail, Since: r.Since, Key: r.Key}
	}), mapped("untold bank orders", err)
}

// UntoldBankFiles are files of which the chat says something else than is so: that wait for a word on what the bank did, or do not any more.
func (s *Store) UntoldBankFiles(ctx context.Context) ([]partnership.BankWait, error) {
	rows, err := s.q.UntoldBankFiles(ctx)
	return each(rows, func(r db.UntoldBankFilesRow) partnership.BankWait {
		return partnership.BankWait{
			Program: r.Program, Period: r.Period, Rail: r.Rail, FileID: r.ID, Payments: int(r.Payments), AmountMinor: r.TotalMinor, Currency: r.Currency, Since: r.MadeAt,
			By: r.MadeBy, Over: !r.Open, Card: cardIn(r.Card),
		}
	}), mapped("untold bank files", err)
}

// BankFileTold keeps where finance was asked about a file, and what it says there.
func (s *Store) BankFileTold(ctx context.Context, id string, ref partnership.MessageRef, state string) error {
	return s.putCard(ctx, "bank-file/"+id, ref, state)
}

// BankOrdersTold keeps where finance was told.
func (s *Store) BankOrdersTold(ctx context.Context, key string, ref partnership.MessageRef) error {
	return s.putCard(ctx, "bank-orders/"+key, ref, "open")
}

// bankFaults are payouts that are not as the bank has answered.
func bankFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	rows, err := q.BankAgainstPayouts(ctx)
	for _, r := range rows {
		says := "nobody has said what the bank did"
		switch {
		case r.Returned:
			says = "the bank returned it"
		case r.Paid:
			says = "the bank paid it"
		}
		faults = append(faults, fmt.Sprintf("payout %s: it is %s, and %s", r.ID, r.State, says))
	}
	return faults, err
}
