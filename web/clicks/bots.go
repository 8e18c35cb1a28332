package clicks

import (
	"net/http"
	"strings"
)

// machines are parts of the user agents of crawlers, link previews and mail scanners that say who they are. It need not be
// complete: a bot's click earns nobody anything, it only makes the numbers worse.
var machines = []string{
	"bot", "crawl", "spider", "slurp", "preview", "scanner", "monitor", "headless", "facebookexternalhit", "whatsapp", "telegram",
	"embedly", "curl/", "wget/", "python-", "go-http-client", "java/", "okhttp", "libwww", "axios/", "proofpoint", "mimecast", "barracuda", "rapport-probe",
}

// isBot also takes prefetches for machines: nobody has looked yet.
func isBot(r *http.Request) bool {
	agent := strings.ToLower(r.UserAgent())
	if agent == "" || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch" {
		return true
	}
	for _, m := range machines {
		if strings.Contains(agent, m) {
			return true
		}
	}
	return false
}
