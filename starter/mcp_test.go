package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// What an agent says over stdio reaches a front door with its token, and what that answers comes back.
func TestAnAgentOverStdio(t *testing.T) {
	t.Parallel()
	server := mcp.NewServer(&mcp.Implementation{Name: "door", Version: "1"}, nil)
	server.AddTool(&mcp.Tool{Name: "read_campaigns", InputSchema: map[string]any{"type": "object"}}, nil)
	door := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
	var strangers atomic.Int64
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer rpt_secret" {
			strangers.Add(1)
		}
		door.ServeHTTP(w, r)
	}))
	defer served.Close()
	ours, theirs := mcp.NewInMemoryTransports()
	ended := make(chan error, 1)
	go func() { ended <- bridge(t.Context(), theirs, served.URL, "rpt_secret") }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "model", Version: "1"}, nil).Connect(t.Context(), ours, nil)
	must(t, err)
	tools, err := session.ListTools(t.Context(), nil)
	must(t, err)
	if len(tools.Tools) != 1 || tools.Tools[0].Name != "read_campaigns" || strangers.Load() != 0 {
		t.Errorf("it sees %v, and %d requests came without the token", tools.Tools, strangers.Load())
	}
	must(t, session.Close())
	if err := <-ended; err != nil {
		t.Errorf("when the agent hangs up it ends with %v", err)
	}
}
