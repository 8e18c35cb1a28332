package slackapp

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"time"

	slackapi "github.com/slack-go/slack"
)

// DefaultAckAfter is how long Slack waits for its ack, whatever is down: what takes longer goes on, and whoever asked is told what comes of it. Slack
// shows an error after three seconds, and a person has gone on before.
const DefaultAckAfter = 400 * time.Millisecond

func (a *App) soon() time.Duration { return cmp.Or(a.AckAfter, DefaultAckAfter) }

// later does what takes longer than Slack waits. It outlives the request, so it takes its values but not its end.
func (a *App) later(ctx context.Context, do func(context.Context)) {
	ctx = context.WithoutCancel(ctx)
	a.work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, workTime)
		defer cancel()
		defer func() { // as the server does for a request: one that breaks takes nothing else along
			if broke := recover(); broke != nil {
				a.Log.ErrorContext(ctx, "slack request broke its handler", "error", broke)
			}
		}()
		do(ctx)
	})
}

// within begins something and says whether it was done soon; else it goes on, or has broken.
func (a *App) within(ctx context.Context, do func(context.Context)) bool {
	done, whole := make(chan struct{}), false
	a.later(ctx, func(ctx context.Context) {
		defer close(done)
		do(ctx)
		whole = true
	})
	wait := time.NewTimer(a.soon())
	defer wait.Stop()
	select {
	case <-done:
		return whole
	case <-wait.C:
		return false
	}
}

// firstTime is how long a request's first question to the database may take: as long as its trigger lives.
const firstTime = 3 * time.Second

// first says whether a request was not taken before.
func (a *App) first(ctx context.Context, q request) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, firstTime)
	defer cancel()
	first, err := a.Store.FirstSeen(ctx, q.id)
	if err != nil {
		a.Log.WarnContext(ctx, "slack request not looked up", "error", err)
	}
	return first, err
}

// nobodyKnows is what a person is told whose request the database did not take, or not soon.
const nobodyKnows = "Rapport's database does not answer just now, so it is not known whether this was taken. Please look in a minute, and do it again if nothing has happened: twice does no harm."

// unsent is shown over a form that was sent and may not have arrived: the form stays behind it as it was filled in.
func unsent() *slackapi.ViewSubmissionResponse {
	return slackapi.NewPushViewSubmissionResponse(&slackapi.ModalViewRequest{
		Type: slackapi.VTModal, Title: plain("Not sure"), Close: plain("Back to the form"),
		Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{slackapi.NewSectionBlock(plain(nobodyKnows), nil, nil)}},
	})
}

// kept is an answer that is not sent yet, or not over HTTP.
type kept struct {
	bytes.Buffer
	header http.Header
	status int
}

func (k *kept) Header() http.Header {
	if k.header == nil {
		k.header = http.Header{}
	}
	return k.header
}

func (k *kept) WriteHeader(status int) { k.status = status }

// send is the answer over HTTP.
func (k *kept) send(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	if k.status != 0 {
		w.WriteHeader(k.status)
	}
	_, _ = w.Write(k.Bytes()) // Slack has gone: it will ask again
}
