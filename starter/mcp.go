package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/rapport-dev/rapport/partnership"
)

// mcpCommand lets an agent on this machine speak to a front door: what comes in by stdio goes to its /mcp, and what it answers comes back.
// It needs no settings but these two, and no database: the token says who the agent is.
type mcpCommand struct {
	URL   string `default:"http://127.0.0.1:8080" env:"RAPPORT_PUBLIC_URL" help:"Where the front door is."`
	Token string `env:"RAPPORT_TOKEN" help:"The agent's token, as rapport tokens create --agent showed it. Better in RAPPORT_TOKEN than here."`
}

func (c mcpCommand) Run(a *app) error {
	if c.Token == "" {
		return partnership.FieldErrorf("RAPPORT_TOKEN", "it is not set: rapport tokens create NAME --agent --person WHO --role ROLE makes one")
	}
	return bridge(a.ctx, &mcp.IOTransport{Reader: os.Stdin, Writer: nopCloser{a.out}}, strings.TrimRight(c.URL, "/")+"/mcp", c.Token)
}

// bridge carries messages between a transport and a front door until either ends.
func bridge(ctx context.Context, local mcp.Transport, endpoint, token string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	here, err := local.Connect(ctx)
	if err != nil {
		return err
	}
	defer here.Close()
	remote := &mcp.StreamableClientTransport{Endpoint: endpoint, HTTPClient: &http.Client{Transport: bearer(token)}, DisableStandaloneSSE: true}
	there, err := remote.Connect(ctx)
	if err != nil {
		return err
	}
	defer there.Close()
	failed := make(chan error, 2)
	carry := func(from, to mcp.Connection) {
		for {
			m, err := from.Read(ctx)
			if err == nil {
				err = to.Write(ctx, m)
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}
	go carry(here, there)
	go carry(there, here)
	return over(<-failed)
}

// bearer adds the token to each request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// over is nil for an agent that has hung up.
func over(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, mcp.ErrConnectionClosed) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// nopCloser leaves stdout open.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
