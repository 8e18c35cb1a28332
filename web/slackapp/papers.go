package slackapp

import (
	"cmp"
	"context"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Tax forms by a word. They are not opened here: what is said in Slack is kept by Slack, and a tax id is nobody's there to keep.

// forms are a creator's forms on file.
func (a *App) forms(ctx context.Context, handle string) (string, error) {
	if strings.TrimSpace(handle) == "" {
		return "", partnership.FieldErrorf("forms", "say whose: /rapport forms @handle")
	}
	creator, err := a.Store.FindCreator(ctx, handle)
	if err != nil {
		return "", err
	}
	papers, err := a.Store.TaxPapers(ctx, creator.ID)
	if err != nil || len(papers) == 0 {
		return "No tax form of @" + escape(creator.Handle) + " is on file.", err
	}
	var lines []string
	for _, p := range papers {
		line := "• `" + p.ID + "` " + string(p.Kind) + ", " + p.Country + ", ends in " + cmp.Or(p.LastFour, "nothing")
		if p.RejectedBy != "" {
			line += ", rejected: " + escape(p.Why)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), nil
}

// recordForm notes that a vendor has a creator's form.
func (a *App) recordForm(ctx context.Context, c Command, by deeds.By) (string, error) {
	_, rest := firstWord(c.Text) // the verb
	whom, rest := firstWord(rest)
	form, rest := firstWord(rest)
	country, rest := firstWord(rest)
	last4, where := firstWord(rest)
	if where == "" {
		return "", partnership.FieldErrorf("record-form", "say whose, which, of which country, the last four of the tax id and where it is kept: /rapport record-form @handle W-9 US 4321 Track1099 77")
	}
	creator, err := a.Store.FindCreator(ctx, whom)
	if err != nil {
		return "", err
	}
	p := partnership.TaxPaper{CreatorID: creator.ID, Kind: partnership.PaperKind(form), Country: country, Number: last4, Reference: where}
	return "The " + escape(form) + " of @" + escape(creator.Handle) + " is noted.", deeds.RecordTaxPaper(ctx, a.Store, by, p)
}

// rejectForm says that a form is worth nothing; the creator reads why.
func (a *App) rejectForm(ctx context.Context, c Command, by deeds.By) (string, error) {
	_, rest := firstWord(c.Text) // the verb
	paper, why := firstWord(rest)
	if paper == "" || why == "" {
		return "", partnership.FieldErrorf("reject-form", "say which form and why: /rapport reject-form PAPER it is not signed; /rapport forms @handle names the papers")
	}
	return "It counts no longer: the creator's money waits, and they are asked for another.", deeds.RejectTaxPaper(ctx, a.Store, by, paper, why)
}
