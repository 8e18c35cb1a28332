// Package identity says who is who: an account is a handle on a platform, written in any of the ways that people write it, and
// a mail address is told apart as mail systems tell it apart.
package identity

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/rapport-dev/rapport/partnership"
)

// The platforms that are known by name. Any other word is a platform too, such as a blog or a podcast.
const (
	Instagram = "instagram"
	YouTube   = "youtube"
	TikTok    = "tiktok"
	X         = "x"
)

// Account is whom an import, a command or a mail is about. The same handle on another platform is another person's.
type Account struct{ Platform, Handle string }

// String is how an account is named where its handle alone is not enough.
func (a Account) String() string { return a.Platform + ":" + a.Handle }

// Key tells handles of one platform apart. Platforms take handles in any case; a YouTube channel's id is no handle and keeps its own.
func (a Account) Key() string {
	h := norm.NFKC.String(a.Handle)
	if a.Platform == YouTube && channelID.MatchString(h) {
		return h
	}
	return norm.NFKC.String(foldCase(h))
}

var channelID = regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`)

// otherNames are what people call the platforms besides.
var otherNames = map[string]string{
	"ig": Instagram, "insta": Instagram, "yt": YouTube, "tt": TikTok, "twitter": X,
}

// PlatformOf is a platform's name as it is kept: in lower case, without spaces, and one name for each.
func PlatformOf(text string) string {
	name := strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(text))), "")
	if known, ok := otherNames[name]; ok {
		return known
	}
	return name
}

// latinOnly are the platforms whose handles know no other letters than a to z: there, any other one is an imitation or a slip.
var latinOnly = []string{Instagram, TikTok, X, "twitch", "pinterest", "threads", "snapchat", "facebook"}

// maxHandle is how long a handle may be, in characters; the platforms themselves stop earlier.
const maxHandle = 64

// ParseAccount reads a handle as people write it: with or without @, or as a link to the profile. platform may be empty where
// the link says it; where both say it they must agree. Errors are *partnership.Error and quote no handle.
func ParseAccount(platform, text string) (Account, error) {
	platform = PlatformOf(platform)
	text = strings.TrimSpace(text)
	if r, found := FirstInvisible(text); found {
		return Account{}, partnership.FieldErrorf("handle", "holds a %s, which cannot be seen and makes another handle of it: type it again", Describe(r))
	}
	text = norm.NFKC.String(text)
	if strings.Contains(text, "/") {
		linked, err := parseLink(text)
		if err != nil {
			return Account{}, err
		}
		if platform != "" && platform != linked.Platform {
			return Account{}, partnership.FieldErrorf("handle", "the link leads to %s and the platform says %s: which of them is it?", linked.Platform, platform)
		}
		platform, text = linked.Platform, linked.Handle
	}
	a := Account{platform, strings.TrimPrefix(text, "@")}
	return a, checkHandle(a)
}

func checkHandle(a Account) error {
	if a.Handle == "" {
		return partnership.FieldErrorf("handle", "is empty; the name on the platform is wanted")
	}
	if utf8.RuneCountInString(a.Handle) > maxHandle {
		return partnership.FieldErrorf("handle", "is not allowed: it is longer than %d characters", maxHandle)
	}
	for _, r := range a.Handle {
		latin := r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) || strings.ContainsRune("._-", r)
		other := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '·'
		switch {
		case latin || other && !slices.Contains(latinOnly, a.Platform):
		case other:
			return partnership.FieldErrorf("handle", "is not allowed: %s knows a-z, 0-9, dot, hyphen and underscore, and this holds %s", a.Platform, Describe(r))
		default:
			return partnership.FieldErrorf("handle", "is not allowed: letters, digits, dot, hyphen and underscore are wanted, and this holds %s", Describe(r))
		}
	}
	return nil
}

// Ref is whom somebody names at a door: "@fern.attic", "instagram:fern.attic" or a link to the profile. Platform is "" when it was
// left open. What cannot be seen is dropped: people paste what others wrote.
func Ref(text string) (Account, error) {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if Invisible(r) {
			return -1
		}
		return r
	}, text))
	if inner, ok := strings.CutPrefix(text, "<"); ok { // Slack's way to write a link: <https://…|label>
		inner, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), "|")
		text = inner
	}
	platform, handle, ok := strings.Cut(text, ":")
	if !ok || strings.HasPrefix(handle, "//") {
		return ParseAccount("", text)
	}
	return ParseAccount(platform, handle)
}

// hosts are where profiles live.
var hosts = map[string]string{
	"instagram.com": Instagram, "youtube.com": YouTube, "tiktok.com": TikTok, "x.com": X, "twitter.com": X,
	"twitch.tv": "twitch", "pinterest.com": "pinterest", "threads.net": "threads", "threads.com": "threads", "facebook.com": "facebook",
}

// noProfiles are the first words of paths that lead to a post, a search or a page of the platform's own.
var noProfiles = []string{"p", "reel", "reels", "stories", "explore", "tv", "watch", "shorts", "playlist", "c", "user", "i", "home", "search", "hashtag", "accounts", "profile.php"}

// parseLink reads a link to a profile: with or without https, www. or m., a query, tabs or a slash at its end.
func parseLink(text string) (Account, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return Account{}, partnership.FieldErrorf("handle", "is neither a handle nor a link to a profile such as https://www.instagram.com/name")
	}
	host := strings.ToLower(u.Hostname())
	platform := ""
	for domain, name := range hosts {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			platform = name
		}
	}
	if platform == "" {
		return Account{}, partnership.FieldErrorf("handle", "is a link to a place that is not known; write the name that the creator has on the platform")
	}
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	noProfile := partnership.FieldErrorf("handle", "is a link that leads to no profile of %s; the profile's own link, or the name on it, is wanted", platform)
	if len(parts) == 0 {
		return Account{}, noProfile
	}
	name, at := strings.CutPrefix(norm.NFKC.String(parts[0]), "@")
	switch {
	case platform == YouTube && len(parts) > 1 && parts[0] == "channel" && channelID.MatchString(parts[1]):
		return Account{platform, parts[1]}, nil
	case (platform == YouTube || platform == TikTok) && !at, slices.Contains(noProfiles, strings.ToLower(name)):
		return Account{}, noProfile
	}
	return Account{platform, name}, nil
}
