package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store/db"
)

// Where a card stands: by itself, as those of no campaign do; in the channel; in its campaign's thread; under the card that asked the like before.
const (
	standsAlone = ""
	standsTop   = "top"
	standsIn    = "thread"
	standsAgain = "again"
)

// PlaceMessage decides, once, where a message stands that is about to be posted, and keeps it with the question that it asks. first is what has
// to be posted before it: the board of its campaign.
func (s *Store) PlaceMessage(ctx context.Context, m partnership.Message) (placed partnership.Message, first *partnership.Message, err error) {
	if m.ThreadTS != "" { // under a card, as whoever posts it says
		return m, nil, nil
	}
	campaign, err := s.campaignOfMessage(ctx, m.Key)
	if err != nil {
		return m, nil, err
	}
	if campaign == "" {
		if m.Decision == "" {
			return m, nil, nil
		}
		return m, nil, mapped("card", s.q.PlaceCard(ctx, db.PlaceCardParams{Key: m.Key, DecisionID: m.Decision, Said: asking.Print(m)}))
	}
	var board int64
	err = s.tx(ctx, "place message", func(q *db.Queries) error {
		t, err := q.LockThread(ctx, string(campaign))
		if err != nil {
			return err
		}
		placed, board, err = place(ctx, q, t, m)
		return err
	})
	if err != nil || board == 0 {
		return placed, nil, err
	}
	head, err := s.CampaignBoard(ctx, campaign, board)
	return m, &head, err
}

// campaignOfMessage is whose message that is, "" when it is about none, or about one that is not known here.
func (s *Store) campaignOfMessage(ctx context.Context, key partnership.EffectKey) (partnership.CampaignID, error) {
	key = ownKey(key)
	if key.PartnershipOf() == "" && key.CampaignOf() == "" {
		return "", nil
	}
	id, err := s.q.CampaignOfMessage(ctx, db.CampaignOfMessageParams{PartnershipID: string(key.PartnershipOf()), CampaignID: string(key.CampaignOf())})
	return partnership.CampaignID(id), mapped("message", err)
}

// ownKey is the key of a card about a workflow that stands as whose workflow that is: a partnership's, a campaign's.
func ownKey(key partnership.EffectKey) partnership.EffectKey {
	return partnership.EffectKey(strings.TrimPrefix(string(key), "workflow/"))
}

// place puts a message into its place. board is which board has to be there before it, 0 when it is.
func place(ctx context.Context, q *db.Queries, t db.CampaignThread, m partnership.Message) (placed partnership.Message, board int64, err error) {
	card := db.PlaceCardParams{Key: m.Key, DecisionID: m.Decision, Said: asking.Print(m), CampaignID: t.CampaignID}
	if m.Kind == asking.BoardKind {
		card.Place, card.About = standsTop, asking.BoardKind
		return m, 0, q.PlaceCard(ctx, card)
	}
	head, gone, err := receiptOf(ctx, q, asking.BoardKey(t.CampaignID, t.Boards))
	if gone { // a person has said that it went out, and nobody knows where it is
		t.Boards++
		err = q.BoardGone(ctx, db.BoardGoneParams{CampaignID: t.CampaignID, Board: t.Boards - 1})
	}
	if err != nil || head.TS == "" {
		return m, t.Boards, err
	}
	before, err := q.PlaceOfCard(ctx, m.Key)
	switch {
	case err == nil:
		card.Place, card.ThreadTs = before.Place, before.ThreadTs
	case noRows(err):
		card.Place, card.About, card.ThreadTs, err = whereTo(ctx, q, t.CampaignID, m)
	}
	if err != nil {
		return m, 0, err
	}
	if card.Place == standsIn {
		card.ThreadTs = head.TS
	}
	if m.Channel, m.ThreadTS = "", card.ThreadTs; m.ThreadTS != "" {
		m.Channel = head.Channel
	}
	if card.Place != standsAlone && m.Kind != asking.DocketKind && asking.WeightOf(m.Kind) != asking.News {
		if m.Mention, err = q.WhoLaunched(ctx, string(t.CampaignID)); err != nil {
			return m, 0, err
		}
	}
	return m, 0, q.PlaceCard(ctx, card)
}

// whereTo decides where a message goes that is new. What is asked again goes under the card that asked before; and no more goes into the
// channel than people are promised.
func whereTo(ctx context.Context, q *db.Queries, campaign partnership.CampaignID, m partnership.Message) (place, about, thread string, err error) {
	if m.Kind == asking.DocketKind {
		return standsTop, asking.DocketKind, "", nil
	}
	if asking.WeightOf(m.Kind) != asking.Exception {
		return standsIn, m.Kind, "", nil
	}
	about = m.Kind + "/" + string(ownKey(m.Key).PartnershipOf())
	receipt, err := q.CardAskedBefore(ctx, db.CardAskedBeforeParams{CampaignID: campaign, About: about})
	var before partnership.MessageRef
	switch {
	case err == nil && json.Unmarshal(receipt, &before) == nil && before.TS != "":
		return standsAgain, about, before.TS, nil
	case err != nil && !noRows(err):
		return "", "", "", err
	}
	standing, err := q.StandingInChannel(ctx, campaign)
	if standing > asking.MostInChannel {
		return standsIn, about, "", err
	}
	return standsTop, about, "", err
}

// receiptOf is where a message of ours is, zero while it is not there. gone says that it is, but nobody knows where.
func receiptOf(ctx context.Context, q *db.Queries, key partnership.EffectKey) (ref partnership.MessageRef, gone bool, err error) {
	found, err := q.Effect(ctx, db.EffectParams{Key: key})
	if noRows(err) {
		return ref, false, nil
	}
	row := found.Effect
	if err != nil || row.State != partnership.EffectConfirmed {
		return ref, false, err
	}
	if len(row.Receipt) == 0 {
		return ref, true, nil
	}
	err = json.Unmarshal(row.Receipt, &ref)
	return ref, ref.TS == "", err
}

// Thread is a campaign's place in the chat.
type Thread struct {
	CampaignID      partnership.CampaignID
	Campaign        string // its name
	Over            bool   // the campaign has ended
	Boards, Dockets int64
	Pinned          bool      // the board is
	NewsSince       time.Time // when the first of the news was seen that is not told, zero when all is
	NewsAt          time.Time // of the last bundle
}

// OpenThreads are those of campaigns whose board has not had its last word.
func (s *Store) OpenThreads(ctx context.Context) ([]Thread, error) {
	rows, err := s.q.OpenThreads(ctx)
	return each(rows, func(r db.OpenThreadsRow) Thread {
		return Thread{
			CampaignID: r.CampaignID, Campaign: r.Name, Over: r.State == partnership.CampaignFinished || r.State == partnership.CampaignCancelled,
			Boards: r.Boards, Dockets: r.Dockets, Pinned: r.Pinned >= r.Boards, NewsSince: orZero(r.NewsSince), NewsAt: orZero(r.NewsAt),
		}
	}), mapped("threads", err)
}

// EndThread says that the board of a campaign that is over has had its last word.
func (s *Store) EndThread(ctx context.Context, id partnership.CampaignID) error {
	return mapped("thread", s.q.ThreadEnded(ctx, db.ThreadEndedParams{CampaignID: id, Now: s.now()}))
}

// BoardPinned says that the nth board of a campaign is pinned.
func (s *Store) BoardPinned(ctx context.Context, id partnership.CampaignID, n int64) error {
	return mapped("thread", s.q.BoardPinned(ctx, db.BoardPinnedParams{CampaignID: id, Board: n}))
}

// BoardGone says that somebody has deleted the nth board of a campaign.
func (s *Store) BoardGone(ctx context.Context, id partnership.CampaignID, n int64) error {
	return mapped("thread", s.q.BoardGone(ctx, db.BoardGoneParams{CampaignID: id, Board: n}))
}

// DocketGone says the same of its nth docket.
func (s *Store) DocketGone(ctx context.Context, id partnership.CampaignID, n int64) error {
	return mapped("thread", s.q.DocketGone(ctx, db.DocketGoneParams{CampaignID: id, Docket: n}))
}

// CampaignBoard is how the nth board of a campaign reads now. Personal data.
func (s *Store) CampaignBoard(ctx context.Context, id partnership.CampaignID, n int64) (partnership.Message, error) {
	standing, err := s.campaignStanding(ctx, id)
	return standing.Board(asking.BoardKey(id, n), s.opt.PublicURL), err
}

// CampaignDocket is how the nth docket of a campaign reads now. Personal data.
func (s *Store) CampaignDocket(ctx context.Context, id partnership.CampaignID, n int64) (partnership.Message, error) {
	standing, err := s.campaignStanding(ctx, id)
	return standing.Docket(asking.DocketKey(id, n), s.opt.PublicURL), err
}

func (s *Store) campaignStanding(ctx context.Context, id partnership.CampaignID) (of asking.Standing, err error) {
	if of.Campaign, err = s.CampaignDocument(ctx, id); err != nil {
		return of, err
	}
	if of.Calendar, err = s.CampaignCalendar(ctx, id); err != nil {
		return of, err
	}
	if of.Owner, err = s.q.WhoLaunched(ctx, string(id)); err != nil {
		return of, mapped("campaign", err)
	}
	open, err := s.Decisions(ctx, DecisionFilter{CampaignID: id})
	if err != nil {
		return of, err
	}
	rows, err := s.q.CampaignCards(ctx, id)
	if err != nil {
		return of, mapped("cards", err)
	}
	cards := map[string]db.CampaignCardsRow{}
	for _, r := range rows { // by their keys: of a question that was asked again, a later card
		cards[r.DecisionID] = r
	}
	for _, d := range open {
		card := cards[d.ID]
		of.Waits = append(of.Waits, asking.Threaded{Decision: d, URL: card.Link, InThread: card.Place == standsIn})
	}
	of.Now = s.now()
	return of, nil
}

// Untold are the happenings of a campaign of which its thread has not heard. upTo is 0, or the last of a bundle that is under way.
func (s *Store) Untold(ctx context.Context, id partnership.CampaignID, upTo int64) ([]asking.Happening, error) {
	rows, err := s.q.UntoldNews(ctx, db.UntoldNewsParams{CampaignID: id, UpTo: upTo, Kinds: asking.ToldKinds()})
	return each(rows, func(r db.UntoldNewsRow) asking.Happening {
		return asking.Happening{N: r.N, Kind: r.Kind, Creator: r.Handle}
	}), mapped("news", err)
}

// NewsSeen says that there is news which is not told.
func (s *Store) NewsSeen(ctx context.Context, id partnership.CampaignID) error {
	return mapped("thread", s.q.NewsSeen(ctx, db.NewsSeenParams{CampaignID: id, Now: s.now()}))
}

// Bundle begins a bundle of news, and says up to which it goes: one that is under way already stays as it is.
func (s *Store) Bundle(ctx context.Context, id partnership.CampaignID, upTo int64) (int64, error) {
	n, err := s.q.NewsBundled(ctx, db.NewsBundledParams{CampaignID: id, UpTo: upTo})
	return n, mapped("thread", err)
}

// BundleTold says that a bundle was posted.
func (s *Store) BundleTold(ctx context.Context, id partnership.CampaignID, upTo int64) error {
	return mapped("thread", s.q.NewsTold(ctx, db.NewsToldParams{CampaignID: id, UpTo: upTo, Now: s.now()}))
}

// UntoldActs are what people did to a campaign as a whole and its thread has not heard of.
func (s *Store) UntoldActs(ctx context.Context, id partnership.CampaignID) ([]asking.Act, error) {
	rows, err := s.q.UntoldActs(ctx, db.UntoldActsParams{CampaignID: string(id), Deeds: asking.ToldDeeds()})
	return each(rows, func(r db.UntoldActsRow) asking.Act {
		return asking.Act{N: r.N, At: r.At, Who: r.Actor, Deed: r.Action, Reason: r.Reason}
	}), mapped("acts", err)
}

// ActTold says that a campaign's thread has heard of an act.
func (s *Store) ActTold(ctx context.Context, id partnership.CampaignID, n int64) error {
	return mapped("thread", s.q.ActTold(ctx, db.ActToldParams{CampaignID: id, N: n}))
}
