package main

import (
	"io"
	"os"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

type creatorsCommands struct {
	Template templateCommand `cmd:"" help:"Write a list to be filled in, as CSV or as a workbook."`
	Import   importCommand   `cmd:"" help:"Add the creators of a list (CSV of any kind, or .xlsx), and update those who are known by platform and handle."`
	Export   exportCommand   `cmd:"" help:"Write all creators to a CSV file or a workbook."`
	Show     showCreator     `cmd:"" help:"Show a creator and their partnerships."`
	Erase    eraseCommand    `cmd:"" help:"Erase a creator's personal data; the pseudonymous ledger stays. Says beforehand what is open and owed."`
}

type exportCommand struct {
	File string `arg:"" placeholder:"FILE" help:"Where to write, as CSV or, where the name ends in .xlsx, as a workbook; - is stdout."`
}

func (c exportCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedExportCreators)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	all, err := creators.Export(a.ctx, kept, by)
	if err != nil {
		return err
	}
	text, err := intake.WriteCreators(c.File, all)
	if err != nil {
		return err
	}
	if c.File == "-" {
		_, err := a.out.Write(text)
		return err
	}
	if err := os.WriteFile(c.File, text, 0o600); err != nil { // people's addresses: for the owner alone
		return err
	}
	return a.show(map[string]int{"exported": len(all)}, func(w io.Writer) { line(w, "Exported %d creators to %s.", len(all), c.File) })
}

type templateCommand struct {
	File string `arg:"" optional:"" default:"-" placeholder:"FILE" help:"Where to write, as CSV or, where the name ends in .xlsx, as a workbook; - is stdout."`
}

func (templateCommand) Help() string {
	return `A list without creators, to be filled in. The headings of a workbook say what each column takes.

  rapport creators template creators.xlsx`
}

func (c templateCommand) Run(a *app) error {
	file, err := intake.Template(c.File)
	if err != nil {
		return err
	}
	if c.File == "-" {
		_, err := a.out.Write(file)
		return err
	}
	if err := os.WriteFile(c.File, file, 0o600); err != nil {
		return err
	}
	return a.show(map[string]string{"written": c.File}, func(w io.Writer) { line(w, "Wrote %s: fill it in, then rapport creators import %s.", c.File, c.File) })
}

type showCreator struct {
	whoever
}

// whoever is the creator whom a command is about.
type whoever struct {
	Handle   string `arg:"" help:"With or without @, as instagram:name, or a link to the profile."`
	Platform string `placeholder:"NAME" help:"Of which platform, where several have that handle."`
}

// ref is the handle with its platform, as the store finds people.
func (w whoever) ref() string {
	if w.Platform == "" {
		return w.Handle
	}
	return w.Platform + ":" + w.Handle
}

func (c showCreator) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	creator, err := kept.FindCreator(a.ctx, c.ref())
	if err != nil {
		return err
	}
	ids, err := kept.PartnershipsOf(a.ctx, creator.ID)
	if err != nil {
		return err
	}
	reliability, err := kept.Reliability(a.ctx, creator.ID)
	if err != nil {
		return err
	}
	document := struct {
		ID           partnership.CreatorID       `json:"id"`
		Handle       string                      `json:"handle"`
		Name         string                      `json:"name"`
		Email        string                      `json:"email"`
		Platform     string                      `json:"platform"`
		Followers    int                         `json:"followers"`
		Engagement   float64                     `json:"engagement_rate"`
		Tier         partnership.Tier            `json:"tier"`
		Niche        string                      `json:"niche"`
		Reliability  board.Reliability           `json:"reliability"`
		Partnerships []partnership.PartnershipID `json:"partnerships"`
	}{
		creator.ID, creator.Handle, creator.Name, creator.Email, creator.Platform, creator.Followers, creator.EngagementRate,
		partnership.TierOf(creator.Followers), creator.Niche, reliability, orEmpty(ids),
	}
	return a.show(document, func(w io.Writer) {
		line(w, "@%s on %s  %s <%s>", creator.Handle, creator.Platform, creator.Name, creator.Email)
		line(w, "%d followers (%s), %.1f %% engagement, %s", creator.Followers, document.Tier, creator.EngagementRate, creator.Niche)
		writeReliability(w, reliability)
		for _, id := range ids {
			line(w, "  rapport partnership show %s", id)
		}
		if len(ids) == 0 {
			line(w, "No partnership yet.")
		}
	})
}

func writeReliability(w io.Writer, d board.Reliability) {
	if d.Score == nil {
		line(w, "Reliability is not known yet.")
	} else {
		line(w, "Reliability %.0f %%", 100**d.Score)
	}
	for _, part := range d.Parts {
		line(w, "  %-9s %3.0f %%  %s", part.Name, 100*part.Value, part.Words)
	}
	if d.Record.OthersDays != 0 {
		line(w, "  (%.1f days were lost by brands and carriers and do not count.)", d.Record.OthersDays)
	}
}

// hint replaces "not found" by what to do about it.
func hint(err error, what string) error {
	if partnership.CodeOf(err) == partnership.NotFound {
		return partnership.Errorf(partnership.NotFound, "%s", what)
	}
	return err
}
