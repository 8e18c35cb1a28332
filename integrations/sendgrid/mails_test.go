package sendgrid

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"golang.org/x/net/html"
)

// tableMail is a mail as some program writes it, and what a reader has to make of it.
type tableMail struct {
	kind, name string
	pairs      []string // as Inbound Parse delivers it
	raw        string   // "" of one that comes in fields
	reply      *string  // exactly this is theirs
	contains   string   // this is among what is theirs, where exactly is a matter of taste
	whole      []string // these words are kept, theirs or quoted
	machine    bool
	files      []string // "?" for one without a name
}

// tableMails reads testdata/mails. A line that begins with ##### says what is expected of the mail below it; {{0d}} is a byte. Each mail
// is played with both line ends that mails have.
func tableMails(t *testing.T) (all []tableMail) {
	t.Helper()
	paths, err := filepath.Glob("testdata/mails/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(filepath.Base(path), ".txt")
		for i, block := range strings.Split(string(text), "##### name: ")[1:] {
			m := readTableMail(kind, block)
			nl := "\n"
			if i%2 == 0 {
				nl = "\r\n"
			}
			m.raw = strings.ReplaceAll(m.raw, "\n", nl)
			m.raw = rawByte.ReplaceAllStringFunc(m.raw, func(s string) string {
				var b byte
				_, _ = fmt.Sscanf(s, "{{%x}}", &b)
				return string([]byte{b})
			})
			m.pairs = append(m.pairs, "email", m.raw)
			all = append(all, m)
		}
	}
	return append(all, shapes(t)...)
}

var rawByte = regexp.MustCompile(`\{\{[0-9a-f]{2}\}\}`)

func readTableMail(kind, block string) tableMail {
	name, rest, _ := strings.Cut(block, "\n")
	m := tableMail{kind: kind, name: name}
	envelope := "lena@mail.example"
	for {
		line, below, _ := strings.Cut(rest, "\n")
		said, directive := strings.CutPrefix(line, "##### ")
		if !directive {
			break
		}
		rest = below
		what, value, _ := strings.Cut(said, ":")
		value = strings.TrimPrefix(value, " ")
		switch what {
		case "reply":
			if m.reply != nil {
				value = *m.reply + "\n" + value
			}
			m.reply = &value
		case "contains":
			m.contains = value
		case "whole":
			m.whole = append(m.whole, value)
		case "machine":
			m.machine = true
		case "envelope":
			envelope = value
		case "files":
			m.files = strings.Split(value, ", ")
		}
	}
	m.raw = rest
	m.pairs = []string{"envelope", `{"to":["reply+abc@reply.rapport.example"],"from":"` + envelope + `"}`}
	return m
}

// shapes are the mails that the front door's tests play too, most of them in fields.
func shapes(t *testing.T) (all []tableMail) {
	t.Helper()
	text, err := os.ReadFile("../../web/testdata/replies.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name, Subject, From, Headers, Text, HTML, Raw, Charset string

		EnvFrom *string
		Bytes   []byte `json:"text_base64"`
		Files   []struct{ Name string }
		Want    struct {
			Reply   string
			Machine bool
			Files   []string
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		from := "mira@mail.example"
		if s.EnvFrom != nil {
			from = *s.EnvFrom
		}
		charsets, _ := json.Marshal(map[string]string{"text": s.Charset})
		m := tableMail{kind: "shapes", name: s.Name, reply: &s.Want.Reply, machine: s.Want.Machine, files: s.Want.Files}
		m.pairs = []string{"envelope", `{"to":["reply+abc@reply.rapport.example"],"from":"` + from + `"}`, "headers", s.Headers, "from", s.From, "subject", s.Subject}
		switch {
		case s.Raw != "":
			m.raw = "Subject: " + s.Subject + "\r\n" + s.Raw
			m.pairs = append(m.pairs, "email", m.raw)
		case s.HTML != "":
			m.pairs = append(m.pairs, "html", s.HTML)
		default:
			m.pairs = append(m.pairs, "text", s.Text+string(s.Bytes), "charsets", string(charsets))
			m.whole = append(m.whole, s.Text)
		}
		for _, f := range s.Files {
			m.pairs = append(m.pairs, "@"+f.Name, "\x00")
			m.files = []string{"a.png"} // as delivery names it
		}
		for i, name := range m.files {
			m.files[i] = cmp.Or(name, "?")
		}
		all = append(all, m)
	}
	return all
}

// words are text without how it is laid out.
func wordsIn(s string) []string { return strings.Fields(unseen.Replace(s)) }

// misses are the words of said that kept does not hold, in order.
func misses(kept, said string) (missing []string) {
	have := strings.Join(wordsIn(kept), "")
	for _, w := range wordsIn(said) {
		if !strings.Contains(have, w) {
			missing = append(missing, w)
		}
	}
	return missing
}

// said is what a reader of another make finds in a mail that is well formed: every text that is no file.
func said(raw string) (text string, whole bool) {
	e, err := message.Read(strings.NewReader(raw))
	if err != nil {
		return "", false
	}
	var b strings.Builder
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		media, of, err := part.Header.ContentType()
		if err != nil {
			return err
		}
		disposition, _, _ := part.Header.ContentDisposition()
		if disposition == "attachment" || of["name"] != "" || part.MultipartReader() != nil {
			return nil
		}
		content, err := io.ReadAll(part.Body)
		switch media {
		case "text/plain":
			b.Write(append(content, '\n'))
		case "text/html":
			b.WriteString(htmlWords(content))
		}
		return err
	})
	return strings.ReplaceAll(b.String(), "\x00", "\uFFFD"), err == nil && utf8.ValidString(b.String())
}

func htmlWords(content []byte) string {
	doc, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && !slices.Contains([]string{"script", "style", "title"}, n.Parent.Data) {
			b.WriteString(n.Data + " ")
		}
	}
	return b.String()
}

// TestTheTableOfMails holds every mail against what it is: nothing of it is lost, its writer's words are told from the others, and
// machines from people.
func TestTheTableOfMails(t *testing.T) {
	t.Parallel()
	var all, cut, wrong, lost, asPerson, asMachine, files, second int
	kinds := map[string]bool{}
	for _, m := range tableMails(t) {
		all++
		kinds[m.kind] = true
		body, contentType := delivery(t, m.pairs...)
		in, err := ParseInbound(body, contentType)
		if err != nil {
			lost++
			t.Errorf("%s/%s: lost: %v", m.kind, m.name, err)
			continue
		}
		if m.reply != nil && trimmed(in.Reply) != trimmed(*m.reply) || m.contains != "" && !strings.Contains(in.Reply, m.contains) {
			wrong++
			want := m.contains
			if m.reply != nil {
				want = *m.reply
			}
			t.Logf("%s/%s: cut as %q, want %q", m.kind, m.name, in.Reply, want)
		} else {
			cut++
		}
		expected := append(slices.Clone(m.whole), m.contains)
		if m.reply != nil {
			expected = append(expected, *m.reply)
		}
		if other, whole := said(m.raw); whole && m.raw != "" {
			second++
			expected = append(expected, other)
		}
		for _, words := range expected {
			if missing := misses(in.Text+htmlWords([]byte(in.HTML)), words); len(missing) > 0 {
				lost++
				t.Errorf("%s/%s: the words %q are lost; kept is %q", m.kind, m.name, missing, in.Text)
				break
			}
		}
		switch {
		case m.machine && !in.AutoReply:
			asPerson++
			t.Errorf("%s/%s: a machine is a sign of life", m.kind, m.name)
		case !m.machine && in.AutoReply:
			asMachine++
			t.Errorf("%s/%s: a person is taken for a machine", m.kind, m.name)
		}
		if names := fileNames(in.Files); names != strings.Join(m.files, ", ") {
			files++
			t.Errorf("%s/%s: files %q, want %q", m.kind, m.name, names, strings.Join(m.files, ", "))
		}
	}
	t.Logf("%d mails of %d kinds: cut right %d (%.1f %%), words lost in %d (%d read a second way too), machines taken for people %d, people for machines %d, files wrong in %d",
		all, len(kinds), cut, 100*float64(cut)/float64(all), lost, second, asPerson, asMachine, files)
	if all < 120 || wrong*20 > all {
		t.Errorf("%d of %d mails are cut wrong, at most one in twenty may be", wrong, all)
	}
}

func trimmed(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \r\t")
	}
	return strings.Join(lines, "\n")
}

func fileNames(files []File) string {
	var names []string
	for _, f := range files {
		if f.Name == "" {
			f.Name = "?"
		}
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// FuzzMails: whatever bytes come as a mail, it is read, and what a person can see in its bytes is kept.
func FuzzMails(f *testing.F) {
	paths, _ := filepath.Glob("testdata/mails/*.txt")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "##### name: ")[1:] {
			f.Add([]byte(readTableMail("", block).raw))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		body, contentType := delivery(t, "envelope", envelope, "email", string(raw))
		in, err := ParseInbound(body, contentType)
		if err != nil && !errors.Is(err, ErrNotMultipart) || err == nil && in.ID == "" {
			t.Fatalf("%v %+v", err, in)
		}
		if missing := misses(in.Text, in.Reply); len(missing) > 0 && in.Text != "" {
			t.Fatalf("the words %q are shown as theirs and stand nowhere in the mail: %q", missing, in.Text)
		}
		for i, f := range in.Files {
			if len(f.Content) != f.Size {
				t.Fatalf("file %d has %d bytes, and says %d", i, len(f.Content), f.Size)
			}
		}
	})
}
