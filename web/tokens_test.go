package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
)

// token makes one by the API, as a manager, and returns it.
func (h *house) token(body string) (secret string) {
	h.t.Helper()
	res := h.call(managerToken, "POST", "/tokens", body)
	want(h.t, "a token is made", res.StatusCode, http.StatusCreated)
	var made struct {
		Token string `json:"token"`
	}
	must(h.t, json.Unmarshal([]byte(res.body), &made))
	return made.Token
}

func TestTokensByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	body := `{"name":"ci","roles":["manager"],"scopes":["read","pause"],"days":3}`
	first := h.call(managerToken, "POST", "/tokens", body, "Idempotency-Key", "k")
	want(t, "made", first.StatusCode, http.StatusCreated)
	var made struct{ Token string }
	must(t, json.Unmarshal([]byte(first.body), &made))
	again := h.call(managerToken, "POST", "/tokens", body, "Idempotency-Key", "k")
	want(t, "the same request again", again.StatusCode, http.StatusOK)
	if made.Token == "" || strings.Contains(again.body, made.Token) {
		t.Error("the token is shown not once")
	}
	if strings.Contains(h.dump(), made.Token) || strings.Contains(h.log.String(), made.Token) {
		t.Error("the token itself is kept")
	}
	want(t, "it reads", h.call(made.Token, "GET", "/campaigns", "").StatusCode, http.StatusOK)
	want(t, "its scope", h.call(made.Token, "POST", "/campaigns/c1/pause", `{"reason":"x"}`).StatusCode, http.StatusOK)
	beyond := h.call(made.Token, "POST", "/campaigns/c1/cancel", `{"reason":"x"}`)
	want(t, "beyond its scopes", beyond.StatusCode, http.StatusForbidden)
	wantIn(t, beyond.body, "has the scopes [read pause], and this takes cancel")
	wantIn(t, h.call(viewerToken, "GET", "/tokens", "").body, `"name": "ci"`, `"last_used_at"`, `"created_by": "api:manager"`)
	if told := h.temporal.messages(); told[len(told)-1].UpdateID == "" || !h.audited("create_token", "api:manager") {
		t.Error("it left no line")
	}

	want(t, "revoked", h.call(managerToken, "POST", strings.Replace("/tokens/{name}/revoke", "{name}", "ci", 1), "").StatusCode, http.StatusOK)
	want(t, "a revoked token", h.call(made.Token, "GET", "/campaigns", "").StatusCode, http.StatusUnauthorized)
	want(t, "revoked again", h.call(managerToken, "POST", "/tokens/ci/revoke", "").StatusCode, http.StatusConflict)
	want(t, "its name again", h.call(managerToken, "POST", "/tokens", body).StatusCode, http.StatusConflict)

	old := h.token(`{"name":"old","roles":["viewer"]}`)
	h.sql("update api_tokens set expires_at = now() - interval '1 second' where name = 'old'")
	want(t, "an expired token", h.call(old, "GET", "/campaigns", "").StatusCode, http.StatusUnauthorized)
}

// Nobody gives away what they have not: neither a role, nor a scope, nor another's roles.
func TestATokenIsNeverMoreThanWhoGaveIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	narrow := h.token(`{"name":"narrow","roles":["manager"],"scopes":["create_token"]}`)
	for _, c := range []struct {
		token, body string
		status      int
	}{
		{managerToken, `{"name":"x","roles":["finance"]}`, http.StatusForbidden},
		{financeToken, `{"name":"x","roles":["finance"]}`, http.StatusForbidden},
		{viewerToken, `{"name":"x","roles":["viewer"]}`, http.StatusForbidden},
		{narrow, `{"name":"x","roles":["manager"]}`, http.StatusUnprocessableEntity},
		{narrow, `{"name":"x","roles":["manager"],"scopes":["cancel"]}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"manager","roles":["manager"]}`, http.StatusConflict},
		{managerToken, `{"name":"X!","roles":["manager"]}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"x","roles":[]}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"x","roles":["manager"],"scopes":["answer_offer"]}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"x","roles":["manager"],"agent":true}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"x","roles":["manager"],"person":"ada"}`, http.StatusUnprocessableEntity},
		{managerToken, `{"name":"x","roles":["manager"],"days":1000}`, http.StatusUnprocessableEntity},
	} {
		res := h.call(c.token, "POST", "/tokens", c.body)
		want(t, c.body, res.StatusCode, c.status)
	}
}

// A token that acts for a person may what they may today, and an agent does nothing by itself.
func TestATokenActsForAPerson(t *testing.T) {
	t.Parallel()
	h := open(t)
	of := func(person string) string {
		return `{"name":"of-` + strings.ToLower(strings.NewReplacer(":", "-", "_", "-").Replace(person)) + `","roles":["manager","viewer"],"person":"` + person + `"}`
	}
	theirs := h.token(of("slack:U_MANAGER"))
	want(t, "a manager's", h.call(theirs, "POST", "/campaigns/c1/pause", `{"reason":"x"}`).StatusCode, http.StatusOK)
	want(t, "a stranger's", h.call(h.token(of("slack:U_NOBODY")), "GET", "/campaigns", "").StatusCode, http.StatusForbidden)
	want(t, "of finance", h.call(h.token(of("slack:U_FINANCE")), "POST", "/campaigns/c1/pause", `{"reason":"x"}`).StatusCode, http.StatusForbidden)

	agent := h.token(`{"name":"planner","roles":["manager"],"person":"slack:U_MANAGER","agent":true}`)
	want(t, "an agent reads", h.call(agent, "GET", "/campaigns", "").StatusCode, http.StatusOK)
	n := len(h.temporal.messages())
	res := h.call(agent, "POST", "/campaigns/c1/pause", `{"reason":"x"}`)
	want(t, "an agent does nothing here", res.StatusCode, http.StatusForbidden)
	want(t, "messages", len(h.temporal.messages()), n)
	for _, who := range []struct{ who, also string }{{"api:of-slack-u-manager", "slack:U_MANAGER"}, {"agent:planner for slack:U_MANAGER", "slack:U_MANAGER"}} {
		roles, err := h.directory().Of(t.Context(), who.who)
		must(t, err)
		names, err := h.directory().Names(t.Context(), who.who)
		must(t, err)
		if len(roles) == 0 || !strings.Contains(strings.Join(names, " "), who.also) {
			t.Errorf("%s has %v, under %v", who.who, roles, names)
		}
	}
	roles, err := h.directory().Of(t.Context(), "agent:planner for slack:U_FINANCE")
	if err != nil || len(roles) > 0 {
		t.Errorf("an agent that says it acts for another has %v, %v", roles, err)
	}
}

// What takes two people takes two: a person, all that acts for them and all that they have made are one, whoever of them speaks first.
func TestAPersonsTokensAreThatPerson(t *testing.T) {
	t.Parallel()
	h := open(t)
	made := func(name, person, by string, agent bool) (who string) {
		token, err := h.store.CreateToken(t.Context(), partnership.Token{
			Name: name, Roles: []string{"finance"}, Scopes: []string{}, Person: person, Agent: agent, ExpiresAt: time.Time{}.Add(time.Hour),
		}, "rpt_"+name+"_of_these_tests", partnership.Deed{Who: by, Deed: "test"})
		must(t, err)
		return token.Who()
	}
	const ada, bo, admin = "slack:U_FINANCE", "slack:U_FINANCE2", "cli:admin"
	adas, second, bos := made("adas", ada, admin, true), made("second", ada, admin, false), made("bos", bo, admin, true)
	nobodys := made("nobodys", "", ada, false)
	fromIt, seen := made("from-it", "", nobodys, false), made("seen", bo, ada, false)
	must(t, h.store.RevokeToken(t.Context(), "second", partnership.Deed{Who: admin, Deed: "test"})) // what it has approved stands
	for _, c := range []struct {
		one  bool
		a, b string
	}{
		{true, ada, adas},
		{true, ada, second},
		{true, adas, second},
		{true, ada, nobodys},
		{true, ada, fromIt},
		{true, nobodys, fromIt},
		{true, nobodys, adas},
		{true, bo, bos},
		{true, "api:finance", bos},
		{true, "cli:fin", seen},
		{true, ada, seen},
		{true, admin, bos},
		{false, ada, bo},
		{false, adas, bos},
		{false, ada, bos},
		{false, nobodys, bos},
		{false, second, bo},
		{false, adas, bo},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			names, err := h.directory().Names(t.Context(), pair[0])
			must(t, err)
			if slices.Contains(names, pair[1]) != c.one {
				t.Errorf("%s and %s are one: %v, want %v", pair[0], pair[1], !c.one, c.one)
			}
		}
	}
}

// directory is who may decide, as the worker's guard looks it up.
func (h *house) directory() access.Directory {
	return access.Directory{People: people(h.t), Listed: true, Kept: h.store}
}

// Every list is read in pages that hold every line once.
func TestListsArePaged(t *testing.T) {
	t.Parallel()
	h := open(t, func(*web.Deps) {})
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		h.token(`{"name":"` + name + `","roles":["viewer"]}`)
	}
	var all []string
	for after := ""; ; {
		var doc struct {
			Tokens []struct{ Name string }
			Next   string
		}
		must(t, json.Unmarshal([]byte(h.call(viewerToken, "GET", "/tokens?limit=2&after="+after, "").body), &doc))
		for _, one := range doc.Tokens {
			all = append(all, one.Name)
		}
		if after = doc.Next; after == "" {
			break
		}
	}
	want(t, "all lines", strings.Join(all, ""), "abcde")
	for _, path := range []string{"/campaigns", "/creators", "/partnerships", "/orders", "/ledger", "/payouts", "/objections", "/payouts/differences", "/vendors", "/tokens", "/audit"} {
		want(t, path, h.call(viewerToken, "GET", path+"?limit=1", "").StatusCode, http.StatusOK)
		want(t, path+" with a limit that is none", h.call(viewerToken, "GET", path+"?limit=none", "").StatusCode, http.StatusUnprocessableEntity)
	}
	wantIn(t, h.call(viewerToken, "GET", "/creators", "").body, `"handle": "ada.scents"`, `"partnerships": 1`)
	wantIn(t, h.call(viewerToken, "GET", "/creators/@ada.scents", "").body, `"reliability"`, `"stories"`)
	for _, path := range []string{"/creators", "/creators/ada.scents", "/partnerships"} {
		body := h.call(viewerToken, "GET", path, "").body
		if strings.Contains(body, canaryMail) || strings.Contains(body, canaryName) {
			t.Errorf("%s tells more of a person than their handle", path)
		}
	}
}
