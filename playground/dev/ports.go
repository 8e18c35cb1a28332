package dev

import (
	"encoding/json"
	"net"
	"os"
	"strconv"

	"github.com/rapport-dev/rapport/playground/stack"
)

// ports are where everything listens on the loopback interface.
type ports struct {
	Front      int `json:"front"`
	Sandbox    int `json:"sandbox"`
	Temporal   int `json:"temporal"`
	TemporalUI int `json:"temporal_ui"`
	Metrics    int `json:"metrics"`
}

// choosePorts takes those of the last start, so that links in old mails still lead somewhere, else the customary ones, and a
// free one for each that is taken, which it says.
func choosePorts(path string, env map[string]string, say func(string, ...any)) (ports, error) {
	want := ports{8080, 8090, stack.TemporalPort, stack.TemporalUIPort, 9464}
	if text, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(text, &want) // a broken file costs the old ports and nothing else
	}
	if _, port, err := net.SplitHostPort(env["RAPPORT_LISTEN"]); err == nil {
		if n, err := strconv.Atoi(port); err == nil && n > 0 {
			want.Front = 0 // listen on exactly what was asked for: it is not ours to move
		}
	}
	got, err := stack.FreePorts(want.Front, want.Sandbox, want.Temporal, want.TemporalUI, want.Metrics)
	if err != nil {
		return ports{}, err
	}
	chosen := ports{got[0], got[1], got[2], got[3], got[4]}
	for _, p := range []struct {
		what       string
		asked, got int
	}{
		{"the console", want.Front, chosen.Front},
		{"the sandbox", want.Sandbox, chosen.Sandbox},
		{"Temporal", want.Temporal, chosen.Temporal},
		{"Temporal's pages", want.TemporalUI, chosen.TemporalUI},
		{"the metrics", want.Metrics, chosen.Metrics},
	} {
		if p.asked != 0 && p.asked != p.got {
			say("Port %d is taken by another program: %s will be on port %d, in this folder from now on.", p.asked, p.what, p.got)
		}
	}
	text, err := json.Marshal(chosen)
	if err != nil {
		return ports{}, err
	}
	return chosen, os.WriteFile(path, append(text, '\n'), 0o600)
}

// listen is the front door's address: what was asked for, else the chosen port.
func (p ports) listen(asked string) string {
	if host, port, err := net.SplitHostPort(asked); err == nil && port != "0" {
		return net.JoinHostPort(host, port)
	}
	return local(p.Front)
}
