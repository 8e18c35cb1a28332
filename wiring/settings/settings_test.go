package settings

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

const key32 = "jnVJ3ZxPtWZ6S0dUSwXa8K1nLqg8uYxO2vCq0bTzR5c="

func TestDefaults(t *testing.T) {
	t.Parallel()
	s, err := Parse(map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Day != 24*time.Hour || s.Listen != "127.0.0.1:8080" || s.PublicURL != "http://127.0.0.1:8080" || s.TemporalNamespace != "default" {
		t.Errorf("defaults: day %s, listen %s, public %s, namespace %s", s.Day, s.Listen, s.PublicURL, s.TemporalNamespace)
	}
	for _, v := range s.Vendors {
		if v.On() || v.Half() {
			t.Errorf("%s is on without any setting", v.Name)
		}
	}
}

// A folder's fonts draw what the build's do not; what is no use of it is said, and a folder that is not there is a fault.
func TestFontsOfAFolder(t *testing.T) {
	t.Parallel()
	s, err := Parse(map[string]string{})
	if err != nil || len(s.Known().Fonts.Undrawable("ᚁ")) == 0 {
		t.Fatalf("the build's fonts draw Ogham: %v", err)
	}
	s, err = Parse(map[string]string{"RAPPORT_FONTS": "../../partnership/paper/testdata"})
	if err != nil || len(s.Known().Fonts.Undrawable("ᚁ")) > 0 {
		t.Fatalf("the folder's font is not asked: %v", err)
	}
	if len(s.Unused) != 0 {
		t.Errorf("unused: %q", s.Unused)
	}
	if s, err = Parse(map[string]string{"RAPPORT_FONTS": "."}); err != nil || !slices.Contains(s.Unused, "settings.go is no .ttf") {
		t.Errorf("%v, %q", err, s.Unused)
	}
	if _, err = Parse(map[string]string{"RAPPORT_FONTS": "/no/such/folder"}); err == nil || !strings.HasPrefix(err.Error(), "RAPPORT_FONTS: the folder cannot be read") {
		t.Errorf("%v", err)
	}
}

func TestEachFaultIsOneLine(t *testing.T) {
	t.Parallel()
	_, err := Parse(map[string]string{
		"RAPPORT_DAY":          "1ms",
		"RAPPORT_DATABASE_URL": "mysql://root:hunter2@db/x",
		"RAPPORT_SECRET_KEY":   "hunter2",
		"RAPPORT_CODEC_KEYS":   "k1:hunter2",
		"RAPPORT_LISTEN":       "8080",
		"SENDGRID_API_KEY":     "hunter2",
		"STRIPE_BASE_URL":      "stripe.example",
	})
	faults, ok := errors.AsType[Faults](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	var names []string
	for _, f := range faults {
		names = append(names, f.Name)
	}
	want := "RAPPORT_CODEC_KEYS RAPPORT_DATABASE_URL RAPPORT_DAY RAPPORT_LISTEN RAPPORT_SECRET_KEY SENDGRID_FROM STRIPE_BASE_URL"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("faults of %s, want %s", got, want)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret is shown: %v", err)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(faults) {
		t.Errorf("%d lines for %d faults", lines, len(faults))
	}
}

// A key that was typed and not drawn is no key.
func TestWeakKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, secret := range map[string][]byte{
		"zeros": make([]byte, 32), "one byte": bytes.Repeat([]byte{0xa5}, 32), "a word": bytes.Repeat([]byte("changeme"), 4), "digits": []byte("01234567890123456789012345678901"), "a run": []byte("@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"),
	} {
		encoded := base64.StdEncoding.EncodeToString(secret)
		_, err := Parse(map[string]string{"RAPPORT_SECRET_KEY": encoded, "RAPPORT_CODEC_KEYS": "k1:" + key32 + ",k2:" + encoded})
		faults, ok := errors.AsType[Faults](err)
		if !ok || len(faults) != 2 || faults[0].Name != "RAPPORT_CODEC_KEYS" || !strings.Contains(faults[0].Message, `the key "k2" is not random`) || faults[1].Name != "RAPPORT_SECRET_KEY" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDayMustBeADuration(t *testing.T) {
	t.Parallel()
	_, err := Parse(map[string]string{"RAPPORT_DAY": "two seconds"})
	if err == nil || err.Error() != "RAPPORT_DAY: it must be a duration such as 24h, 2s or 500ms" {
		t.Errorf("got %v", err)
	}
}

func TestPublicURLFollowsListen(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:9000": "http://127.0.0.1:9000", "0.0.0.0:9000": "http://127.0.0.1:9000", ":9000": "http://127.0.0.1:9000", "[::]:9000": "http://127.0.0.1:9000",
	} {
		if s, err := Parse(map[string]string{"RAPPORT_LISTEN": listen}); err != nil || s.PublicURL != want {
			t.Errorf("%s gives %s, %v", listen, s.PublicURL, err)
		}
	}
	if s, err := Parse(map[string]string{"RAPPORT_PUBLIC_URL": "https://rapport.example/"}); err != nil || s.PublicURL != "https://rapport.example" {
		t.Errorf("a set one gives %s, %v", s.PublicURL, err)
	}
}

func TestRequire(t *testing.T) {
	t.Parallel()
	s, err := Parse(map[string]string{"RAPPORT_SECRET_KEY": key32})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Require("RAPPORT_SECRET_KEY"); err != nil {
		t.Errorf("it is set: %v", err)
	}
	if err := s.Require("RAPPORT_DATABASE_URL", "RAPPORT_CODEC_KEYS"); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two are missing: %v", err)
	}
}

func TestTheOwnerOfTheTablesIsAnotherRoleThanTheProgram(t *testing.T) {
	t.Parallel()
	url := func(role string) string { return "postgres://" + role + ":hunter2@db/rapport" }
	for owner, fits := range map[string]bool{"": true, url("owner"): true, url("program"): false, "owner": false} {
		_, err := Parse(map[string]string{"RAPPORT_DATABASE_URL": url("program"), "RAPPORT_DATABASE_OWNER_URL": owner})
		faults, _ := errors.AsType[Faults](err)
		if fits != (err == nil) || !fits && (len(faults) != 1 || faults[0].Name != "RAPPORT_DATABASE_OWNER_URL") {
			t.Errorf("owner %q: %v", owner, err)
		}
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	s, err := Parse(map[string]string{
		"STRIPE_API_KEY": "sk_live_hunter2", "STRIPE_WEBHOOK_SECRETS": "whsec_hunter2,whsec_hunter3", "RAPPORT_SECRET_KEY": key32,
		"RAPPORT_DATABASE_URL": "postgres://u:hunter2@db/rapport",
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "key", s.SecretKey, "all", s)
	for how, text := range map[string]string{
		"%v": fmt.Sprintf("%v", s), "%+v": fmt.Sprintf("%+v", s), "%#v": fmt.Sprintf("%#v", s), "%s": fmt.Sprintf("key %s", s.SecretKey),
		"JSON": string(document), "slog": logged.String(),
	} {
		if strings.Contains(text, "hunter") || strings.Contains(text, key32) {
			t.Errorf("%s shows a secret: %s", how, text)
		}
	}
	for _, v := range s.Vendors { // each prints as a pointer above; what it points to hides its secrets too
		shown, err := json.Marshal(v.Settings)
		if text := fmt.Sprintf("%+v %#v %s", v.Settings, v.Settings, shown); err != nil || strings.Contains(text, "hunter") {
			t.Errorf("%s shows a secret, or %v: %s", v.Name, err, text)
		}
	}
}
