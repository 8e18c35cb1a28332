package troubles

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// books are one trouble, and who launched what runs.
type books struct {
	trouble partnership.Trouble
	told    string
}

func (b *books) OpenTroubles(context.Context) ([]partnership.Trouble, error) {
	return []partnership.Trouble{b.trouble}, nil
}

func (b *books) UntoldTroubles(context.Context) ([]partnership.Trouble, error) {
	return []partnership.Trouble{b.trouble}, nil
}

func (b *books) ToldTrouble(_ context.Context, _ partnership.Trouble, _ partnership.MessageRef, state string) error {
	b.told = state
	return nil
}
func (*books) EndOldTroubles(context.Context, time.Time) error { return nil }

func (*books) OwnersInChat(_ context.Context, chat string) ([]store.ChatOwner, error) {
	return []store.ChatOwner{{Who: chat + ":U1", Campaigns: []string{"Dreams", "Evenings"}}, {Who: chat + ":U2", Campaigns: []string{"Noon"}}}, nil
}

// chat posts once under a key, as the doors' poster does, and takes nothing in its own channel.
type chat struct {
	said   []partnership.Message
	refuse string // whom it takes nothing for
}

func (c *chat) Post(_ context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	if m.Channel == c.refuse {
		return partnership.MessageRef{}, errors.New("is_archived")
	}
	if !slices.ContainsFunc(c.said, func(s partnership.Message) bool { return s.Key == m.Key }) {
		c.said = append(c.said, m)
	}
	return partnership.MessageRef{Channel: m.Channel, TS: "1"}, nil
}

func (*chat) UpdateMessage(context.Context, partnership.MessageRef, partnership.Message) error {
	return nil
}

func board(kept *books, chat *chat) *Board {
	b := &Board{Store: kept, Poster: chat, Editor: chat, Chat: "talk", Title: func(v string) string { return v }, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	b.Register(prometheus.NewRegistry())
	return b
}

// A channel that takes nothing is told of to those whose campaigns run, in their direct messages, once, with what to do.
func TestAChannelThatTakesNothingIsToldOfDirectly(t *testing.T) {
	t.Parallel()
	kept := &books{trouble: partnership.Trouble{Vendor: "talk/post_message", Kind: partnership.RefusesAll, Words: "the channel is archived: open it again", Since: time.Now()}}
	talk := &chat{}
	b := board(kept, talk)
	for range 3 {
		if err := b.tell(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(talk.said) != 2 || talk.said[0].Channel != "U1" || talk.said[1].Channel != "U2" || kept.told != "" {
		t.Fatalf("%+v, told %q", talk.said, kept.told)
	}
	for _, part := range []string{"Dreams, Evenings", "The channel is archived: open it again.", "Nothing is lost", "/rapport decisions"} {
		if m := talk.said[0]; !strings.Contains(m.Text+m.Body, part) {
			t.Errorf("%q does not say %q", m.Text+" "+m.Body, part)
		}
	}
	talk.refuse = "nobody's" // it is mended
	if err := b.tell(t.Context()); err != nil || len(talk.said) != 3 || talk.said[2].Channel != "" || kept.told != "open" {
		t.Errorf("%v, %+v, told %q", err, talk.said, kept.told)
	}
}

// What stands between us and another vendor, or the chat as a whole, is nobody's direct message.
func TestOtherTroublesAreToldInTheChannel(t *testing.T) {
	t.Parallel()
	for _, vendor := range []string{"mails", "talk"} {
		kept := &books{trouble: partnership.Trouble{Vendor: vendor, Kind: partnership.RefusesAll, Words: "the key", Since: time.Now()}}
		talk := &chat{}
		if err := board(kept, talk).tell(t.Context()); err != nil || len(talk.said) != 0 {
			t.Errorf("%s: %v, %+v", vendor, err, talk.said)
		}
	}
}
