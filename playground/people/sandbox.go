package people

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sandbox is what people can see and do in the sandbox: mailboxes, Slack, the shop.
type sandbox struct {
	base string
	http *http.Client
}

func newSandbox(base string) *sandbox {
	return &sandbox{strings.TrimRight(base, "/"), &http.Client{Timeout: 20 * time.Second}}
}

// fromSigner is the kind of the signing vendor's own mails.
const fromSigner = "docusign"

// hold is how long the sandbox keeps a question open until there is news, in seconds.
const hold = "5"

// letter is a mail in somebody's mailbox.
type letter struct {
	Seq           int64    `json:"seq"`
	To            string   `json:"to"`
	Kind          string   `json:"kind"`
	Task          string   `json:"task"`
	Step          string   `json:"step"`
	PartnershipID string   `json:"partnership_id"`
	Links         []string `json:"links"`
}

// card is a message in Slack.
type card struct {
	Seq     int64    `json:"seq"`
	Channel string   `json:"channel"`
	TS      string   `json:"ts"`
	Key     string   `json:"key"`
	Buttons []button `json:"buttons"`
}

type button struct {
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

// verb is what the card asks for, and about what.
func (c card) verb() (verb, value string) {
	for _, b := range c.Buttons {
		if verb, _, ok := strings.Cut(b.ActionID, ":"); ok {
			return verb, b.Value
		}
	}
	return "", ""
}

func (c card) offers(action string) bool {
	return slices.ContainsFunc(c.Buttons, func(b button) bool { return b.ActionID == action })
}

// checkout is an order as a buyer places it.
type checkout struct {
	LandingSite   string `json:"landing_site,omitempty"`
	Code          string `json:"code,omitempty"`
	Items         []item `json:"items"`
	TaxMinor      int64  `json:"tax_minor"`
	ShippingMinor int64  `json:"shipping_minor"`
	Currency      string `json:"currency"`
	CustomerEmail string `json:"customer_email"`
}

type item struct {
	Title      string `json:"title"`
	Quantity   int64  `json:"quantity"`
	PriceMinor int64  `json:"price_minor"`
}

type bought struct {
	OrderID  string `json:"order_id"`
	NetMinor int64  `json:"net_minor"`
}

func (s *sandbox) letters(ctx context.Context, after int64) ([]letter, error) {
	var out struct {
		Mails []letter `json:"mails"`
	}
	err := s.get(ctx, "/sandbox/mails?wait="+hold+"&after="+strconv.FormatInt(after, 10), &out)
	return out.Mails, err
}

func (s *sandbox) messages(ctx context.Context, after int64) ([]card, error) {
	var out struct {
		Messages []card `json:"messages"`
	}
	err := s.get(ctx, "/sandbox/slack/messages?wait="+hold+"&after="+strconv.FormatInt(after, 10), &out)
	return out.Messages, err
}

func (s *sandbox) click(ctx context.Context, c card, action, user string) error {
	return s.post(ctx, "/sandbox/slack/click", map[string]string{"channel": c.Channel, "ts": c.TS, "action_id": action, "user": user}, nil)
}

func (s *sandbox) buy(ctx context.Context, order checkout) (bought, error) {
	var out bought
	err := s.post(ctx, "/sandbox/shop/checkout", order, &out)
	return out, err
}

func (s *sandbox) refund(ctx context.Context, order string, amountMinor int64) error {
	return s.post(ctx, "/sandbox/shop/refund", map[string]any{"order_id": order, "amount_minor": amountMinor}, nil)
}

// open puts the shop and the platform's money where the campaign is: the shop sells in its currency, and there is money to pay with.
func (s *sandbox) open(ctx context.Context, p place) error {
	shop := map[string]any{"currency": p.currency, "country": p.country, "tax_bps": p.taxBPS, "taxes_included": p.taxBPS > 0}
	if err := s.post(ctx, "/sandbox/shop/place", shop, nil); err != nil {
		return err
	}
	return s.post(ctx, "/sandbox/stripe/balance", map[string]any{"currency": p.currency, "amount_minor": 1_000_000_000}, nil)
}

// answerForm writes words into the newest form that is open for somebody and sends it.
func (s *sandbox) answerForm(ctx context.Context, user, words string) error {
	var out struct {
		Views []view `json:"views"`
	}
	if err := s.get(ctx, "/sandbox/slack/views", &out); err != nil {
		return err
	}
	for _, v := range slices.Backward(out.Views) {
		if v.User != user || v.Home {
			continue
		}
		return s.post(ctx, "/sandbox/slack/submit", map[string]any{"view_id": v.ID, "user": user, "values": v.filled(words)}, nil)
	}
	return errors.New("no form opened")
}

// view is a modal.
type view struct {
	ID   string `json:"view_id"`
	User string `json:"user"`
	Home bool   `json:"home"`
	View struct {
		Blocks []struct {
			Type    string `json:"type"`
			BlockID string `json:"block_id"`
			Element struct {
				Type     string `json:"type"`
				ActionID string `json:"action_id"`
			} `json:"element"`
		} `json:"blocks"`
	} `json:"view"`
}

// filled is the view's state once words stand in every field for text.
func (v view) filled(words string) map[string]any {
	values := map[string]any{}
	for _, b := range v.View.Blocks {
		if b.Type == "input" && b.Element.Type == "plain_text_input" {
			values[b.BlockID] = map[string]any{b.Element.ActionID: map[string]string{"type": b.Element.Type, "value": words}}
		}
	}
	return values
}

// truth is what really happened outside, as far as people look it up.
type truth map[string][]struct {
	ID       string `json:"id"`
	Key      string `json:"key"`
	PayoutID string `json:"payout_id"`
}

// happened says whether any vendor has seen a key.
func (s *sandbox) happened(ctx context.Context, key string) (bool, error) {
	all, err := s.truth(ctx)
	for _, list := range all {
		for _, entry := range list {
			if entry.Key == key {
				return true, err
			}
		}
	}
	return false, err
}

// transferOf is the transfer that paid a payout, "" when there is none.
func (s *sandbox) transferOf(ctx context.Context, payout string) (string, error) {
	all, err := s.truth(ctx)
	for _, entry := range all["transfers"] {
		if entry.PayoutID == payout {
			return entry.ID, err
		}
	}
	return "", err
}

func (s *sandbox) truth(ctx context.Context) (truth, error) {
	var all truth
	err := s.get(ctx, "/truth", &all)
	return all, err
}

func (s *sandbox) get(ctx context.Context, path string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return err
	}
	return s.do(request, out)
}

func (s *sandbox) post(ctx context.Context, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	return s.do(request, out)
}

func (s *sandbox) do(request *http.Request, out any) error {
	response, err := s.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %d: %s", request.URL.Path, response.StatusCode, cut(string(body), 200))
	}
	if out == nil || len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	return json.Unmarshal(body, out)
}
