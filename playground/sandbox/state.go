package sandbox

// state is what the core remembers. With what the vendors remember it is one JSON object in one file, to which each adds
// fields of its own. Large bodies are blobs beside it.
type state struct {
	Number int64                  `json:"number"` // the last number given out: mails, messages and all numeric ids share it
	Mails  []*Letter              `json:"mails"`
	Plans  []*plan                `json:"plans"`
	Struck []*struck              `json:"struck"`
	Queues map[string][]*Delivery `json:"queues"`
	Held   map[string]*Delivery   `json:"held"` // one a queue: waits to be overtaken
	Sent   map[string]*queueStats `json:"sent"`
}

func newState() *state {
	return &state{Number: 1000, Queues: map[string][]*Delivery{}, Held: map[string]*Delivery{}, Sent: map[string]*queueStats{}}
}

// Next gives a number that no restart repeats. The lock is held.
func (s *Server) Next() int64 {
	s.st.Number++
	return s.st.Number
}
