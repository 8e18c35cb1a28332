package slackapp

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// command is a word after /rapport.
type command struct {
	word  string
	takes string // as help shows it
	does  string
	do    func(a *App, ctx context.Context, c ask) (answer, error)
}

// group is what belongs together in help.
type group struct {
	title    string
	commands []command
}

// ask is a command as somebody gave it: by typing, or by a button that carries it.
type ask struct {
	Command
	verb string
	rest string // what follows the verb, as it was typed
	by   deeds.By
	to   place
}

// groups are all commands, as help lists them.
func groups() []group {
	return []group{
		{"Look", []command{
			{"status", "[campaign]", "where everything stands", (*App).status},
			{"decisions", "[campaign]", "what waits for somebody, and what happens if nobody answers", (*App).decisions},
			{"catch", "up", "what changed since you looked", (*App).catchUp},
			{"find", "@handle", "a creator's partnerships, with what can be done about each; `creator` is the same", (*App).find},
			{"calendar", "[campaign]", "what is due next", (*App).calendar},
			{"results", "[campaign]", "posts, clicks, orders and sales", (*App).results},
			{"payouts", "[november]", "the monthly runs, and what waits", (*App).payouts},
		}},
		{"A campaign", []command{
			{"launch", "", "start one from a form, a template or its two files; you see whom, what it costs and how it would go before anything is sent", (*App).openLaunch},
			{"amend", "[campaign]", "change a running one; shows first whom it reaches", (*App).amend},
			{"invite", "@handle to [campaign]", "invite somebody out of turn; shows first what it would do. Without a name: who stands by", (*App).invite},
			{"veto", "@handle from [campaign]", "leave somebody out who was not invited yet; with `back` put them in line again", (*App).veto},
			{"pause", "[campaign]", "stop its mails for a while; asks why", (*App).stop},
			{"resume", "[campaign]", "let it go on", (*App).stop},
			{"cancel", "[campaign]", "end it for good; asks why", (*App).stop},
		}},
		{"One creator", []command{
			{"message", "@handle", "write to them, in the thread of their mails", (*App).openMessage},
			{"note", "@handle text", "you spoke elsewhere: keep it, and stop the reminders", (*App).note},
			{"extend", "@handle 3 days", "give more time for the draft or post that is open", (*App).extend},
			{"replace", "@handle why", "end it, and give the place to the next in line", (*App).stop},
		}},
		{"Money (finance)", []command{
			{"differences", "", "transfers that the books do not explain", (*App).differences},
			{"hold", "ROW why", "stop an earning", (*App).decideRow},
			{"release", "ROW why", "let a held earning go on", (*App).decideRow},
			{"reject", "ROW why", "reject a held earning for good", (*App).decideRow},
			{"run", "program november", "start a month's payout run", (*App).startRun},
			{"reread", "2026-11-01", "ask the shop again for its orders since that day", (*App).reread},
			{"writeoff", "@handle program all|12.50 why", "ask that what they owe be forgiven", (*App).askWriteOff},
			{"forms", "@handle", "tax forms on file", (*App).forms},
			{"record-form", "@handle W-9 US 4321 where", "a form that a vendor has", (*App).recordForm},
			{"reject-form", "PAPER why", "a form that is worth nothing", (*App).rejectForm},
			{"1099", "2026", "what was paid in a year", (*App).report1099},
		}},
		{"", []command{{"help", "", "this list", (*App).help}}},
	}
}

// words are all that follows /rapport.
func words() (all []string) {
	for _, g := range groups() {
		for _, c := range g.commands {
			all = append(all, c.word)
		}
	}
	return all
}

// sameAs are words for which there is another.
var sameAs = map[string]string{"creator": "find", "end": "cancel", "?": "help"}

func commandOf(word string) (command, bool) {
	for _, g := range groups() {
		if at := slices.IndexFunc(g.commands, func(c command) bool { return c.word == word }); at >= 0 {
			return g.commands[at], true
		}
	}
	return command{}, false
}

const helpTitle = "What Rapport understands"

func (a *App) help(context.Context, ask) (answer, error) { return helpWith(""), nil }

// helpWith lists all commands below a first line.
func helpWith(first string) answer {
	var all []string
	w := answer{}
	if first != "" {
		all, w.blocks = append(all, first), append(w.blocks, marked(first))
	}
	all = append(all, "*"+helpTitle+"*")
	for _, g := range groups() {
		var lines []string
		if g.title != "" {
			lines = append(lines, "*"+g.title+"*")
		}
		for _, c := range g.commands {
			lines = append(lines, "• `"+strings.TrimSpace("/rapport "+c.word+" "+c.takes)+"` – "+c.does)
		}
		all = append(all, lines...)
		w.blocks = append(w.blocks, marked(strings.Join(lines, "\n")))
	}
	end := "`pause`, `resume` and `cancel` take an @handle too, for one partnership alone. Campaigns and creators go by name, handle, mail address, profile link, id or the beginning of it. Decisions come as cards with buttons."
	w.text, w.blocks = strings.Join(append(all, end), "\n"), append(w.blocks, small(end))
	return w
}

// unknown answers a word that is no command with the one that was probably meant, and with all of them.
func unknown(verb string) answer {
	first := "`/rapport " + escape(verb) + "` is no command."
	if meant := partnership.Nearest(verb, words()); meant != "" {
		first += " Did you mean `/rapport " + meant + "`?"
	}
	return helpWith(first)
}

var oneMoment = said("One moment…")

// command answers /rapport: with the acknowledgement where that is quick, else at Slack's address for answers.
func (a *App) command(ctx context.Context, w http.ResponseWriter, q request) {
	c, err := ParseCommand(q.body)
	if errors.Is(err, ErrCertificateCheck) {
		return
	}
	if err != nil {
		http.Error(w, "not a slash command", http.StatusBadRequest)
		return
	}
	quick, acked := make(chan answer), make(chan struct{})
	a.later(ctx, func(ctx context.Context) {
		first, err := a.first(ctx, q)
		found, to := spoken(nobodyKnows), place{User: c.UserID, address: c.ResponseURL}
		switch {
		case first:
			to = a.at(ctx, c.UserID, c.ResponseURL)
			found = a.run(ctx, c, to)
		case err == nil:
			found = answer{} // a repetition
		}
		select {
		case quick <- found:
		case <-acked:
			if err := a.say(ctx, to, found, atTheEnd, true); err != nil {
				a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
			}
		}
		if first {
			a.meet(ctx, c.UserID)
		}
	})
	wait := time.NewTimer(a.soon())
	defer wait.Stop()
	select {
	case found := <-quick:
		if !found.none() {
			reply(w, found.message(false))
		}
	case <-wait.C:
		reply(w, oneMoment.message(false))
		_ = http.NewResponseController(w).Flush() // before its answer: Slack shows that below it
		close(acked)
	}
}

// run does a command and returns what to say, nothing when a form says it.
func (a *App) run(ctx context.Context, c Command, to place) answer {
	verb, rest := firstWord(c.Text)
	verb = strings.ToLower(verb)
	if same, ok := sameAs[verb]; ok {
		verb = same
	}
	if verb == "" {
		verb = "help"
	}
	known, ok := commandOf(verb)
	if !ok {
		return unknown(verb)
	}
	var by deeds.By
	if verb != "help" {
		who, role, may := a.may(ctx, c.UserID, verb)
		if by = who; !may {
			return said("`" + escape(verb) + "` takes the role “" + string(role) + "”. An administrator gives it in RAPPORT_ROLES.")
		}
	}
	found, err := known.do(a, ctx, ask{Command: c, verb: verb, rest: rest, by: by, to: to})
	if err == nil {
		return found
	}
	if which, several := whichOne(verb, rest, err); several {
		return which
	}
	return spoken(a.explain(ctx, verb, err))
}

// The buttons that carry a command, as if it were typed; menus carry one of several.
const (
	actCommand = "command"
	actMenu    = "command:menu"
)

// carries is a button that gives a command.
func carries(label, text string, at int) *slackapi.ButtonBlockElement {
	return slackapi.NewButtonBlockElement(actCommand+":"+strconv.Itoa(at), text, plain(cut(label, maxButton)))
}

// carried gives the command that a button carries; false for a button that carries none.
func (a *App) carried(ctx context.Context, in slackapi.InteractionCallback, action *slackapi.BlockAction) bool {
	if verb, _, _ := strings.Cut(action.ActionID, ":"); verb != actCommand {
		return false
	}
	text := action.Value
	if action.ActionID == actMenu {
		text = action.SelectedOption.Value
	}
	c := Command{UserID: in.User.ID, UserName: in.User.Name, ChannelID: in.Channel.ID, Command: "/rapport", Text: text, TriggerID: in.TriggerID, ResponseURL: in.ResponseURL}
	to := a.at(ctx, c.UserID, c.ResponseURL)
	found := a.run(ctx, c, to)
	a.later(ctx, func(ctx context.Context) {
		if found.none() {
			return
		}
		if err := a.say(ctx, to, found, atTheEnd, action.ActionID != actMenu); err != nil {
			a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
		}
	})
	return true
}

// firstWord cuts the first word off, or what stands in quotation marks or is a token of Slack's; the rest keeps its lines.
func firstWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	for open, closing := range map[string]string{"<": ">", `"`: `"`, "“": "”", "„": "“", "«": "»", "‘": "’"} {
		if inner, found := strings.CutPrefix(s, open); found {
			if end := strings.Index(inner, closing); end >= 0 {
				end += len(open) + len(closing)
				return s[:end], strings.TrimSpace(s[end:])
			}
		}
	}
	end := strings.IndexFunc(s, isSpace)
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimSpace(s[end:])
}
