package integrations

import (
	"log/slog"
	"strings"
)

// Secret is text that must not be shown: printed or logged in whatever way it says only whether it is set.
type Secret string

// Reveal is the text itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string {
	if s == "" {
		return "[not set]"
	}
	return "[set]"
}

// GoString hides the text from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the text from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the text as it is.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(strings.TrimSpace(string(text)))
	return nil
}

// Secrets are one or several secrets, comma-separated in the environment: the first is the current one, the others are
// still accepted while a rotation goes on.
type Secrets []Secret

// Reveal returns the texts themselves.
func (s Secrets) Reveal() []string {
	texts := make([]string, 0, len(s))
	for _, one := range s {
		if one != "" {
			texts = append(texts, one.Reveal())
		}
	}
	return texts
}
