package console

import (
	"fmt"
	"net/http"
	"time"
)

// lookEvery is how often an open page's news are looked for.
const lookEvery = 3 * time.Second

// Close ends what follows the news, so that nobody who shuts the door waits for an open page.
func (c *Console) Close() { c.closeOnce.Do(func() { close(c.closing()) }) }

func (c *Console) closing() chan struct{} {
	c.openOnce.Do(func() { c.closed = make(chan struct{}) })
	return c.closed
}

// live sends a stamp whenever what the pages show has changed: server-sent events, which a browser asks for again when they end.
func (c *Console) live(w http.ResponseWriter, r *http.Request, _ visitor) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	last := ""
	for {
		stamp, err := c.Store.Stamp(r.Context())
		if err != nil {
			return // it asks again in a moment
		}
		if stamp != last {
			if _, err := fmt.Fprintf(w, "data: %s\n\n", stamp); err != nil {
				return
			}
			last = stamp
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-c.closing():
			return
		case <-tick.C:
		}
	}
}
