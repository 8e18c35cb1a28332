// Package access says who may do what: people by their Slack user, programs by their API token.
package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Person is what somebody may do, under every name that is known of them.
type Person struct {
	Roles []deeds.Role
	names []string // as they stand in the audit, such as slack:U012AB, cli:ada, api:ada, console:U012AB
	mail  string   // where a link to sign in is sent, "" where they have none
	chat  bool     // their Slack user id is known: an address says nothing more there
}

// People maps a name (a Slack user id, an e-mail address in lower case, cli:<user>, api:<token's name> or console:<name>) to a person.
type People map[string]Person

// ParsePeople reads RAPPORT_ROLES: a line for each person, "U012AB: manager" or "ada@acme.example: manager, finance". Somebody
// who also acts from a shell or with a token has all names on one line: "U012AB, ada@acme.example, cli:ada, api:ada: finance". An
// address signs in on the console, and is known in Slack where the line has no user id. "#" begins a comment.
func ParsePeople(text string) (People, error) {
	people := People{}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at := strings.LastIndex(line, ":")
		if at < 1 {
			return nil, fmt.Errorf("line %d: write it as \"who: role\"", i+1)
		}
		roles, err := parseRoles(line[at+1:])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if err := people.add(strings.Split(line[:at], ","), roles); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return people, nil
}

func (p People) add(names []string, roles []deeds.Role) error {
	person := Person{Roles: roles}
	for i, name := range names {
		name = strings.Trim(name, ` "'`)
		names[i] = key(name)
		switch {
		case names[i] == "":
			return errors.New("write it as \"who: role\" or \"who, who: role\"")
		case isMail(names[i]) && person.mail != "":
			return fmt.Errorf("%q: one address is enough: it is where a link to sign in goes", name)
		case p.has(names[i]):
			return fmt.Errorf("%q stands in two lines: all names and roles of one person belong on one", name)
		}
		person.named(names[i])
	}
	for _, name := range append(names, person.onConsole()...) {
		p[name] = person
	}
	return nil
}

// named adds a name as it stands in the file, and the one that it has on the console.
func (p *Person) named(name string) {
	switch {
	case isMail(name):
		p.mail = name
		p.names = append(p.names, onConsole+standIn(name))
	case strings.Contains(name, ":"):
		p.names = append(p.names, name)
	default:
		p.chat = true
		p.names = append(p.names, inSlack+name, onConsole+name)
	}
}

// onConsole are the names under which they act on the console.
func (p *Person) onConsole() []string {
	return slices.DeleteFunc(slices.Clone(p.names), func(name string) bool { return !strings.HasPrefix(name, onConsole) })
}

func (p People) has(name string) bool {
	_, ok := p[name]
	return ok
}

// Of returns the roles of a name, nil for strangers.
func (p People) Of(who string) []deeds.Role { return p[key(who)].Roles }

// Also are the other names by the file of whoever stands in the audit as by: one person's approvals are one, whatever door they came through.
func (p People) Also(by string) []string {
	return slices.DeleteFunc(slices.Clone(p[key(by)].names), func(name string) bool { return name == by })
}

// Shell is who acts from this shell, as it stands in approvals and the audit: the user that the operating system runs this process
// as. It proves no more than that: whoever may become that user is that user. What stands in USER changes nothing.
func Shell() string {
	uid := strconv.Itoa(os.Getuid())
	if u, err := user.LookupId(uid); err == nil && u.Username != "" {
		return "cli:" + u.Username
	}
	return "cli:uid-" + uid
}

const inSlack, onConsole = "slack:", "console:"

// standIn is an address's name in the audit, where no address stands: readable, and the same for good.
func standIn(mail string) string {
	first := strings.IndexFunc(mail, func(r rune) bool { return r < '0' || r > '9' && r < 'a' || r > 'z' })
	sum := sha256.Sum256([]byte(mail))
	return mail[:min(first, maxStandIn)] + "-" + hex.EncodeToString(sum[:4])
}

const maxStandIn = 20

// key makes addresses comparable; Slack's ids stay as they are.
func key(who string) string {
	if isMail(who) {
		return strings.ToLower(who)
	}
	return strings.TrimPrefix(who, inSlack)
}

// isMail tells an address from a shell's user with a domain.
func isMail(name string) bool { return strings.Contains(name, "@") && !strings.Contains(name, ":") }

func parseRoles(text string) ([]deeds.Role, error) {
	var roles []deeds.Role
	for _, word := range strings.Split(strings.Trim(strings.TrimSpace(text), "[]"), ",") {
		role := deeds.Role(strings.Trim(word, ` "'`))
		if role != deeds.Viewer && role != deeds.Manager && role != deeds.Finance {
			return nil, fmt.Errorf("role %q: must be viewer, manager or finance", role)
		}
		roles = append(roles, role)
	}
	return roles, nil
}

// Caller is a program, an agent or a person behind a token.
type Caller struct {
	Name   string // of the token; it stands in the audit
	Roles  []deeds.Role
	Scopes []string // empty: all that the roles may
	Agent  bool
	Person string // who it acts for, "" nobody in particular
}

// Who is a caller as it stands in the audit.
func (c Caller) Who() string {
	return partnership.Token{Name: c.Name, Agent: c.Agent, Person: c.Person}.Who()
}

// By is a caller as deeds take them.
func (c Caller) By() deeds.By { return deeds.By{Who: c.Who(), Roles: c.Roles, Scopes: c.Scopes} }

// May says whether the caller may do what need allows.
func (c Caller) May(need deeds.Role) bool { return deeds.May(c.Roles, need) }

// Tokens knows callers by the digest of their token, so that a dump of it opens nothing.
type Tokens struct {
	list []entry
}

type entry struct {
	digest [sha256.Size]byte
	caller Caller
}

// minToken is the shortest token that is taken, in bytes.
const minToken = 16

// ParseTokens reads RAPPORT_API_TOKENS: "name:role:token", comma-separated; several roles are joined by "+".
func ParseTokens(text string) (Tokens, error) {
	var t Tokens
	for i, item := range strings.Split(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		parts := strings.SplitN(item, ":", 3)
		if len(parts) != 3 || parts[0] == "" {
			return Tokens{}, fmt.Errorf("token %d: write it as name:role:token", i+1)
		}
		roles, err := parseRoles(strings.ReplaceAll(parts[1], "+", ","))
		if err != nil { // what stands there is not shown: in the wrong order it is the token
			return Tokens{}, fmt.Errorf("token %d: its second part must be viewer, manager or finance: write it as name:role:token", i+1)
		}
		if len(parts[2]) < minToken {
			return Tokens{}, fmt.Errorf("token %d: must be at least %d characters long", i+1, minToken)
		}
		if t.roles(parts[0]) != nil {
			return Tokens{}, fmt.Errorf("token %d: the name %q stands for two tokens; who did what must be told apart", i+1, parts[0])
		}
		t.list = append(t.list, entry{sha256.Sum256([]byte(parts[2])), Caller{Name: parts[0], Roles: roles}})
	}
	return t, nil
}

// Caller finds who holds a token. It takes the same time for every token, right or wrong.
func (t Tokens) Caller(token string) (Caller, bool) {
	digest := sha256.Sum256([]byte(token))
	var found Caller
	ok := 0
	for _, e := range t.list {
		if subtle.ConstantTimeCompare(digest[:], e.digest[:]) == 1 {
			found, ok = e.caller, 1
		}
	}
	return found, ok == 1
}

// ByMail says whether anybody is known in Slack by an e-mail address.
func (p People) ByMail() bool {
	for who, person := range p {
		if isMail(who) && !person.chat {
			return true
		}
	}
	return false
}

// inSlack is whoever has an address and is known in Slack by nothing else.
func (p People) inSlack(mail string) Person {
	if person := p[key(mail)]; isMail(mail) && !person.chat {
		return person
	}
	return Person{}
}

// Any says whether there is a token at all.
func (t Tokens) Any() bool { return len(t.list) > 0 }
