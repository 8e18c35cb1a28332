package slackapp

import (
	"cmp"
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Tax forms by a word. They are not opened here: what is said in Slack is kept by Slack, and a tax id is nobody's there to keep.

// forms are a creator's forms on file.
func (a *App) forms(ctx context.Context, c ask) (answer, error) {
	if c.rest == "" {
		return answer{}, partnership.FieldErrorf("forms", "say whose: /rapport forms @handle")
	}
	creator, err := a.Store.FindCreator(ctx, c.rest)
	if err != nil {
		return answer{}, err
	}
	papers, err := a.Store.TaxPapers(ctx, creator.ID)
	if err != nil || len(papers) == 0 {
		return said("No tax form of @" + escape(creator.Handle) + " is on file."), err
	}
	var lines []string
	for _, p := range papers {
		line := "• `" + p.ID + "` " + string(p.Kind) + ", " + p.Country + ", ends in " + cmp.Or(p.LastFour, "nothing")
		if p.RejectedBy != "" {
			line += ", rejected: " + escape(p.Why)
		}
		lines = append(lines, line)
	}
	return told(lines), nil
}

// recordForm notes that a vendor has a creator's form.
func (a *App) recordForm(ctx context.Context, c ask) (answer, error) {
	whom, rest := firstWord(c.rest)
	form, rest := firstWord(rest)
	country, rest := firstWord(rest)
	last4, where := firstWord(rest)
	if where == "" {
		return answer{}, partnership.FieldErrorf("record-form", "say whose, which, of which country, the last four of the tax id and where it is kept: /rapport record-form @handle W-9 US 4321 Track1099 77")
	}
	creator, err := a.Store.FindCreator(ctx, whom)
	if err != nil {
		return answer{}, err
	}
	p := partnership.TaxPaper{CreatorID: creator.ID, Kind: partnership.PaperKind(form), Country: country, Number: last4, Reference: unescape(where)}
	return said("The " + escape(form) + " of @" + escape(creator.Handle) + " is noted."), deeds.RecordTaxPaper(ctx, a.Store, c.by, p)
}

// rejectForm says that a form is worth nothing; the creator reads why.
func (a *App) rejectForm(ctx context.Context, c ask) (answer, error) {
	paper, why := firstWord(c.rest)
	if paper == "" || why == "" {
		return answer{}, partnership.FieldErrorf("reject-form", "say which form and why: /rapport reject-form PAPER it is not signed; /rapport forms @handle names the papers")
	}
	return said("It counts no longer: the creator's money waits, and they are asked for another."), deeds.RejectTaxPaper(ctx, a.Store, c.by, paper, unescape(why))
}
