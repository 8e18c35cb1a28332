package slack

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// reader is for whom something is drawn: names and dates are as that person sees them.
type reader struct {
	zone *time.Location
	now  time.Time
	room func(id string) (name string, ok bool)
}

// text draws a text object. What it gives is safe: every sign of the text is escaped but for the markup found there.
func (d reader) text(t kitObject) template.HTML {
	if t.text("type") == "plain_text" {
		s := html.EscapeString(t.text("text"))
		return safe(strings.ReplaceAll(emojis(s), "\n", "<br>"))
	}
	return d.mrkdwn(t.text("text"))
}

//nolint:gosec // each caller has escaped what people wrote
func safe(s string) template.HTML { return template.HTML(s) }

// mrkdwn draws Slack's markup: blocks of code, quotes, then what stands in a line.
func (d reader) mrkdwn(s string) template.HTML {
	var out strings.Builder
	for i, part := range strings.Split(s, "```") {
		if i%2 == 1 && strings.Count(s, "```") > i { // between two of them
			out.WriteString("<pre>" + escaped(strings.Trim(part, "\n")) + "</pre>")
			continue
		}
		if i%2 == 1 {
			part = "```" + part
		}
		d.lines(&out, part)
	}
	return safe(out.String())
}

func (d reader) lines(out *strings.Builder, s string) {
	quoted, first := false, true
	for line := range strings.SplitSeq(s, "\n") {
		text, is := strings.CutPrefix(line, "&gt;")
		if !is {
			text, is = strings.CutPrefix(line, ">")
		}
		switch {
		case is && !quoted:
			out.WriteString("<blockquote>")
		case !is && quoted:
			out.WriteString("</blockquote>")
		case !first:
			out.WriteString("<br>")
		}
		quoted, first = is, false
		if is {
			text = strings.TrimPrefix(text, " ")
		}
		out.WriteString(d.inline(text))
	}
	if quoted {
		out.WriteString("</blockquote>")
	}
}

// escaped escapes a text in which Slack has escaped its three signs already.
func escaped(s string) string {
	return html.EscapeString(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s))
}

// marks are the signs around words, with what they mean.
var marks = map[byte]string{'*': "strong", '_': "em", '~': "s"}

// inline draws one line.
func (d reader) inline(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		drawn, taken := d.bit(s, i)
		if taken == 0 {
			_, taken = utf8.DecodeRuneInString(s[i:])
			if entity := entityAt(s[i:]); entity != "" {
				taken = len(entity)
			}
			drawn = escaped(s[i : i+taken])
		}
		out.WriteString(drawn)
		i += taken
	}
	return out.String()
}

func entityAt(s string) string {
	for _, e := range []string{"&lt;", "&gt;", "&amp;"} {
		if strings.HasPrefix(s, e) {
			return e
		}
	}
	return ""
}

// bit draws the markup that begins at i, taken 0 when none does.
func (d reader) bit(s string, i int) (drawn string, taken int) {
	rest := s[i:]
	switch c := s[i]; c {
	case '`':
		if end := strings.IndexByte(rest[1:], '`'); end > 0 {
			return "<code>" + escaped(rest[1:1+end]) + "</code>", end + 2
		}
	case '<':
		if end := strings.IndexByte(rest, '>'); end > 1 {
			return d.token(rest[1:end]), end + 1
		}
	case '*', '_', '~':
		if end := closing(s, i); end > 0 {
			return "<" + marks[c] + ">" + d.inline(s[i+1:end]) + "</" + marks[c] + ">", end + 1 - i
		}
	case ':':
		if m := emojiName.FindString(rest); m != "" && emoji[strings.Trim(m, ":")] != "" {
			return emoji[strings.Trim(m, ":")], len(m)
		}
	case 'h':
		if m := bareLink.FindString(rest); m != "" && boundary(s, i) {
			return link(m, escaped(m)), len(m)
		}
	}
	return "", 0
}

var (
	emojiName = regexp.MustCompile(`^:[a-z0-9_+-]+:`)
	bareLink  = regexp.MustCompile(`^https?://[^\s<>|]*[^\s<>|.,;:!?)]`)
)

// closing finds the sign that ends what begins at i: words stand close to both, and neither stands within a word.
func closing(s string, i int) int {
	if !boundary(s, i) || i+1 >= len(s) || s[i+1] == ' ' || s[i+1] == s[i] {
		return 0
	}
	for j := i + 2; j < len(s); j++ {
		if s[j] != s[i] || s[j-1] == ' ' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[j+1:])
		if j+1 == len(s) || !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return j
		}
	}
	return 0
}

// boundary says whether no word runs into i.
func boundary(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	return i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// token draws what stands between < and >: a person, a channel, a date, everybody, or a link.
func (d reader) token(s string) string {
	what, label, _ := strings.Cut(s, "|")
	switch {
	case strings.HasPrefix(what, "@"):
		return d.mention(what[1:])
	case strings.HasPrefix(what, "#"):
		return d.channel(what[1:], label)
	case strings.HasPrefix(what, "!date^"):
		parts := strings.SplitN(what[len("!date^"):], "^", 3)
		at, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil || len(parts) < 2 {
			return escaped(label)
		}
		text := d.date(at, parts[1], label)
		if len(parts) == 3 {
			return link(parts[2], text)
		}
		return text
	case strings.HasPrefix(what, "!"):
		return `<span class="mention">@` + escaped(strings.TrimPrefix(what, "!")) + "</span>"
	}
	if label == "" {
		label = strings.TrimPrefix(what, "mailto:")
	}
	return link(what, escaped(label))
}

// link leads out of the page, and nowhere but to pages and mail.
func link(to, drawn string) string {
	to = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(to)
	if !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "mailto:") {
		return drawn
	}
	return `<a href="` + html.EscapeString(to) + `" target="_blank" rel="noopener">` + drawn + "</a>"
}

func (d reader) mention(id string) string {
	name := id
	if who, known := userByID(id); known {
		name = who.RealName
	}
	if id == botID {
		name = "Rapport"
	}
	return `<span class="mention">@` + html.EscapeString(name) + "</span>"
}

func (d reader) channel(id, label string) string {
	if name, ok := d.room(id); ok {
		label = name
	}
	return `<span class="mention">#` + escaped(label) + "</span>"
}

// dateForms are Slack's words for the forms of a date.
var dateForms = map[string]string{
	"{date_num}": time.DateOnly, "{date}": "January 2, 2006", "{date_short}": "Jan 2, 2006", "{date_long}": "Monday, January 2, 2006",
	"{date_pretty}": "January 2, 2006", "{date_short_pretty}": "Jan 2, 2006", "{date_long_pretty}": "Monday, January 2, 2006", "{day_divider_pretty}": "Monday, January 2",
	"{time}": "3:04 PM", "{time_secs}": "3:04:05 PM",
}

var dateForm = regexp.MustCompile(`\{[a-z_]+\}`)

// date writes an instant in the reader's zone; its title is what everybody else would read who cannot see it.
func (d reader) date(unix int64, form, fallback string) string {
	at := time.Unix(unix, 0).In(d.zone)
	text := dateForm.ReplaceAllStringFunc(form, func(name string) string {
		if name == "{ago}" {
			return ago(d.now.Sub(at))
		}
		layout, known := dateForms[name]
		if !known {
			return name
		}
		if strings.HasSuffix(name, "_pretty}") {
			if near := d.nearby(at); near != "" {
				return near
			}
		}
		return at.Format(layout)
	})
	return fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`, at.UTC().Format(time.RFC3339), html.EscapeString(fallback), escaped(text))
}

// nearby is a day's name when it is next to today, "" otherwise.
func (d reader) nearby(at time.Time) string {
	today := d.now.In(d.zone)
	for name, days := range map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1} {
		if at.Format(time.DateOnly) == today.AddDate(0, 0, days).Format(time.DateOnly) {
			return name
		}
	}
	return ""
}

func ago(d time.Duration) string {
	word := "%s ago"
	if d < 0 {
		d, word = -d, "in %s"
	}
	switch {
	case d < time.Hour:
		return fmt.Sprintf(word, plural(int(d.Minutes()), "minute"))
	case d < 48*time.Hour:
		return fmt.Sprintf(word, plural(int(d.Hours()), "hour"))
	}
	return fmt.Sprintf(word, plural(int(d.Hours()/24), "day"))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// emojis puts the signs in the place of their names, in a text that is escaped.
func emojis(s string) string {
	return anyEmoji.ReplaceAllStringFunc(s, func(m string) string {
		if sign := emoji[strings.Trim(m, ":")]; sign != "" {
			return sign
		}
		return m
	})
}

var anyEmoji = regexp.MustCompile(`:[a-z0-9_+-]+:`)

// emoji are those that apps such as ours use; others stay as they are named.
var emoji = map[string]string{
	"+1": "👍", "-1": "👎", "thumbsup": "👍", "tada": "🎉", "wave": "👋", "eyes": "👀", "heart": "❤️", "fire": "🔥", "rocket": "🚀", "sparkles": "✨", "star": "⭐",
	"white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️", "no_entry": "⛔", "rotating_light": "🚨", "bulb": "💡", "question": "❓",
	"hourglass": "⌛", "hourglass_flowing_sand": "⏳", "alarm_clock": "⏰", "calendar": "📅", "date": "📅", "bell": "🔔", "no_bell": "🔕", "lock": "🔒",
	"package": "📦", "truck": "🚚", "envelope": "✉️", "email": "📧", "incoming_envelope": "📨", "speech_balloon": "💬", "memo": "📝", "pencil": "📝", "pencil2": "✏️",
	"paperclip": "📎", "page_facing_up": "📄", "clipboard": "📋", "bar_chart": "📊", "chart_with_upwards_trend": "📈", "moneybag": "💰", "dollar": "💵",
	"credit_card": "💳", "receipt": "🧾", "gift": "🎁", "camera": "📷", "movie_camera": "🎥", "link": "🔗", "mag": "🔍", "pushpin": "📌", "round_pushpin": "📍",
	"palm_tree": "🌴", "house": "🏠", "zzz": "💤", "red_circle": "🔴", "large_blue_circle": "🔵", "large_green_circle": "🟢", "large_yellow_circle": "🟡",
	"small_blue_diamond": "🔹", "arrow_right": "➡️", "arrows_counterclockwise": "🔄", "leftwards_arrow_with_hook": "↩️", "double_vertical_bar": "⏸️", "arrow_forward": "▶️",
	"octagonal_sign": "🛑", "handshake": "🤝", "busts_in_silhouette": "👥", "bust_in_silhouette": "👤", "candle": "🕯️", "herb": "🌿", "sleeping": "😴", "smile": "😄",
}
