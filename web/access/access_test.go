package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/web/access"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	people, err := access.ParsePeople("# who may what\nU1: manager\n\"Ada@Acme.example\": manager, finance # both\n\n")
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string][]deeds.Role{
		"U1": {deeds.Manager}, "ada@acme.EXAMPLE": {deeds.Manager, deeds.Finance}, "u1": nil, "U2": nil, "": nil,
	} {
		if got := people.Of(who); !slices.Equal(got, want) {
			t.Errorf("roles of %q are %v, want %v", who, got, want)
		}
	}
	if !people.ByMail() || (access.People{"U1": {}}).ByMail() {
		t.Error("ByMail does not tell whether an address is named")
	}
	for _, wrong := range []string{"U1", "U1: boss", ": manager", "U1: manager,"} {
		if _, err := access.ParsePeople(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

func TestOnePersonUnderSeveralNames(t *testing.T) {
	t.Parallel()
	people, err := access.ParsePeople("U1, cli:ana, api:ana-ci: finance\nslack:U2: finance\ncli:bo: finance\nU3: manager\n")
	if err != nil {
		t.Fatal(err)
	}
	for by, want := range map[string][]string{
		"slack:U1": {"console:U1", "cli:ana", "api:ana-ci"}, "cli:ana": {"slack:U1", "console:U1", "api:ana-ci"}, "api:ana-ci": {"slack:U1", "console:U1", "cli:ana"},
		"slack:U2": {"console:U2"}, "cli:bo": nil, "cli:U1": nil, "schedule": nil, "": nil,
	} {
		if got := people.Also(by); !slices.Equal(got, want) {
			t.Errorf("%q is also %v, want %v", by, got, want)
		}
	}
	for _, who := range []string{"U1", "cli:ana", "U2", "cli:bo"} {
		if !deeds.May(people.Of(who), deeds.Finance) {
			t.Errorf("%s has the roles %v", who, people.Of(who))
		}
	}
	if got := people.Of("U3"); !slices.Equal(got, []deeds.Role{deeds.Manager}) {
		t.Errorf("U3 has %v", got)
	}
	for wrong, says := range map[string]string{
		"ada@acme.example, ada@b.example: finance":      "one address is enough",
		"U1, cli:ana: finance\ncli:ana: viewer":         "stands in two lines",
		"cli:ana: viewer\nU1, cli:ana: finance":         "stands in two lines",
		"U1, : finance":                                 "write it as",
		"U3: viewer\nU3: manager":                       "stands in two lines",
		"slack:U3: viewer\nU3: manager":                 "stands in two lines",
		"Ada@a.example: viewer\nada@a.example: finance": "stands in two lines",
	} {
		if _, err := access.ParsePeople(wrong); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want it to say %q", wrong, err, says)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tokens, err := access.ParseTokens("ci:viewer:0123456789abcdef, ops:manager+finance:with:colons:in:it:1234 ,")
	if err != nil {
		t.Fatal(err)
	}
	ops, ok := tokens.Caller("with:colons:in:it:1234")
	if !ok || ops.Name != "ops" || !ops.May(deeds.Manager) || !ops.May(deeds.Finance) {
		t.Errorf("the token of ops opens %+v", ops)
	}
	for _, wrong := range []string{"", "0123456789abcde", "0123456789abcdeg", "ci"} {
		if c, ok := tokens.Caller(wrong); ok {
			t.Errorf("%q opens %+v", wrong, c)
		}
	}
	for _, wrong := range []string{"ci", "ci:viewer", "ci:boss:0123456789abcdef", "ci:0123456789abcdef:finance", "ci:viewer:short", ":viewer:0123456789abcdef"} {
		if _, err := access.ParseTokens(wrong); err != nil && strings.Contains(err.Error(), "0123456789") {
			t.Errorf("a token is shown: %v", err)
		} else if err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	if none, err := access.ParseTokens(""); err != nil || none.Any() {
		t.Error("no tokens are some")
	}
}

func TestAShellIsFinanceOnlyWhereNoFileSaysWhoIs(t *testing.T) {
	t.Parallel()
	people, err := access.ParsePeople("U1, cli:ana: finance\ncli:bo: viewer\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		listed bool
		who    string
		want   bool
	}{{true, "cli:ana", true}, {true, "cli:bo", false}, {true, "cli:eve", false}, {false, "cli:eve", true}, {true, "slack:U1", true}, {true, "slack:U2", false}, {true, "creator:1", false}} {
		roles, err := access.Directory{People: people, Listed: c.listed}.Of(t.Context(), c.who)
		if got := deeds.May(roles, deeds.Finance); err != nil || got != c.want {
			t.Errorf("with a file %v, %s may pay: %v, %v", c.listed, c.who, got, err)
		}
	}
}

// One person on the console, in Slack and at a shell is one, whichever of them is asked about.
func TestOnePersonOnTheConsole(t *testing.T) {
	t.Parallel()
	people, err := access.ParsePeople("U1, Ada.Lovelace@acme.example, cli:ada: finance\nbo@acme.example: manager\nU3: viewer\n")
	if err != nil {
		t.Fatal(err)
	}
	ada, bo := people.Console("ada.lovelace@ACME.example "), people.Console("bo@acme.example")
	if !strings.HasPrefix(ada, "console:ada-") || strings.Contains(ada, "lovelace") || !strings.HasPrefix(bo, "console:bo-") {
		t.Errorf("in the audit they are %s and %s", ada, bo)
	}
	for what, got := range map[string]string{
		"a stranger's address": people.Console("eve@acme.example"), "no address": people.Console("U3"), "a stranger": people.ConsoleOfUser("U9", "eve@acme.example"),
		"another user with the address of somebody whose user is known": people.ConsoleOfUser("U9", "ada.lovelace@acme.example"), "no user": people.ConsoleOfUser("cli:ada", ""),
	} {
		if got != "" {
			t.Errorf("%s signs in as %s", what, got)
		}
	}
	if got := people.ConsoleOfUser("U3", ""); got != "console:U3" {
		t.Errorf("U3 signs in as %q", got)
	}
	if got := people.ConsoleOfUser("U9", "bo@acme.example"); got != bo {
		t.Errorf("bo signs in as %q", got)
	}
	asked := 0
	d := access.Directory{
		People: people, Listed: true,
		Mail: func(context.Context, string) (string, error) { return "bo@acme.example", nil },
		User: func(_ context.Context, mail string) (string, error) {
			asked++
			return map[string]string{"bo@acme.example": "U9"}[mail], nil
		},
	}
	for who, names := range map[string][]string{
		ada: {ada, "console:U1", "slack:U1", "cli:ada"}, "console:U1": {ada, "console:U1", "slack:U1", "cli:ada"}, "slack:U1": {ada, "console:U1", "slack:U1", "cli:ada"},
		"cli:ada": {ada, "console:U1", "slack:U1", "cli:ada"}, bo: {bo, "slack:U9"}, "slack:U9": {bo, "slack:U9"},
	} {
		got, err := d.Names(t.Context(), who)
		slices.Sort(got)
		slices.Sort(names)
		if err != nil || !slices.Equal(got, names) {
			t.Errorf("%s is %v, %v; want %v", who, got, err, names)
		}
	}
	if asked != 1 {
		t.Errorf("Slack was asked %d times, and only bo is named by an address alone", asked)
	}
}
