package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTokensFromAShell(t *testing.T) {
	kept(t)
	t.Setenv("RAPPORT_API_TOKENS", "old:viewer:0123456789abcdef")
	if text := output(t, "tokens", "list"); !strings.Contains(text, "No token was made here") {
		t.Errorf("with none it says %q", text)
	}
	made := output(t, "tokens", "create", "planner", "--role", "manager", "--scope", "read", "--scope", "pause", "--person", "slack:U1", "--agent")
	secret, _, _ := strings.Cut(made, "\n")
	if !strings.HasPrefix(secret, "rpt_") || len(secret) < 40 {
		t.Errorf("it shows %q", made)
	}
	if text := output(t, "tokens", "list"); strings.Contains(text, secret) || !strings.Contains(text, "agent of slack:U1") || !strings.Contains(text, "read,pause") || !strings.Contains(text, "never") {
		t.Errorf("it lists %q", text)
	}
	if text := output(t, "tokens", "revoke", "planner"); !strings.Contains(text, "Revoked") {
		t.Errorf("a revocation says %q", text)
	}
	for _, args := range [][]string{{"tokens", "revoke", "planner"}, {"tokens", "revoke", "nobody"}, {"tokens", "create", "old", "--role", "viewer"}, {"tokens", "create", "x", "--role", "boss"}} {
		var said bytes.Buffer
		if code := run(t.Context(), args, &said, &said); code == done {
			t.Errorf("%v is taken: %s", args, said.String())
		}
	}
}
