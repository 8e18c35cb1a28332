package people

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
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
	body, kind, err := f.encode(sent)
	if err != nil {
		return page{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.action.String(), body)
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Origin", (&url.URL{Scheme: f.action.Scheme, Host: f.action.Host}).String())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.load(request)
}

// encode is the body of what a form sends, as its page asks for it. The value of a file is its content.
func (f form) encode(sent url.Values) (body io.Reader, kind string, err error) {
	if !f.files {
		return strings.NewReader(sent.Encode()), "application/x-www-form-urlencoded", nil
	}
	var out bytes.Buffer
	parts := multipart.NewWriter(&out)
	for _, c := range f.fields {
		for _, value := range sent[c.name] {
			if c.kind == "file" {
				name := "scan.pdf"
				if value == "" { // none was chosen
					name = ""
				}
				part, err := parts.CreateFormFile(c.name, name)
				if err != nil {
					return nil, "", err
				}
				if _, err := io.WriteString(part, value); err != nil {
					return nil, "", err
				}
			} else if err := parts.WriteField(c.name, value); err != nil {
				return nil, "", err
			}
		}
	}
	return &out, parts.FormDataContentType(), parts.Close()
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
