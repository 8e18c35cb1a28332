package people

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// browser opens pages and sends forms as a phone does, without scripts.
type browser struct{ http *http.Client }

func newBrowser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it fails only with options that are not given here
	}
	return &browser{&http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// refused is an answer that a page gave to a form or a link, with what it says.
type refused struct {
	status int
	says   string
}

func (e *refused) Error() string { return fmt.Sprintf("the page answers %d: %s", e.status, e.says) }

func (b *browser) open(ctx context.Context, link string) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return page{}, err
	}
	return b.load(request)
}

// send fills the form and presses the button.
func (b *browser) send(ctx context.Context, f form, values map[string]string, button string) (page, error) {
	sent, err := f.fill(values, button)
	if err != nil {
		return page{}, err
	}
	if f.method != http.MethodPost {
		link := *f.action
		link.RawQuery = sent.Encode()
		return b.open(ctx, link.String())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.action.String(), strings.NewReader(sent.Encode()))
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", (&url.URL{Scheme: f.action.Scheme, Host: f.action.Host}).String())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.load(request)
}

func (b *browser) load(request *http.Request) (page, error) {
	request.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	request.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1")
	response, err := b.http.Do(request)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = response.Body.Close() }()
	p, err := parsePage(io.LimitReader(response.Body, 4<<20), response.Request.URL)
	if err != nil {
		return page{}, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return p, &refused{response.StatusCode, cut(p.text, 300)}
	}
	return p, nil
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}
