package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/internal/intake"
	"github.com/rapport-dev/rapport/internal/launch"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

type creatorsCommands struct {
	Import importCommand `cmd:"" help:"Add the creators of a CSV file, and update those who are known by handle."`
	Export exportCommand `cmd:"" help:"Write all creators to a CSV file."`
	Show   showCreator   `cmd:"" help:"Show a creator and their partnerships."`
	Erase  eraseCommand  `cmd:"" help:"Erase a creator's personal data; the pseudonymous ledger stays."`
}

type importCommand struct {
	File string `arg:"" placeholder:"FILE.csv" help:"A creators.csv."`
}

func (c importCommand) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return &launch.Faulty{Faults: []intake.Fault{{File: c.File, Line: 1, Message: "cannot be read"}}}
	}
	creators, faults := intake.ParseCreators(c.File, bytes.NewReader(text))
	if len(faults) > 0 {
		return &launch.Faulty{Faults: faults}
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	ids, err := kept.ImportCreators(a.ctx, creators)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	file := hex.EncodeToString(sum[:8])
	deed := p.Deed{Who: access.Shell(), Deed: p.DeedImportCreators, Subject: "import/" + file, Details: map[string]any{"creators": len(ids)}}
	if err := kept.Record(a.ctx, deed); err != nil {
		return err
	}
	return a.show(map[string]int{"imported": len(ids)}, func(w io.Writer) { line(w, "Imported %d creators.", len(ids)) })
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
func writeCreators(creators []p.Creator) ([]byte, error) {
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
	Handle string `arg:"" help:"With or without @."`
}

func (c showCreator) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	creator, err := kept.FindCreator(a.ctx, c.Handle)
	if err != nil {
		return hint(err, "no creator has that handle; `rapport creators export -` lists all")
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
		ID           p.CreatorID               `json:"id"`
		Handle       string                    `json:"handle"`
		Name         string                    `json:"name"`
		Email        string                    `json:"email"`
		Platform     string                    `json:"platform"`
		Followers    int                       `json:"followers"`
		Engagement   float64                   `json:"engagement_rate"`
		Tier         p.Tier                    `json:"tier"`
		Niche        string                    `json:"niche"`
		Reliability  store.ReliabilityDocument `json:"reliability"`
		Partnerships []p.PartnershipID         `json:"partnerships"`
	}{
		creator.ID, creator.Handle, creator.Name, creator.Email, creator.Platform, creator.Followers, creator.EngagementRate,
		p.TierOf(creator.Followers), creator.Niche, reliability, orEmpty(ids),
	}
	return a.show(document, func(w io.Writer) {
		line(w, "@%s  %s <%s>", creator.Handle, creator.Name, creator.Email)
		line(w, "%s, %d followers (%s), %.1f %% engagement, %s", creator.Platform, creator.Followers, document.Tier, creator.EngagementRate, creator.Niche)
		writeReliability(w, reliability)
		for _, id := range ids {
			line(w, "  rapport partnership show %s", id)
		}
		if len(ids) == 0 {
			line(w, "No partnership yet.")
		}
	})
}

func writeReliability(w io.Writer, d store.ReliabilityDocument) {
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

type eraseCommand struct {
	Handle string `arg:"" help:"With or without @."`
	Yes    bool   `help:"Do not ask: it cannot be undone."`
}

func (c eraseCommand) Run(a *app) error {
	if !c.Yes {
		return p.FieldErrorf("yes", "erasing cannot be undone; run it again with --yes")
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	creator, err := kept.FindCreator(a.ctx, c.Handle)
	if err != nil {
		return hint(err, "no creator has that handle; it may have been erased before")
	}
	if err := a.endPartnerships(creator.ID); err != nil {
		return err
	}
	id, err := kept.EraseCreator(a.ctx, c.Handle, access.Shell())
	if err != nil {
		return err
	}
	return a.show(map[string]any{"id": id, "erased": true}, func(w io.Writer) {
		line(w, "Erased. The ledger keeps the id %s and no person behind it.", id)
	})
}

// hint replaces "not found" by what to do about it.
func hint(err error, what string) error {
	if p.CodeOf(err) == p.NotFound {
		return p.Errorf(p.NotFound, "%s", what)
	}
	return err
}
