package activities

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/proof/browsertest"
)

// TestEveryLetterIsAccessible opens every kind of letter as a mail program does, in the window of a desk and of a phone, by day and by night. What another language changes
// are words.
func TestEveryLetterIsAccessible(t *testing.T) {
	t.Parallel()
	ctx := browsertest.Desk(t, 5*time.Minute)
	files, err := fs.Glob(letterFiles, "letters/en/*.txt")
	require.NoError(t, err)
	pages := map[string]string{}
	post := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(pages[r.URL.Path]))
	}))
	defer post.Close()
	for _, file := range files {
		kind := strings.TrimSuffix(strings.TrimPrefix(file, "letters/en/"), ".txt")
		d := letterData(locale.English(), someView(), Letter{Kind: kind, Task: "draft-1", Step: "request", Due: time.Date(2026, 12, 4, 12, 0, 0, 0, time.UTC), Words: []string{"your draft: later"}}, "https://r.example/t/x", "warmer light, please")
		d.OptOut = "https://r.example/u/y"
		c, err := compose(locale.English(), kind, d)
		if err != nil { // it is made of data of its own
			c, err = compose(locale.English(), kind, aboutMoney())
		}
		require.NoError(t, err, kind)
		pages["/"+kind] = c.HTML
		regard(t, ctx, post.URL, kind)
	}
}

// aboutMoney is what the letters of payouts, statements and links speak of.
func aboutMoney() map[string]any {
	return map[string]any{
		"First": "Mara", "Brand": "Acme Scents", "Postal": "1 Main St, Austin TX 78701, US", "Campaign": "Dreams & Sunset", "Page": "https://r.example/e/x",
		"Groups": []statementGroup{{Title: "Counts for this month's payout", Rows: []string{"6 November 2026: Fee: $500.00"}, Sum: "$500.00"}}, "Payable": "$500.00", "Pays": true, "PayoutReady": false, "Until": "4 Dec 12:00 UTC",
		"Links": []map[string]string{{"What": "Send your draft", "URL": "https://r.example/t/x"}}, "Line": "Fee, $500.00", "Said": "it is as agreed", "Stands": true, "Rejected": false, "Held": true,
		"Amount": "$500.00", "Whole": "$600.00", "Part": true, "Month": "November 2026", "Sent": "2 December 2026", "Rail": "Stripe", "Account": "…7ab3", "Ref": "tr_1", "Why": "the account is closed", "Do": "Choose another.", "Document": "DREAMS-2026-0001",
		"Code": "012345", "At": "Fri 4 Dec 2026, 13:00 CET", "From": "Sun 6 Dec 2026, 13:00 CET",
	}
}

func regard(t *testing.T, ctx context.Context, at, kind string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(360, 740), browsertest.Prefers("light"), chromedp.Navigate(at+"/"+kind)))
	wider, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	require.NoError(t, err)
	require.False(t, wider, "%s is wider than a phone", kind)
	browsertest.Accessible(t, ctx, kind)
	browsertest.Picture(t, ctx, "mail-"+kind+"-phone")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), browsertest.Prefers("dark")))
	browsertest.Readable(t, ctx, kind+" by night")
	browsertest.Picture(t, ctx, "mail-"+kind+"-dark")
}
