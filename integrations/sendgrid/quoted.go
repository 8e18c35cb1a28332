package sendgrid

import (
	"regexp"
	"strings"
)

// maxReply bounds what is looked at: a reply that a person wrote is far shorter.
const maxReply = 64 << 10

// CutQuoted returns what the sender wrote: without the mail that it quotes, the line that introduces it, and the signature. Answers
// below or between quoted lines stay. It errs on the side of showing too much: own words that are cut away look as if nobody wrote
// them, though the whole text is kept beside it.
func CutQuoted(text string) string {
	if len(text) > maxReply {
		text = strings.ToValidUTF8(text[:maxReply], "")
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	q := quotes{lines: lines, quoted: make([]bool, len(lines))}
	q.introductions()
	q.markedLines()
	q.signature()
	own := q.own(q.end)
	if own == "" { // the answer stands below what it quotes
		own = q.own(len(lines))
	}
	return own
}

// quotes tells the lines of a mail apart.
type quotes struct {
	lines  []string
	quoted []bool // not the sender's words
	end    int    // from here on nothing is: the quote has no marks of its own
}

func (q *quotes) own(end int) string {
	var out []string
	for i, l := range q.lines[:end] {
		if !q.quoted[i] {
			out = append(out, strings.TrimRight(l, " \t"))
		}
	}
	return strings.TrimSpace(gaps.ReplaceAllString(strings.Join(out, "\n"), "\n\n"))
}

// introductions finds the lines with which programs introduce what they quote. What follows them is the quote: the lines with a mark,
// or, where the next one has none, everything.
func (q *quotes) introductions() {
	q.end = len(q.lines)
	for i := 0; i < q.end; i++ {
		length := introduction(q.lines, i)
		if length == 0 {
			continue
		}
		for j := range length {
			q.quoted[i+j] = true
		}
		if !marked(q.lines, nextWords(q.lines, i+length)) && !marked(q.lines, i) {
			q.end = i
		}
		i += length - 1
	}
}

// markedLines takes the lines that begin with ">". One alone that goes on with a number, far from any introduction, is somebody's
// "more than": "> 40k views".
func (q *quotes) markedLines() {
	introduced := false
	for i := range q.end {
		introduced = introduced || q.quoted[i]
		if !marked(q.lines, i) {
			continue
		}
		alone := !introduced && !marked(q.lines, i-1) && !marked(q.lines, i+1)
		q.quoted[i] = q.quoted[i] || !alone || !moreThan.MatchString(q.lines[i])
	}
}

// maxSignature is how many lines a signature may have. What is longer below the dashes is the mail itself.
const maxSignature = 8

// signature takes off what stands below "-- ", and the line in which a telephone names itself.
func (q *quotes) signature() {
	for i := range q.end {
		if sentFrom.MatchString(strings.TrimSpace(q.lines[i])) {
			q.quoted[i] = true
		}
		if q.lines[i] != "-- " {
			continue
		}
		below := i + 1
		for below < q.end && !q.quoted[below] {
			below++
		}
		if below-i > maxSignature {
			continue
		}
		for j := i; j < below; j++ {
			q.quoted[j] = true
		}
	}
}

func marked(lines []string, i int) bool {
	return i >= 0 && i < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i]), ">")
}

// nextWords is the first line at or after i that is not empty.
func nextWords(lines []string, i int) int {
	for i < len(lines) && strings.TrimSpace(lines[i]) == "" {
		i++
	}
	return i
}

var (
	gaps     = regexp.MustCompile(`\n{3,}`) // where a quote was
	moreThan = regexp.MustCompile(`^\s*>\s?[$€£¥]?\p{Nd}`)
	// How telephones and their programs sign, in the languages that creators write most.
	sentFrom = regexp.MustCompile(`(?i)^(?:(?:sent (?:from|via|with)|get|von (?:meine[mr]|unterwegs)|gesendet (?:von|mit)|envoyé (?:de|à|avec)|enviado (?:de|do|con|com|a partir)|inviat[oa] d|verzonden v|verstuurd v|skickat från|sendt fra|lähetetty|wysłan[eo] z|отправлено (?:с|из)|odesláno z)` +
		`[^.!?;:]{0,40}(?:iphone|ipad|android|outlook|galaxy|samsung|huawei|yahoo mail|gmail|proton|blackberry|handy|smartphone|mobil)[^.!?;:]{0,40}(?:<[^>]*>)?\.?` +
		`|(?:iphone|ipad)(?:から送信|[’'‘]?(?:um)?dan gönderildi)|나의 (?:iphone|ipad)에서 보냄|(?:發自我的|发自我的) ?(?:iphone|ipad)|أرسلت من .{0,20}(?:iphone|ipad))$`)
)
