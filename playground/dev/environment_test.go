package dev

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/wiring/settings"
)

func TestMadeSecretsAreKeptAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dev.json")
	first, err := readOrMake(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := readOrMake(path)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(again.Sandbox, first.Sandbox) || again.Environment["RAPPORT_SECRET_KEY"] != first.Environment["RAPPORT_SECRET_KEY"] {
		t.Error("a second start made other secrets")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// up is the environment of a start by somebody with these settings.
func up(t *testing.T, own map[string]string) (map[string]string, made) {
	t.Helper()
	dir := t.TempDir()
	m, err := readOrMake(filepath.Join(dir, "dev.json"))
	if err != nil {
		t.Fatal(err)
	}
	if own == nil {
		own = map[string]string{}
	}
	env, err := environment(own, m, dir)
	if err != nil {
		t.Fatal(err)
	}
	return env, m
}

func TestMadeSettingsAreComplete(t *testing.T) {
	env, m := up(t, nil)
	if !pointAt(env, "http://127.0.0.1:8090") {
		t.Error("no vendor is the sandbox's")
	}
	s, err := settings.Parse(env)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Require("RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"); err != nil {
		t.Error(err)
	}
	for _, v := range s.Vendors {
		if v.Fills != "" && !v.On() {
			t.Errorf("%s lacks %v: imitate it in playground/sandbox/%s (docs/writing-an-integration.md, step 5)", v.Name, v.Missing, v.Name)
		}
	}
	keys, err := vendors.All.FitKeys(env, m.Sandbox, m.Environment)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(keys, m.Sandbox) {
		t.Error("without settings of one's own the sandbox has other keys than those made")
	}
}

func TestOwnSettingsWin(t *testing.T) {
	private, public := newKey(t)
	env, m := up(t, map[string]string{
		"STRIPE_BASE_URL": "http://stripe.test", "STRIPE_API_KEY": "sk_own", "STRIPE_WEBHOOK_SECRETS": "whsec_own,whsec_old",
		"DOCUSIGN_PRIVATE_KEY": private, "SENDGRID_EVENT_PUBLIC_KEY": "own",
	})
	pointAt(env, "http://127.0.0.1:8090")
	if env["STRIPE_BASE_URL"] != "http://stripe.test" || env["STRIPE_API_KEY"] != "sk_own" {
		t.Errorf("stripe is at %s", env["STRIPE_BASE_URL"])
	}
	if env["SHOPIFY_BASE_URL"] != vendors.All.BaseURLs("http://127.0.0.1:8090")["SHOPIFY_BASE_URL"] {
		t.Errorf("shopify is at %s, want the sandbox", env["SHOPIFY_BASE_URL"])
	}
	keys, err := vendors.All.FitKeys(env, m.Sandbox, m.Environment)
	if err != nil {
		t.Fatal(err)
	}
	if keys["stripe_webhook_secret"] != "whsec_own,whsec_old" || keys["docusign_public_key"] != public {
		t.Error("the sandbox does not share the secrets that were set")
	}
	if keys["sendgrid_event_private_key"] != "" {
		t.Error("the sandbox would sign with a key that does not fit the public one that was set")
	}
	if keys["sendgrid_inbound_private_key"] != m.Sandbox["sendgrid_inbound_private_key"] {
		t.Error("a key that was not touched is gone")
	}
}

func TestEnvFileIsReadByAShell(t *testing.T) {
	const awkward = "it's\n\"two\" $lines `x`"
	path := filepath.Join(t.TempDir(), "env")
	if err := writeEnv(path, map[string]string{"RAPPORT_X": awkward, "HOME": "/elsewhere"}); err != nil {
		t.Fatal(err)
	}
	got, err := exec.Command("/bin/sh", "-c", `. "$1"; printf %s "$RAPPORT_X"`, "sh", path).Output()
	if err != nil || string(got) != awkward {
		t.Errorf("read %q, %v", got, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "HOME") {
		t.Errorf("it holds what is not ours: %s", text)
	}
}

func newKey(t *testing.T) (private, public string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
