package stack

import "strings"

// withoutTemporalSettings drops the TEMPORAL_* variables: the CLI reads them as flags, and those meant
// for our own client (an address, a certificate) would send it to another server.
func withoutTemporalSettings(environ []string) []string {
	kept := make([]string, 0, len(environ))
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "TEMPORAL_") {
			kept = append(kept, entry)
		}
	}
	return kept
}
