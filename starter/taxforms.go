package main

import (
	"cmp"
	"io"
	"os"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type taxForms struct {
	Creator string `arg:"" optional:"" help:"Only this creator's."`
}

func (c taxForms) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	var of partnership.CreatorID
	if c.Creator != "" {
		creator, err := kept.FindCreator(a.ctx, c.Creator)
		if err != nil {
			return err
		}
		of = creator.ID
	}
	papers, err := kept.TaxPapers(a.ctx, of)
	if err != nil {
		return err
	}
	return a.show(orEmpty(papers), func(w io.Writer) {
		if len(papers) == 0 {
			line(w, "No tax form is on file.")
			return
		}
		var rows [][]string
		for _, p := range papers {
			rows = append(rows, []string{p.ID, "@" + p.Creator, string(p.Kind), p.Country, cmp.Or(p.LastFour, "none"), when(p.GivenAt), p.Stands()})
		}
		table(w, "paper creator form country last-four given standing", rows)
		line(w, "To read one: rapport tax open PAPER --reason WHY. To ask for another: rapport tax reject PAPER --reason WHY")
	})
}

type taxRecord struct {
	Creator   string `arg:"" help:"Whose form it is."`
	Form      string `required:"" help:"W-9, W-8BEN, W-8BEN-E or VAT."`
	Country   string `help:"Where they pay taxes, such as DE; US for a W-9."`
	Last4     string `name:"last4" help:"The last four of the tax id: no more of it is taken."`
	Reference string `required:"" help:"Where the form is kept, such as the vendor's name and number of it."`
}

func (c taxRecord) Run(a *app) error {
	by, err := a.may(partnership.DeedRecordTaxPaper)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	creator, err := kept.FindCreator(a.ctx, c.Creator)
	if err != nil {
		return err
	}
	p := partnership.TaxPaper{CreatorID: creator.ID, Kind: partnership.PaperKind(c.Form), Country: c.Country, Number: c.Last4, Reference: c.Reference}
	if err := deeds.RecordTaxPaper(a.ctx, kept, by, p); err != nil {
		return err
	}
	return a.show(map[string]string{"creator": creator.Handle, "form": c.Form}, func(w io.Writer) { line(w, "The %s of @%s is noted.", c.Form, creator.Handle) })
}

type taxOpen struct {
	Paper  string `arg:"" help:"As tax forms shows it."`
	Reason string `required:"" help:"What you need it for; the audit keeps it."`
	Out    string `placeholder:"FILE" help:"Write the form itself here, readable by you alone."`
}

// openedPaper is a paper whole. Personal data.
type openedPaper struct {
	Form    partnership.PaperKind `json:"form"`
	Name    string                `json:"name"`
	Country string                `json:"country"`
	Number  string                `json:"number"`
	Address string                `json:"address,omitempty"`
	File    string                `json:"file,omitempty"`
}

func (c taxOpen) Run(a *app) error {
	by, err := a.may(partnership.DeedOpenTaxPaper)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	p, err := deeds.OpenTaxPaper(a.ctx, kept, by, c.Paper, c.Reason)
	if err != nil {
		return err
	}
	if c.Out != "" && len(p.File) > 0 {
		if err := os.WriteFile(c.Out, p.File, 0o600); err != nil {
			return err
		}
	}
	shown := openedPaper{p.Kind, p.Name, p.Country, p.Number, p.Address, c.Out}
	return a.show(shown, func(w io.Writer) {
		line(w, "%s of %s, %s", p.Kind, p.Name, p.Country)
		line(w, "number %s", cmp.Or(p.Number, "none"))
		if p.Address != "" {
			line(w, "%s", p.Address)
		}
		if len(p.File) > 0 && c.Out == "" {
			line(w, "The form itself is a %s: --out FILE writes it.", p.FileType)
		}
	})
}

type taxReject struct {
	Paper  string `arg:"" help:"As tax forms shows it."`
	Reason string `required:"" help:"What is wrong with it. The creator reads it."`
}

func (c taxReject) Run(a *app) error {
	by, err := a.may(partnership.DeedRejectTaxPaper)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := deeds.RejectTaxPaper(a.ctx, kept, by, c.Paper, c.Reason); err != nil {
		return hint(err, "there is no such paper; `rapport tax forms` lists them")
	}
	return a.show(map[string]string{"paper": c.Paper, "decision": "rejected"}, func(w io.Writer) {
		line(w, "It counts no longer: the creator's money waits, and they are asked for another.")
	})
}
