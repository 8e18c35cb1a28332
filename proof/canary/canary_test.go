package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// markers hold what each encoding must escape.
var markers = []string{
	"zoë.canary+7f3@example.test",
	`Zoë "Ćanary" O'Malley & <Söhne> 😀 7f3`,
	"12/b Canary Läne,\tFlat 7f3",
	"plaincanary7f3",
}

// encoders are the encodings as their standard writers write them.
var encoders = map[string]func(string) string{
	"plain":           func(s string) string { return s },
	"capitals":        asciiUpper,
	"json":            asJSON,
	"json, no html":   asJSONLeavingHTML,
	"json, ascii":     asJSONInASCII,
	"go":              strconv.Quote,
	"go, ascii":       strconv.QuoteToASCII,
	"octal":           inOctal,
	"query":           url.QueryEscape,
	"path":            url.PathEscape,
	"percent, all":    func(s string) string { return "%" + strings.TrimSpace(spaced(s, "%")) },
	"html":            html.EscapeString,
	"base64":          func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 url":      func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64 raw url":  func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64, in mail": func(s string) string { return broken(base64.StdEncoding.EncodeToString([]byte(s)), 20) },
	"hex":             func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex, capitals":   func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hex of postgres": func(s string) string { return `\x` + hex.EncodeToString([]byte(s)) },
	"quotedprintable": asQuotedPrintable,
	"mail header":     func(s string) string { return strings.ReplaceAll(asQuotedPrintable(s), " ", "_") },
}

func TestEachEncoding(t *testing.T) {
	t.Parallel()
	for name, encode := range encoders {
		t.Run(name, func(t *testing.T) {
			for _, marker := range markers {
				// What comes before decides the alignment in base64 and hex, and where lines of mail break.
				for before := range 9 {
					text := encode(strings.Repeat("x", before) + marker + strings.Repeat("y", before%4))
					mustFind(t, "noise\x00\xff"+text+"\x00noise", marker)
					mustFind(t, "noise"+text+"noise", marker) // letters that could be digits of the encoding
				}
			}
		})
	}
}

func TestEncodingsAroundOneAnother(t *testing.T) {
	t.Parallel()
	for outer, first := range encoders {
		if outer == "capitals" { // of base64 it leaves nothing to be found
			continue
		}
		for inner, second := range encoders {
			t.Run(outer+" of "+inner, func(t *testing.T) {
				for _, marker := range markers {
					mustFind(t, first("{"+second("<"+marker+">")+"}"), marker)
				}
			})
		}
	}
	deep := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(asJSON(markers[1]))))
	mustFind(t, deep, markers[1])
}

func TestRandomPlaces(t *testing.T) {
	t.Parallel()
	const seed = 7
	random := rand.New(rand.NewPCG(seed, seed))
	names := []string{"json", "query", "base64", "hex", "quotedprintable"}
	for i := range 200 {
		text, marker, chain := markers[i%len(markers)], markers[i%len(markers)], ""
		for range 1 + random.IntN(layers) {
			name := names[random.IntN(len(names))]
			text, chain = encoders[name](noise(random)+text+noise(random)), chain+" "+name
		}
		hits := scanText(t, noise(random)+text+noise(random), marker)
		if len(hits) != 1 {
			t.Errorf("%d, seed %d: %q under%s is not found", i, seed, marker, chain)
		}
	}
}

func TestHit(t *testing.T) {
	t.Parallel()
	line := `{"msg":"sent","to":"a canary \u0040 rest"}`
	text := strings.Repeat("-", 1000) + line + strings.Repeat("-", 5000) + line + base64.StdEncoding.EncodeToString([]byte("a canary @ rest"))
	hits := scanText(t, text, "A CANARY @ REST")
	if len(hits) != 1 {
		t.Fatalf("%d hits: %v", len(hits), hits)
	}
	h := hits[0]
	if h.Source != "text" || h.Marker != "A CANARY @ REST" || h.Encoding != "json" || h.Count != 2 || !strings.Contains(h.Excerpt, `"to":"a canary @ rest"}`) {
		t.Errorf("%+v", h)
	}
	if got := h.String(); !strings.Contains(got, "text: ") || !strings.Contains(got, "json") {
		t.Errorf("it reads %q", got)
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	cipher := make([]byte, 4<<20)
	for i := range cipher {
		cipher[i] = byte(random.Uint32())
	}
	for name, text := range map[string]string{
		"ciphertext":            string(cipher),
		"ciphertext in base64":  base64.StdEncoding.EncodeToString(cipher[:1<<20]),
		"ciphertext in hex":     hex.EncodeToString(cipher[:1<<20]),
		"another value":         strings.ReplaceAll(strings.Join(markers, " "), "7f3", "7f4"),
		"only a part":           markers[0][:len(markers[0])-1],
		"escapes that are none": `%zz %4 \q \u12 \ud800x =? =4 &nothing; & % \`,
	} {
		if hits := scanText(t, text, markers...); len(hits) > 0 {
			t.Errorf("%s: %v", name, hits)
		}
	}
}

// TestSpreadRecords holds the way through SQLite's pages against a database in which no marker lies in one piece.
func TestSpreadRecords(t *testing.T) {
	t.Parallel()
	var want []string
	for table, offsets := range map[string][]int{
		"plain": {160, 664, 688}, "logged": {160, 664, 688}, "keyed": {8, 16, 24, 32, 520, 528, 536, 1024, 1032, 1040, 1048},
	} {
		for _, offset := range offsets {
			want = append(want, fmt.Sprintf("canary-%s-%04d@example.test", table, offset))
		}
	}
	var files []Source
	for _, name := range []string{"spread.db", "spread.db-wal"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, Reader(name, bytes.NewReader(data)))
	}
	hits, err := Scan(files, want)
	if err != nil || len(hits) > 0 {
		t.Errorf("the bytes alone hold %v, %v: the database is not the one for this test", hits, err)
	}
	hits, err = Scan([]Source{File("testdata/spread.db")}, want)
	if err != nil || len(hits) != len(want) {
		t.Errorf("found %d of %d: %v, %v", len(hits), len(want), hits, err)
	}
}

// TestStaleLog adds what SQLite leaves behind in a log that it begins anew: frames under another salt.
func TestStaleLog(t *testing.T) {
	t.Parallel()
	wal, err := os.ReadFile("testdata/spread.db-wal")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("testdata/spread.db")
	if err != nil {
		t.Fatal(err)
	}
	const frame = frameHeader + 512
	for old := range slices.Chunk(wal[walHeader:], frame) {
		wal = append(wal, old[:8]...)                  // the same page
		wal = append(wal, make([]byte, len(old)-8)...) // with no salt, and with nothing on it
	}
	if !bytes.Contains(spreadRecords(file, wal), []byte("canary-logged-0664@example.test")) {
		t.Error("a stale page hides the page that replaced it")
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	log := write("log", "to="+markers[0])
	database := write("db", sqliteMagic)
	write("db-wal", markers[1])
	write("db-journal", markers[3])
	hits, err := Scan([]Source{File(log), File(database)}, markers)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, h := range hits {
		got[h.Marker] = h.Source
	}
	if len(hits) != 3 || got[markers[0]] != log || got[markers[1]] != database+"-wal" || got[markers[3]] != database+"-journal" {
		t.Errorf("%v", hits)
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metrics" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, "mails_total{to=%q} 1\n", markers[1])
	}))
	defer server.Close()
	hits, err := Scan([]Source{URL(t.Context(), server.Client(), server.URL+"/metrics")}, markers)
	if err != nil || len(hits) != 1 || hits[0].Marker != markers[1] {
		t.Errorf("%v, %v", hits, err)
	}
	if _, err := Scan([]Source{URL(t.Context(), server.Client(), server.URL+"/gone")}, markers); err == nil {
		t.Error("an answer of 404 proves nothing, and passed")
	}
}

func TestWhatProvesNothing(t *testing.T) {
	t.Parallel()
	missing := File(filepath.Join(t.TempDir(), "missing"))
	empty := func() Source { return Reader("empty", strings.NewReader("")) }
	good := Reader("good", strings.NewReader(markers[3]))
	for name, scan := range map[string]func() ([]Hit, error){
		"no sources":   func() ([]Hit, error) { return Scan(nil, markers) },
		"no markers":   func() ([]Hit, error) { return Scan([]Source{empty()}, nil) },
		"short marker": func() ([]Hit, error) { return Scan([]Source{good}, []string{"Zoë"}) },
		"two lines":    func() ([]Hit, error) { return Scan([]Source{good}, []string{"12 Canary Lane\nFlat 7f3"}) },
		"missing file": func() ([]Hit, error) { return Scan([]Source{missing}, markers) },
		"empty source": func() ([]Hit, error) { return Scan([]Source{empty()}, markers) },
	} {
		if _, err := scan(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	hits, err := Scan([]Source{missing, good, empty()}, markers)
	if err == nil || len(hits) != 1 {
		t.Errorf("beside what fails, the good source gives %v, %v", hits, err)
	}
}

func FuzzSpreadRecords(f *testing.F) {
	file, err := os.ReadFile("testdata/spread.db")
	if err != nil {
		f.Fatal(err)
	}
	wal, err := os.ReadFile("testdata/spread.db-wal")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file, wal)
	f.Add(file, []byte{})
	f.Add([]byte(nil), wal)
	f.Fuzz(func(_ *testing.T, file, wal []byte) { spreadRecords(file, wal) }) // it must end, without a panic
}

func FuzzScan(f *testing.F) {
	for _, encode := range encoders {
		f.Add(encode(markers[1]))
	}
	f.Fuzz(func(t *testing.T, around string) { // whatever lies around, a marker between line breaks is found
		mustFind(t, around+"\n"+markers[3]+"\n"+around, markers[3])
	})
}

func scanText(t *testing.T, text string, markers ...string) []Hit {
	t.Helper()
	hits, err := Scan([]Source{Reader("text", strings.NewReader(text))}, markers)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func mustFind(t *testing.T, text, marker string) {
	t.Helper()
	if hits := scanText(t, text, marker); len(hits) != 1 {
		t.Errorf("%q is not found in %q: %v", marker, text, hits)
	}
}

func noise(random *rand.Rand) string {
	b := make([]byte, random.IntN(200))
	for i := range b {
		b[i] = " abcXYZ019+/=%\\\"&\n"[random.IntN(18)]
	}
	return string(b)
}

func asciiUpper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

func asJSON(s string) string {
	b, _ := json.Marshal(s) // a string
	return string(b)
}

func asJSONLeavingHTML(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string, into memory
	return b.String()
}

// asJSONInASCII is how Python and PHP write JSON, slashes included.
func asJSONInASCII(s string) string {
	var b strings.Builder
	for _, r := range asJSON(s) {
		if r > 0x7e {
			for _, unit := range utf16Of(r) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
			continue
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), "/", `\/`)
}

func utf16Of(r rune) []uint16 {
	if r < 0x10000 {
		return []uint16{uint16(r)}
	}
	r -= 0x10000
	return []uint16{uint16(0xd800 + r>>10), uint16(0xdc00 + r&0x3ff)}
}

func inOctal(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, `\%03o`, c)
	}
	return b.String()
}

func spaced(s, between string) string {
	pairs := make([]string, len(s))
	for i := range len(s) {
		pairs[i] = hex.EncodeToString([]byte{s[i]})
	}
	return strings.Join(pairs, between)
}

func asQuotedPrintable(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(w, strings.Repeat("-", 60)+s) // so that a line ends within it
	_ = w.Close()
	return b.String()
}

func broken(s string, width int) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\r\n")
		s = s[width:]
	}
	return b.String() + s
}
