package access_test

import (
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/web/access"
)

func TestPeople(t *testing.T) {
	people, err := access.ParsePeople("# who may what\nU1: manager\n\"Ada@Acme.example\": manager, finance # both\n\n")
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string][]access.Role{
		"U1": {access.Manager}, "ada@acme.EXAMPLE": {access.Manager, access.Finance}, "u1": nil, "U2": nil, "": nil,
	} {
		if got := people.Of(who); !slices.Equal(got, want) {
			t.Errorf("roles of %q are %v, want %v", who, got, want)
		}
	}
	if !people.ByMail() || (access.People{"U1": nil}).ByMail() {
		t.Error("ByMail does not tell whether an address is named")
	}
	for _, wrong := range []string{"U1", "U1: boss", ": manager", "U1: manager,"} {
		if _, err := access.ParsePeople(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

func TestMay(t *testing.T) {
	for _, c := range []struct {
		roles []access.Role
		need  access.Role
		want  bool
	}{
		{nil, access.Viewer, false},
		{[]access.Role{access.Viewer}, access.Viewer, true},
		{[]access.Role{access.Viewer}, access.Manager, false},
		{[]access.Role{access.Manager}, access.Viewer, true},
		{[]access.Role{access.Manager}, access.Finance, false},
		{[]access.Role{access.Finance}, access.Manager, false},
		{[]access.Role{access.Manager, access.Finance}, access.Finance, true},
	} {
		if got := access.May(c.roles, c.need); got != c.want {
			t.Errorf("May(%v, %s) is %v", c.roles, c.need, got)
		}
	}
}

func TestTokens(t *testing.T) {
	tokens, err := access.ParseTokens("ci:viewer:0123456789abcdef, ops:manager+finance:with:colons:in:it:1234 ,")
	if err != nil {
		t.Fatal(err)
	}
	ops, ok := tokens.Caller("with:colons:in:it:1234")
	if !ok || ops.Name != "ops" || !ops.May(access.Manager) || !ops.May(access.Finance) {
		t.Errorf("the token of ops opens %+v", ops)
	}
	for _, wrong := range []string{"", "0123456789abcde", "0123456789abcdeg", "ci"} {
		if c, ok := tokens.Caller(wrong); ok {
			t.Errorf("%q opens %+v", wrong, c)
		}
	}
	for _, wrong := range []string{"ci", "ci:viewer", "ci:boss:0123456789abcdef", "ci:viewer:short", ":viewer:0123456789abcdef"} {
		if _, err := access.ParseTokens(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	if none, err := access.ParseTokens(""); err != nil || none.Any() {
		t.Error("no tokens are some")
	}
}
