// Package launch brings a campaign's two files to a running campaign. The command line, Slack and the API launch through it,
// so that all three check the same and say the same.
package launch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/workflows"
)

// The names of the two files in faults, where people gave them no names.
const (
	CampaignFile = "campaign.yaml"
	CreatorsFile = "creators.csv"
)

// Files are a campaign.yaml and a creators.csv with the names that faults show, "" for those above.
type Files struct {
	CampaignName string
	Campaign     []byte
	CreatorsName string
	Creators     []byte
}

func (f Files) named() Files {
	f.CampaignName, f.CreatorsName = cmp.Or(f.CampaignName, CampaignFile), cmp.Or(f.CreatorsName, CreatorsFile)
	return f
}

// Request is a launch that somebody asks for.
type Request struct {
	Files
	By        deeds.By
	Round     int      // 2 and later invite again with the same files; the first when 0
	CheckOnly bool     // find what would keep the files from being launched, and change nothing
	Confirm   string   // the hash of changes to people with open work that were shown; only these are made
	Reason    string   // why somebody who was erased comes back
	Without   []string // whom of the file not to invite, as CreatorKey names them
	Played    func()   // is called as each rehearsal of a look ends, by several at once; nil for nobody who waits
}

// Draft is what the files say. With Faults nothing of it may be used.
type Draft struct {
	Campaign partnership.Campaign
	Creators []partnership.Creator
	Vetoed   []partnership.Creator // whom somebody left out
	Passing  int                   // creators that the selection may invite
	Faults   []intake.Fault
	Warnings []intake.Warning
}

// Read parses and checks both files. day is how long a campaign day lasts (RAPPORT_DAY), known who ships and pays.
func Read(files Files, now time.Time, day time.Duration, known intake.Vendors) Draft {
	var d Draft
	files = files.named()
	d.Campaign, d.Faults, d.Warnings = intake.ParseCampaign(files.CampaignName, files.Campaign, now, day, known)
	creators, faults, doubts := intake.ParseCreators(files.CreatorsName, bytes.NewReader(files.Creators))
	d.Creators, d.Faults = creators, append(append(d.Faults, faults...), intake.Twice(doubts)...)
	d.Warnings = append(append(d.Warnings, doubts...), unwritable(files.CreatorsName, creators, known.Fonts)...)
	if len(d.Faults) > 0 {
		return d
	}
	for _, c := range d.Creators {
		if roster.Passes(roster.Vet(c, d.Campaign.Selection)) {
			d.Passing++
		}
	}
	if err := roster.Fits(roster.Entries(likeAnID, roster.Rank(d.Creators, d.Campaign.Selection))); err != nil {
		d.Faults = append(d.Faults, intake.Fault{File: files.CreatorsName, Line: 1, Message: err.Error()})
	}
	switch want := d.Campaign.Selection.Target; {
	case d.Passing == 0:
		d.Faults = append(d.Faults, intake.Fault{
			File: files.CreatorsName, Line: 1,
			Message: "none of the creators passes the campaign's selection (tiers, niches, min_engagement); widen it or add others",
		})
	case d.Passing < want:
		d.Warnings = append(d.Warnings, intake.Warning{
			File: files.CreatorsName, Line: 1,
			Message: fmt.Sprintf("%d creators pass the campaign's selection; selection.target wants %d", d.Passing, want),
		})
	}
	return d
}

// unwritable tells of names that a contract cannot hold. Who has one is invited all the same: there is time to ask how they write it.
func unwritable(file string, creators []partnership.Creator, fonts *paper.Fonts) (doubts []intake.Warning) {
	for _, c := range creators {
		if strange := fonts.Undrawable(c.Name); len(strange) > 0 {
			doubts = append(doubts, intake.Warning{File: file, Line: 1, Field: "name", Message: fmt.Sprintf(
				"that of %s holds %s, which no font here has: once they accept, no contract can be sent until the name is another or a font has it (RAPPORT_FONTS)", c.Handle, paper.Named(strange))})
		}
	}
	return doubts
}

// likeAnID is as long as the id that a campaign gets when it is launched: what a roster takes is known before.
const likeAnID = "019ae2f0-0000-7000-8000-000000000000"

// Fault is something wrong in one of the files.
type Fault = intake.Fault

// Faulty is wrong input: one line for each fault, and nothing was changed.
type Faulty struct{ Faults []Fault }

func (f *Faulty) Error() string {
	lines := make([]string, len(f.Faults))
	for i, fault := range f.Faults {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// Store keeps launched campaigns.
type Store interface {
	// LeftOut says whom of the creators nobody may invite, and why.
	LeftOut(ctx context.Context, creators []partnership.Creator) ([]partnership.LeftOut, error)
	// CreateCampaign refuses with *partnership.UnconfirmedError what AskFirst does too: changes of people with open work. ImportCreators makes
	// them once somebody has confirmed.
	CreateCampaign(ctx context.Context, c partnership.Campaign, creators []partnership.Creator, launchHash string) (id partnership.CampaignID, created bool, err error)
	AskFirst(ctx context.Context, creators []partnership.Creator) error
	ImportCreators(ctx context.Context, creators []partnership.Creator, consent partnership.Consent) (partnership.Imported, error)
	Record(ctx context.Context, d partnership.Deed) error
}

// Workflows starts what a campaign needs. Both may be repeated.
type Workflows interface {
	// StartCampaign says whether it was started now. It is an error that it was started before and is no more.
	StartCampaign(ctx context.Context, id partnership.CampaignID, program string) (started bool, err error)
	EnsurePayoutSchedule(ctx context.Context, program, zone string) error
}

// Launcher launches campaigns.
type Launcher struct {
	Store     Store
	Workflows Workflows
	Day       time.Duration
	Now       func() time.Time
	Known     intake.Vendors
	// Off says in words what keeps a port's vendor of that name, or its first for "", from doing its work; "" when it is on.
	Off    func(port partnership.Port, name string) string
	Serves Serves
	Past   func(ctx context.Context) (*rehearsal.History, error) // how people behaved before; nil where nobody knows

	rehearsing sync.Mutex // one at a time: each takes what processors there are
}

// Launched is a campaign that runs; of one that was only checked there is no ID.
type Launched struct {
	ID       partnership.CampaignID
	Created  bool // false: the same files were launched before, and that campaign was found, started
	Campaign partnership.Campaign
	Creators int
	Warnings []intake.Warning
}

// Func is Launch, for the doors.
type Func func(ctx context.Context, r Request) (Launched, error)

// Launch checks the files and starts the campaign. The same files and round again find the same campaign; round 2 and later
// invite again. The error is *Faulty for wrong files, all of their faults at once, *partnership.UnconfirmedError for what has to be confirmed and
// *partnership.Error for what else is in the way; then nothing was changed.
func (l *Launcher) Launch(ctx context.Context, r Request) (Launched, error) {
	d, err := l.prepare(r)
	if err != nil {
		return Launched{}, err
	}
	unpaid, doubt := l.unreached(ctx, d)
	done := Launched{Campaign: d.Campaign, Creators: len(d.Creators), Warnings: append(d.Warnings, unreachedInWords(r.named().CreatorsName, unpaid, len(d.Creators), doubt)...)}
	if r.CheckOnly {
		return done, l.Store.AskFirst(ctx, d.Creators)
	}
	if r.Confirm != "" {
		consent := partnership.Consent{Hash: r.Confirm, By: r.By.Who, Reason: r.Reason}
		if _, err := l.Store.ImportCreators(ctx, d.Creators, consent); err != nil {
			return Launched{}, err
		}
	}
	done.ID, _, err = l.Store.CreateCampaign(ctx, d.Campaign, d.Creators, digest(r.Files, d.Campaign.Round))
	if err != nil {
		return Launched{}, err
	}
	done.Campaign.ID = done.ID
	left, err := l.Store.LeftOut(ctx, d.Creators)
	if err != nil {
		return Launched{}, err
	}
	if len(left) > 0 {
		done.Warnings = append(done.Warnings, intake.Warning{File: r.named().CreatorsName, Line: 1, Message: leftOutInWords(left, len(d.Creators))})
	}
	if err := l.start(ctx, &done, r.By); err != nil {
		return Launched{}, err
	}
	return done, nil
}

// start starts the campaign whether or not it was created now: an earlier launch may have died between the two. Of launches at once,
// the one that starts it has launched it: another may have created the row.
func (l *Launcher) start(ctx context.Context, done *Launched, by deeds.By) (err error) {
	if done.Created, err = l.Workflows.StartCampaign(ctx, done.ID, done.Campaign.Program); err != nil {
		return err
	}
	if err := l.Workflows.EnsurePayoutSchedule(ctx, done.Campaign.Program, done.Campaign.Timezone); err != nil {
		return err
	}
	// The same files again are the same launch, by whatever door: one line, also when an earlier one died before it.
	deed := partnership.Deed{ID: "launch/" + string(done.ID), Who: by.Who, Deed: partnership.DeedLaunch, Subject: workflows.CampaignWorkflowID(done.ID), Details: map[string]any{"creators": done.Creators}}
	return l.Store.Record(ctx, deed)
}

// prepare is what a launch and its preview have in common: who may, what the files say, and which vendors they need.
func (l *Launcher) prepare(r Request) (Draft, error) {
	if err := r.By.May(partnership.DeedLaunch); err != nil {
		return Draft{}, err
	}
	d := Read(r.Files, l.Now(), l.Day, l.Known)
	if len(d.Faults) > 0 {
		return d, &Faulty{d.Faults}
	}
	d.Campaign.Round = max(r.Round, 1)
	if err := d.leaveOut(r.Without); err != nil {
		return d, err
	}
	return d, l.vendorsOn(d.Campaign)
}

// CreatorKey names a creator of a file: a handle is somebody on a platform.
func CreatorKey(c partnership.Creator) string { return c.Platform + ":" + c.Handle }

// leaveOut takes those out whom somebody does not want. They are on no list of the campaign, so that no standby's place brings them back.
func (d *Draft) leaveOut(without []string) error {
	d.Creators = slices.DeleteFunc(d.Creators, func(c partnership.Creator) bool {
		out := slices.Contains(without, CreatorKey(c))
		if out {
			d.Vetoed = append(d.Vetoed, c)
		}
		return out
	})
	if len(d.Creators) == 0 {
		return partnership.FieldErrorf("without", "that leaves nobody: of %d creators at least one has to stay", len(d.Vetoed))
	}
	return nil
}

// causes are why a creator is left out, in words.
var causes = map[partnership.SuppressionCause]string{partnership.ByPerson: "said no", partnership.ByAddress: "the address does not exist", partnership.ByErasure: "erased"}

// namedLeftOut is how many of those who are left out a warning names.
const namedLeftOut = 20

func leftOutInWords(left []partnership.LeftOut, all int) string {
	var names []string
	for _, l := range left[:min(len(left), namedLeftOut)] {
		names = append(names, "@"+l.Handle+" ("+causes[l.Cause]+")")
	}
	if more := len(left) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%d of %d creators are left out, because nobody may write to them: %s; rapport suppressions list says more", len(left), all, strings.Join(names, ", "))
}

// vendorsOn refuses a campaign that would get stuck at a vendor without settings.
func (l *Launcher) vendorsOn(c partnership.Campaign) error {
	var off []string
	for _, n := range needs(c) {
		if words := l.Off(n.port, n.name); words != "" {
			off = append(off, words)
		}
	}
	if len(off) > 0 {
		return partnership.Errorf(partnership.Missing, "this campaign needs vendors that are not set up: %s", strings.Join(off, "; "))
	}
	return nil
}

type need struct {
	port partnership.Port
	name string // "" the one that there is
}

// needs are the vendors without which a campaign cannot reach its end.
func needs(c partnership.Campaign) []need {
	all := []need{{port: partnership.ChatPort}, {port: partnership.MailPort}, {port: partnership.SigningPort}, {port: partnership.ShopPort}}
	for _, rail := range c.Payout.Rails() {
		all = append(all, need{partnership.RailPort, rail})
	}
	if c.Offer.Gift != nil {
		all = append(all, need{partnership.CarrierPort, c.Offer.Gift.Carrier})
	}
	return all
}

// digest is what makes two launches the same: both files and the round. How a program ends its lines, and the mark that some put before a
// text, are no part of what the files say.
func digest(files Files, round int) string {
	campaign := plainText(files.Campaign)
	h := sha256.New()
	fmt.Fprintf(h, "rapport launch 1\nround %d\ncampaign %d\n", round, len(campaign))
	h.Write(campaign)
	h.Write(plainText(files.Creators))
	return hex.EncodeToString(h.Sum(nil))
}

// plainText is a text without a byte order mark and with lines that end in one character. A workbook is no text, and stays as it is.
func plainText(b []byte) []byte {
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return b
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}
