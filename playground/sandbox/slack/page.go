package slack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// The page on which people of the workspace sit: channels, messages, threads, forms and the app's home tab, as one of them. It works without
// a script, by links and forms; with it, forms open at once and what others do appears by itself.

// messagesShown bounds a list on the page.
const messagesShown = 100

// where is what a person looks at. It is the page's address.
type where struct {
	User, Channel, Thread, Before string
	Home, Pins, List              bool // the app's home tab; a channel's pins; on a phone: the channels
}

func (s *service) whereOf(r *http.Request) where {
	at := where{
		User: r.FormValue("user"), Channel: r.FormValue("channel"), Thread: r.FormValue("thread"), Before: r.FormValue("before"),
		Home: r.FormValue("home") != "", Pins: r.FormValue("pins") != "", List: r.FormValue("list") != "",
	}
	u, ok := userByID(at.User)
	if !ok {
		u = members[0]
		at.User = u.ID
	}
	if room, ok := s.roomOf(at.Channel); !ok || !room.holds(u) {
		at.Channel, at.Thread = s.keys["slack_channel"], ""
	}
	if at.Home {
		at.Channel, at.Thread = "D"+u.ID, ""
	}
	return at
}

// To is the address of the same place with something else in it: pairs of names and values.
func (at where) To(pairs ...string) string {
	q := url.Values{"user": {at.User}, "channel": {at.Channel}}
	for name, value := range map[string]string{"thread": at.Thread, "home": mark(at.Home), "pins": mark(at.Pins)} {
		q.Set(name, value)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	for name, values := range q {
		if values[0] == "" {
			delete(q, name)
		}
	}
	return pagePath + "?" + q.Encode()
}

func mark(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// chatPage is what the page shows.
type chatPage struct {
	where
	Me       member
	Status   string
	Zone     string
	People   []member
	Rooms    []room
	Room     room
	Lines    []line
	Older    string // where the messages before these are
	Pinned   []line
	Head     *line // of the thread that is open
	Replies  []line
	HomeView string // its id, "" while the app has shown none
	HomeTab  []drawn
	Modal    *modalView
	Notice   string
	Failed   bool
	Script   string
}

// line is a message.
type line struct {
	ID, Channel, TS, Thread string
	Who, Initial            string
	App, System             bool
	At                      template.HTML
	Day                     string // when it is the first of its day
	Text                    template.HTML
	Parts                   []drawn
	Edited, Pinned, Only    bool
	Broadcast               bool
	Answers                 string // how many, "" for none
	Kind, Key               string
}

// modalView is an open modal as a form.
type modalView struct {
	ID, Hash, Title, Submit, Close string
	Back, Wrong                    bool
	Parts                          []drawn
}

func (s *service) chatPage(at where) chatPage {
	u, _ := userByID(at.User)
	presence := s.presenceOf(u)
	zone := sandbox.Must(zoneNamed(presence.Zone))
	d := chatPage{where: at, Me: u, Zone: presence.Zone, People: members, Status: emojis(strings.TrimSpace(presence.StatusEmoji + " " + presence.StatusText))}
	d.Room, _ = s.roomOf(at.Channel)
	for _, r := range s.allRooms() {
		if r.holds(u) {
			d.Rooms = append(d.Rooms, r)
		}
	}
	reading := reader{zone: zone, now: s.Now(), room: func(id string) (string, bool) { r, ok := s.roomOf(id); return r.name, ok }}
	switch {
	case at.Home:
		if v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Home && v.User == u.ID }); v != nil {
			d.HomeView, d.HomeTab = v.ID, s.sheet(reading, "h", v).blocks(blocksOf(v))
		}
	case at.Pins:
		for _, p := range slices.Backward(s.st.Pins) {
			if m := s.messageOf(p.Channel, p.TS); m != nil && p.Channel == at.Channel {
				d.Pinned = append(d.Pinned, s.line(reading, m))
			}
		}
	default:
		s.fillFeed(&d, reading)
	}
	s.fillThread(&d, reading)
	d.Modal = s.modalOf(reading, u.ID)
	return d
}

// sees says whether a person sees a message.
func sees(user string, m *message) bool {
	return !m.Deleted && (m.Ephemeral == "" || m.Ephemeral == user)
}

func (s *service) fillFeed(d *chatPage, reading reader) {
	for _, m := range slices.Backward(s.st.Messages) {
		if m.Channel != d.Channel || m.ThreadTS != "" && !m.Broadcast || !sees(d.User, m) || d.Before != "" && micros(m.TS) >= micros(d.Before) {
			continue
		}
		if len(d.Lines) == messagesShown {
			d.Older = d.To("before", d.Lines[messagesShown-1].TS)
			break
		}
		d.Lines = append(d.Lines, s.line(reading, m))
	}
	slices.Reverse(d.Lines)
	day := ""
	for i := range d.Lines {
		at := time.UnixMicro(micros(d.Lines[i].TS)).In(reading.zone)
		name := cmp.Or(reading.nearby(at), at.Format("Monday, January 2"))
		if name != day {
			d.Lines[i].Day, day = strings.ToUpper(name[:1])+name[1:], name
		}
	}
}

func (s *service) fillThread(d *chatPage, reading reader) {
	head := s.messageOf(d.Channel, d.Thread)
	if d.Thread == "" || head == nil || !sees(d.User, head) {
		d.Thread = ""
		return
	}
	drawn := s.line(reading, head)
	d.Head = &drawn
	d.Head.ID = "t" + d.Head.ID
	for _, m := range s.st.Messages {
		if m.Channel == d.Channel && m.ThreadTS == head.TS && sees(d.User, m) {
			l := s.line(reading, m)
			l.ID = "t" + l.ID
			d.Replies = append(d.Replies, l)
		}
	}
}

func (s *service) line(reading reader, m *message) line {
	key, kind := m.payload()
	at := time.UnixMicro(micros(m.TS)).In(reading.zone)
	l := line{
		ID: "m" + strings.ReplaceAll(m.TS, ".", "-"), Channel: m.Channel, TS: m.TS, Thread: cmp.Or(m.ThreadTS, m.TS), Who: "Rapport", Initial: "R", App: m.User == "",
		System: m.Subtype != "", Edited: m.Edited, Pinned: s.pinned(m.Channel, m.TS), Only: m.Ephemeral != "", Broadcast: m.Broadcast, Kind: kind, Key: key,
		At: safe(reading.date(at.Unix(), "{time}", at.Format(time.RFC1123))),
	}
	if u, ok := userByID(m.User); ok {
		l.Who, l.Initial = u.RealName, u.RealName[:1]
	}
	sheet := s.sheet(reading, l.ID, nil)
	l.Parts = sheet.blocks(m.Blocks)
	if len(l.Parts) == 0 {
		l.Text = reading.mrkdwn(m.Text)
	}
	n := 0
	for _, r := range s.st.Messages {
		if r.ThreadTS == m.TS && r.Channel == m.Channel && !r.Deleted && r.Ephemeral == "" {
			n++
		}
	}
	switch n {
	case 0:
	case 1:
		l.Answers = "1 reply"
	default:
		l.Answers = strconv.Itoa(n) + " replies"
	}
	return l
}

// sheet begins to draw blocks; v is the view that they stand in, nil for a message.
func (s *service) sheet(reading reader, prefix string, v *view) *sheet {
	d := &sheet{reader: reading, s: s, prefix: prefix + "-"}
	if v != nil {
		d.state, d.errors = v.state(), v.Errors
	}
	return d
}

func blocksOf(v *view) json.RawMessage { return sandbox.Must(json.Marshal(v.source()["blocks"])) }

// modalOf is the modal that a person has before them: the newest that no other lies on.
func (s *service) modalOf(reading reader, user string) *modalView {
	for _, v := range slices.Backward(s.st.Views) {
		if !v.Open || v.Home || v.User != user || s.covered(v) {
			continue
		}
		word := func(name, otherwise string) string {
			t, _ := v.source().object(name)
			return emojis(cmp.Or(t.text("text"), otherwise))
		}
		return &modalView{
			ID: v.ID, Hash: v.Hash, Title: word("title", ""), Submit: word("submit", ""), Close: word("close", "Cancel"), Back: v.Previous != "",
			Wrong: len(v.Errors) > 0, Parts: s.sheet(reading, "v", v).blocks(blocksOf(v)),
		}
	}
	return nil
}

// render draws the page, or its body alone.
func (s *service) render(name string, d chatPage) []byte {
	var out bytes.Buffer
	d.Script = scriptPath
	if err := pages.ExecuteTemplate(&out, name, d); err != nil {
		return []byte("the page cannot be drawn: " + template.HTMLEscapeString(err.Error()))
	}
	return out.Bytes()
}

// getPage shows the page.
func (s *service) getPage(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	d := s.chatPage(s.whereOf(r))
	d.Notice, d.Failed = r.FormValue("notice"), r.FormValue("failed") != ""
	out := s.render("slack.html", d)
	s.Unlock()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Write(out) //nolint:gosec // G705: html/template has escaped it, and what is drawn by hand escapes all that people wrote
}
