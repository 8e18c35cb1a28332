package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

type creatorsCommands struct {
	Import importCommand `cmd:"" help:"Add the creators of a CSV file, and update those who are known by platform and handle."`
	Export exportCommand `cmd:"" help:"Write all creators to a CSV file."`
	Show   showCreator   `cmd:"" help:"Show a creator and their partnerships."`
	Erase  eraseCommand  `cmd:"" help:"Erase a creator's personal data; the pseudonymous ledger stays. Says beforehand what is open and owed."`
}

type exportCommand struct {
	File string `arg:"" placeholder:"FILE.csv" help:"Where to write; - is stdout."`
}

// columns are those of a creators.csv, in its order.
var columns = []string{
	"handle", "name", "email", "platform", "followers", "engagement_rate", "niche",
	"country", "language", "timezone", "source", "audience_match", "past_customer", "notes",
}

func (c exportCommand) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	creators, err := kept.Creators(a.ctx)
	if err != nil {
		return err
	}
	text, err := writeCreators(creators)
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
	return a.show(map[string]int{"exported": len(creators)}, func(w io.Writer) { line(w, "Exported %d creators to %s.", len(creators), c.File) })
}

// writeCreators writes a file that import reads again, further columns included.
func writeCreators(creators []partnership.Creator) ([]byte, error) {
	further := map[string]bool{}
	for _, c := range creators {
		for name := range c.Extra {
			further[name] = true
		}
	}
	names := slices.Clone(columns)
	for name := range further {
		names = append(names, name)
	}
	slices.Sort(names[len(columns):])
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(harmless(names)); err != nil {
		return nil, err
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	for _, c := range creators {
		row := []string{
			c.Handle, c.Name, c.Email, c.Platform, strconv.Itoa(c.Followers), number(c.EngagementRate), c.Niche,
			c.Country, c.Language, c.Timezone, c.Source, number(c.AudienceMatch), strconv.FormatBool(c.PastCustomer), c.Notes,
		}
		for _, name := range names[len(columns):] {
			row = append(row, c.Extra[name])
		}
		if err := w.Write(harmless(row)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// harmless is a row that no spreadsheet runs.
func harmless(row []string) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		out[i] = intake.Harmless(cell)
	}
	return out
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
