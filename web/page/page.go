// Package page is the look of every page that Rapport serves: one layout, one error page, a stylesheet for people's tasks and one for the
// console. Nothing from another host, light and dark, readable on a phone, and nothing that needs a script.
package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/a-h/templ"
)

//go:embed style.css
var style []byte

//go:embed console.css
var consoleStyle []byte

//go:embed console.js
var consoleScript []byte

//go:embed icon.svg
var icon []byte

//go:embed copy.js
var copies []byte

//go:embed upload.js
var uploadScript []byte

// The assets' paths carry a hash of their content, so that browsers may keep them for ever.
var (
	stylePath   = "/assets/style." + fingerprint(style) + ".css"
	consolePath = "/assets/console." + fingerprint(consoleStyle) + ".css"
	scriptPath  = "/assets/console." + fingerprint(consoleScript) + ".js"
	copyPath    = "/assets/copy." + fingerprint(copies) + ".js"
	uploadPath  = "/assets/upload." + fingerprint(uploadScript) + ".js"
	iconPath    = "/assets/icon." + fingerprint(icon) + ".svg"
)

func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// Assets serves the stylesheets, the console's script and the icon under /assets/.
func Assets() http.Handler {
	assets := map[string]struct {
		kind string
		body []byte
	}{
		stylePath: {"text/css; charset=utf-8", style}, consolePath: {"text/css; charset=utf-8", consoleStyle}, scriptPath: {"text/javascript; charset=utf-8", consoleScript},
		copyPath: {"text/javascript; charset=utf-8", copies}, uploadPath: {"text/javascript; charset=utf-8", uploadScript}, iconPath: {"image/svg+xml", icon},
	}
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
	Show(w, r, status, Failed(Head{Title: title}, advice))
}

// Policy is the Content-Security-Policy of every page: our own style and icon, forms to ourselves, nothing else.
func Policy() string { return PolicyWithForms("'self'") }

// PolicyWithCopies is Policy for a page whose buttons copy: the one script of our own, which such a page can do without.
func PolicyWithCopies() string { return Policy() + "; script-src 'self'" }

// PolicyWithUploads is PolicyWithCopies for a page whose script sends a file to ourselves, which its form does too.
func PolicyWithUploads() string { return PolicyWithCopies() + "; connect-src 'self'" }

// PolicyWithForms is Policy for a page whose forms may lead to other places.
func PolicyWithForms(targets string) string {
	return "default-src 'none'; style-src 'self'; img-src 'self'; form-action " + targets + "; base-uri 'none'; frame-ancestors 'none'"
}

// ConsolePolicy is Policy for the console, which has a script of ours that asks ourselves.
func ConsolePolicy() string {
	return Policy() + "; script-src 'self'; connect-src 'self'; media-src 'self'" // films that creators sent
}
