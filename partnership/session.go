package partnership

import "time"

// How long somebody stays signed in on the console: without a word from them, and in all.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// SignInLife is how long a mailed link to sign in opens.
const SignInLife = 15 * time.Minute

// Session is somebody who is signed in on the console.
type Session struct {
	Who     string // as they stand in the audit
	How     string // mail, chat, here
	BeganAt time.Time
	SeenAt  time.Time
	EndedAt time.Time // zero while they are
}

// Live says whether it still counts.
func (s Session) Live(now time.Time) bool {
	return s.EndedAt.IsZero() && now.Sub(s.SeenAt) < SessionIdle && now.Sub(s.BeganAt) < SessionLife
}

// SignIn is a link that is to be mailed to somebody who asked for it.
type SignIn struct {
	ID      string
	Who     string
	LeadsTo string // a path of the console
	Secret  string // shown once, in the mail
}
