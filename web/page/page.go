// Package page is the look of every page that Rapport serves: one layout, one embedded stylesheet, one error page. No page needs a script,
// nothing comes from another host, light and dark, readable on a phone.
package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

//go:embed style.css
var style []byte

//go:embed icon.svg
var icon []byte

//go:embed copy.js
var copies []byte

// The assets' paths carry a hash of their content, so that browsers may keep them for ever.
var (
	stylePath = "/assets/style." + fingerprint(style) + ".css"
	iconPath  = "/assets/icon." + fingerprint(icon) + ".svg"
	copyPath  = "/assets/copy." + fingerprint(copies) + ".js"
)

func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// Assets serves the stylesheet and the icon under /assets/.
func Assets() http.Handler {
	assets := map[string]struct {
		kind string
		body []byte
	}{stylePath: {"text/css; charset=utf-8", style}, iconPath: {"image/svg+xml", icon}, copyPath: {"text/javascript; charset=utf-8", copies}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
	})
}

// Show writes a page. It is rendered before the first byte leaves, so that a page is whole or is an error. Nothing is
// cached: a page holds a person's task or the brand's board.
func Show(w http.ResponseWriter, r *http.Request, status int, body templ.Component) {
	var buf bytes.Buffer
	// A page takes no time: it is rendered also when the time of its request is over, so that whoever waits is told something.
	if err := body.Render(context.WithoutCancel(r.Context()), &buf); err != nil {
		panic(err) // a template that cannot be rendered is a bug; the server's recovery says so in the log
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = buf.WriteTo(w) // the reader has gone: nobody to tell
	}
}

// Failure shows an error page: what happened, in one line, and what to do about it.
func Failure(w http.ResponseWriter, r *http.Request, status int, title, advice string) {
	Show(w, r, status, failure(title, advice))
}

func seconds(n int) string { return strconv.Itoa(n) }

// Policy is the Content-Security-Policy of every page: our own style and icon, forms to ourselves, nothing else.
func Policy() string { return PolicyWithForms("'self'") }

// PolicyWithCopies is Policy for a page whose buttons copy: the one script of our own, which such a page can do without.
func PolicyWithCopies() string { return Policy() + "; script-src 'self'" }

// PolicyWithForms is Policy for a page whose forms may lead to other places.
func PolicyWithForms(targets string) string {
	return "default-src 'none'; style-src 'self'; img-src 'self'; form-action " + targets + "; base-uri 'none'; frame-ancestors 'none'"
}
