// Package pdftext reads documents as their readers do: with poppler's programs, which are not ours.
package pdftext

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Of is what can be copied out of a document, without the marks of direction that pdftotext puts around what is read from the right, and
// with one space where the document has an end of line.
func Of(t testing.TB, pdf []byte) string {
	t.Helper()
	out := poppler(t, pdf, "pdftotext", "-enc", "UTF-8", "-", "-")
	text := strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u200e", "", "\u200f", "", "\f", " ").Replace(string(out))
	return strings.Join(strings.Fields(text), " ")
}

// Joined is a text without its spaces: where a line may end between any two letters, as in Chinese and Thai, a copy has spaces of its own.
func Joined(text string) string { return strings.Join(strings.Fields(text), "") }

// Picture writes what a page looks like.
func Picture(t testing.TB, pdf []byte, page, dpi int, file string) {
	t.Helper()
	n := strconv.Itoa(page)
	png := poppler(t, pdf, "pdftoppm", "-png", "-gray", "-f", n, "-l", n, "-r", strconv.Itoa(dpi), "-")
	if err := os.WriteFile(filepath.Clean(file), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

func poppler(t testing.TB, pdf []byte, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing: apt-get install poppler-utils", name)
		}
		t.Skipf("it needs %s, of poppler-utils", name)
	}
	var out, said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(pdf), &out, &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Fatalf("%s: %v %s", name, err, said.String())
	}
	return out.Bytes()
}
