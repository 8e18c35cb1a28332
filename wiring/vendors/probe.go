package vendors

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Probe asks a tracking link where it leads, as the go-live gate does before a creator is cleared to post.
type Probe struct {
	publicURL string
	http      *http.Client
}

// NewProbe asks only links of our own front door: a link that leads elsewhere is never fetched from inside.
func NewProbe(publicURL string) *Probe {
	return &Probe{
		publicURL: strings.TrimRight(publicURL, "/"),
		http: &http.Client{
			Timeout:       5 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Probe returns where the link redirects, without following it.
func (c *Probe) Probe(ctx context.Context, link string) (string, error) {
	refuse := func(class partnership.Class, status int, message string, cause error) error {
		return &partnership.VendorError{Vendor: "link", Op: "link.probe", Class: class, Status: status, Message: message, Err: cause}
	}
	if !strings.HasPrefix(link, c.publicURL+"/c/") {
		return "", refuse(partnership.Permanent, 0, "the link is not one of ours: check RAPPORT_PUBLIC_URL", nil)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return "", refuse(partnership.Permanent, 0, "the link is not a URL", nil)
	}
	request.Header.Set("User-Agent", "rapport-probe/1.0") // the front door counts it as a machine, so that a check is no click
	response, err := c.http.Do(request)
	if err != nil {
		return "", refuse(partnership.Retry, 0, "the link does not answer: is the front door up at RAPPORT_PUBLIC_URL?", err)
	}
	_ = response.Body.Close()
	switch location := response.Header.Get("Location"); {
	case response.StatusCode >= http.StatusInternalServerError:
		return "", refuse(partnership.Retry, response.StatusCode, "the link answers with an error", nil)
	case response.StatusCode < 300 || response.StatusCode >= 400 || location == "":
		return "", refuse(partnership.Permanent, response.StatusCode, "the link does not redirect", nil)
	default:
		return location, nil
	}
}
