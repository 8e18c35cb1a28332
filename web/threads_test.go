package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/workflows"
)

// TestACampaignOfThirtyIsThirtyMessagesAtMost tells a campaign as they are measured: drafts and mails go under its board, and only what is out of the
// ordinary stands in the channel.
func TestACampaignOfThirtyIsThirtyMessagesAtMost(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	threaded := 0
	for i := range thirty { // 39 drafts
		drafts := 1
		if i < 9 {
			drafts = 2
		}
		for n := range drafts {
			c.settle(i, c.ask(i, partnership.AsksDraft, fmt.Sprintf("draft-%d", n+1)))
			threaded++
		}
		if i%3 != 0 { // 20 mails
			mail := c.mail(i, 1)
			threaded++
			if i == 1 {
				c.sweep(time.Minute)
				wantIn(t, c.one(asking.DocketKind).Text, "wait 1")
				wantIn(t, asJSON(t, c.one(asking.BoardKind).Blocks), "Answer a mail of @maker.01")
			}
			at := must2(c.store.Time(t.Context()))(t)
			must(t, c.store.NeedsNoAnswer(t.Context(), c.people[i], mail, partnership.Deed{ID: mail, Who: "api:manager", Deed: partnership.DeedAnswerCreator, At: at}))
		}
		switch {
		case i < 4:
			c.settle(i, c.ask(i, partnership.AsksCounter, "1"))
		case i < 13:
			c.settle(i, c.ask(i, partnership.AsksSilence, "draft-1:escalate"))
			if i%2 == 0 { // and once more, which goes under the card that asked before
				c.settle(i, c.ask(i, partnership.AsksSilence, "post-1:escalate"))
			}
		case i < 15:
			c.settle(i, c.ask(i, partnership.AsksStep, "1"))
		}
		c.sweep(11 * time.Second)
	}
	c.ends()
	top := c.standing()
	if len(top) > 30 {
		t.Errorf("%d messages stand in the channel", len(top))
	}
	want(t, "board, its pin, docket, and what is out of the ordinary", len(top), 3+4+9+2)
	board := c.one(asking.BoardKind)
	under := 0
	for _, m := range c.replies(board.TS) {
		switch m.Metadata.EventPayload.Kind {
		case "review_draft", "creator_reply":
			under++
		}
	}
	want(t, "drafts and mails under the board", under, threaded)
}

// TestFortyExceptionsLeaveThirtyMessages has everything go wrong: from the 27th on an exception goes into the thread, with a mention and a row on the
// docket.
func TestFortyExceptionsLeaveThirtyMessages(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	var open []partnership.Question
	ask := func(i int, kind partnership.QuestionKind, of string) { open = append(open, c.ask(i, kind, of)) }
	for i := range thirty {
		ask(i, partnership.AsksSilence, "draft-1:escalate")
	}
	for i := range 10 {
		ask(i, partnership.AsksStep, "1")
	}
	c.sweep(time.Minute)
	top := c.standing()
	want(t, "messages in the channel", len(top), 29)
	wantIn(t, c.one(asking.DocketKind).Text, "wait 14")
	mentioned := 0
	for _, m := range c.replies(c.one(asking.BoardKind).TS) {
		if strings.HasPrefix(m.Text, "<@U_MANAGER>") {
			mentioned++
		}
	}
	want(t, "those in the thread call somebody", mentioned, 14)
	for i, q := range open {
		c.settle(i%thirty, q)
	}
	c.ends()
	want(t, "messages in the channel", len(c.standing()), 29)
}

// TestABoardThatIsDeletedIsPostedAgain has somebody delete board and docket.
func TestABoardThatIsDeletedIsPostedAgain(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	first := c.ask(0, partnership.AsksDraft, "draft-1")
	c.sweep(time.Minute)
	board, docket := c.one(asking.BoardKind), c.one(asking.DocketKind)
	for _, ts := range []string{board.TS, docket.TS} {
		var done struct{ OK bool }
		c.call("chat.delete", url.Values{"ts": {ts}}, &done)
		want(t, "deleted", done.OK, true)
	}
	second, card := c.asked(1, partnership.AsksDraft, "draft-1")
	_, err := c.post.Post(t.Context(), card, time.Now())
	want(t, "nobody knows yet that the thread is gone: whoever posts tries again", partnership.ClassOf(err), partnership.Retry)
	c.settle(0, first)
	c.sweep(time.Minute)
	again := c.one(asking.BoardKind)
	want(t, "another", again.TS != board.TS, true)
	c.show(card)
	want(t, "under the new one", slices.ContainsFunc(c.replies(again.TS), func(m entry) bool { return m.Metadata.EventPayload.Key == string(second.Card) }), true)
	c.sweep(time.Minute)
	wantIn(t, c.one(asking.DocketKind).Text, "wait ")
}

// TestNewsComesInBundlesAndDeedsWithWhoAndWhy has things happen to creators and to the whole.
func TestNewsComesInBundlesAndDeedsWithWhoAndWhy(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	ctx := t.Context()
	happens := func(who int, kind string) {
		c.says(c.people[who], partnership.Projection{Events: []partnership.TimelineEvent{{At: time.Now(), Kind: kind, Owner: "creator"}}})
	}
	told := func(kind string) (all []entry) {
		for _, m := range c.replies(c.one(asking.BoardKind).TS) {
			if m.Metadata.EventPayload.Kind == kind {
				all = append(all, m)
			}
		}
		return all
	}
	happens(0, "signed")
	c.sweep(time.Minute) // seen
	happens(1, "signed")
	happens(2, "delivered")
	want(t, "at once", len(told(asking.NewsKind)), 0)
	c.sweep(time.Minute)
	want(t, "bundles", len(told(asking.NewsKind)), 1)
	wantIn(t, asJSON(t, told(asking.NewsKind)), "2 signed, 1 delivered", "@maker.01")
	happens(3, "posted")
	c.sweep(time.Minute)
	c.sweep(time.Minute)
	want(t, "bundles within five minutes", len(told(asking.NewsKind)), 1)
	c.sweep(5 * time.Minute)
	want(t, "bundles after that", len(told(asking.NewsKind)), 2)

	at := must2(c.store.Time(ctx))(t)
	must(t, c.store.RecordDeed(ctx, partnership.Deed{ID: "pause/1", Who: "slack:U_MANAGER", Deed: partnership.DeedPause, Subject: workflows.CampaignWorkflowID(c.campaign), Reason: "the shop is empty", At: at}, "run"))
	c.sweep(time.Minute)
	c.sweep(time.Minute)
	want(t, "of the pause", len(told(asking.ActKind)), 1)
	wantIn(t, asJSON(t, told(asking.ActKind)), "Winter Glow was paused", "the shop is empty", "U_MANAGER")
}

// TestABoardIsLeftAloneForTenSeconds changes a campaign twice: the last state wins.
func TestABoardIsLeftAloneForTenSeconds(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	c.sweep(11 * time.Second)
	before := c.one(asking.BoardKind).Text
	c.ask(0, partnership.AsksDraft, "draft-1")
	c.sweep(11 * time.Second)
	one := c.one(asking.BoardKind).Text
	want(t, "it has changed", one != before, true)
	c.ask(1, partnership.AsksDraft, "draft-1")
	c.sweep(time.Second)
	want(t, "a second later", c.one(asking.BoardKind).Text, one)
	c.sweep(11 * time.Second)
	wantIn(t, c.one(asking.BoardKind).Text, "2 decisions wait")
}

// TestAnotherDeadlineIsSaidInTheThread moves the time of a draft: an edit of its card would tell nobody.
func TestAnotherDeadlineIsSaidInTheThread(t *testing.T) {
	t.Parallel()
	c := newChannel(t)
	q := c.ask(0, partnership.AsksDraft, "draft-1")
	c.sweep(time.Second)
	q.Due = q.Due.Add(24 * time.Hour)
	id := c.people[0]
	c.asks[id] = []partnership.Question{q}
	c.seq[id]++
	must(t, c.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: id, Seq: c.seq[id], RunID: "another run", HistoryLength: 1, Stage: partnership.Content, Asks: c.asks[id]}))
	c.sweep(time.Second)
	c.sweep(time.Second)
	said := 0
	for _, m := range c.replies(c.one(asking.BoardKind).TS) {
		if m.Metadata.EventPayload.Kind == "deadline_moved" {
			said++
			wantIn(t, m.Text, "<@U_MANAGER>", "another deadline")
		}
	}
	want(t, "said", said, 1)
}

// TestAMessageWhoseAnswerWasLostIsPostedOnce loses the answers of a board and of what stands under it.
func TestAMessageWhoseAnswerWasLostIsPostedOnce(t *testing.T) {
	t.Parallel()
	w := newWall()
	h := open(t)
	post := poster{w, h.store}
	m := partnership.Message{Key: partnership.Key(h.partnership, partnership.Content, "draft-1/review", 1), Kind: "review_draft", Text: "A draft"}
	w.lost = true
	_, err := post.Post(t.Context(), m, time.Now())
	want(t, "the board's answer is lost", err != nil, true)
	w.lost = true
	_, err = post.Post(t.Context(), m, time.Now())
	want(t, "the card's answer is lost", err != nil, true)
	ref := must2(post.Post(t.Context(), m, time.Now()))(t)
	want(t, "boards", len(w.of(asking.BoardKind, true)), 1)
	want(t, "cards", len(w.of("review_draft", false)), 1)
	want(t, "it is under the board", w.under[ref.TS], w.of(asking.BoardKind, true)[0])
}
