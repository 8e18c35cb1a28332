// Package settings reads every setting of Rapport from the environment, once, and says everything that is wrong with it
// at once. docs/operations.md and .env.example list the same names.
package settings

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// Settings are all settings. The SDK reads TEMPORAL_* itself (see engine.Options); the two here are what people must see.
type Settings struct {
	DatabaseURL     integrations.Secret `env:"RAPPORT_DATABASE_URL"`
	OwnerURL        integrations.Secret `env:"RAPPORT_DATABASE_OWNER_URL"` // of who owns the tables, for migrations alone; "": the program owns them
	Listen          string              `env:"RAPPORT_LISTEN" envDefault:"127.0.0.1:8080"`
	MetricsListen   string              `env:"RAPPORT_METRICS_LISTEN" envDefault:"127.0.0.1:9464"` // the worker's /metrics and /healthz; "off" for none
	PublicURL       string              `env:"RAPPORT_PUBLIC_URL"`                                 // where people and vendors reach Listen; "" is http://Listen
	Day             time.Duration       `env:"RAPPORT_DAY" envDefault:"24h"`                       // how long one campaign day lasts
	LinkDays        int                 `env:"RAPPORT_LINK_DAYS" envDefault:"30"`                  // how long links live on after what they are about is over
	SecretKey       integrations.Secret `env:"RAPPORT_SECRET_KEY"`                                 // 32 bytes, base64
	APITokens       integrations.Secret `env:"RAPPORT_API_TOKENS"`                                 // name:role:token, comma-separated
	RolesFile       string              `env:"RAPPORT_ROLES"`                                      // a file of "Slack user or email: role"
	AgentCaps       string              `env:"RAPPORT_AGENT_CAPS"`                                 // what agents may do without a person: manager=500.00 USD, ...
	WebhooksPrivate bool                `env:"RAPPORT_WEBHOOKS_PRIVATE"`                           // events may be sent to addresses inside, and by http
	CodecKeys       integrations.Secret `env:"RAPPORT_CODEC_KEYS"`
	FontsFolder     string              `env:"RAPPORT_FONTS"`                            // further fonts for contracts
	UploadsFolder   string              `env:"RAPPORT_UPLOADS" envDefault:"var/uploads"` // the files that creators send for their drafts; "off" for none
	LogLevel        string              `env:"RAPPORT_LOG_LEVEL" envDefault:"info"`
	LogFormat       string              `env:"RAPPORT_LOG_FORMAT" envDefault:"json"` // json or text

	ReplayOnStart string `env:"RAPPORT_REPLAY_ON_START"` // how long a starting worker may replay open workflows, or "off"; "" see ReplayBeforeStart
	Deployment    string `env:"RAPPORT_DEPLOYMENT"`      // the Worker Deployment's name: each workflow stays with the build that began it

	TemporalAddress   string `env:"TEMPORAL_ADDRESS"`
	TemporalNamespace string `env:"TEMPORAL_NAMESPACE" envDefault:"default"`

	Vendors vendors.Vendors `env:"-"` // each with settings of its own
	Fonts   *paper.Fonts    `env:"-"` // the build's and the folder's
	Unused  []string        `env:"-"` // what of the folder cannot be used, and why
}

// Load reads and checks the process's environment. The error is Faults: one line for each setting that is wrong.
func Load() (Settings, error) { return Parse(env.ToMap(os.Environ())) }

// Parse is Load for an environment given as a map.
func Parse(environment map[string]string) (Settings, error) {
	var s Settings
	err := env.ParseWithOptions(&s, env.Options{Environment: environment})
	if err != nil {
		return s, parseFaults(err)
	}
	if s.PublicURL == "" {
		s.PublicURL = s.LocalURL()
	}
	s.PublicURL = strings.TrimRight(s.PublicURL, "/")
	read, wrong := vendors.Read(vendors.All(), environment)
	s.Vendors = read
	faults := s.check()
	if s.FontsFolder != "" {
		if s.Fonts, s.Unused, err = fonts(s.FontsFolder); err != nil {
			faults = append(faults, Fault{"RAPPORT_FONTS", err.Error()})
		}
	}
	for _, f := range wrong {
		faults = append(faults, Fault(f))
	}
	if len(faults) > 0 {
		return s, faults.sorted()
	}
	return s, nil
}

// check looks at the form of what is set. What must be set depends on the program: see Require.
func (s Settings) check() Faults {
	var faults Faults
	add := func(name, format string, args ...any) {
		faults = append(faults, Fault{name, fmt.Sprintf(format, args...)})
	}
	if s.Day < 100*time.Millisecond {
		add("RAPPORT_DAY", "a campaign day of %s is too short: it must be at least 100ms, 24h in production", s.Day)
	}
	if s.LinkDays < 1 {
		add("RAPPORT_LINK_DAYS", "%d is too few: links live on for at least 1 day after their task is over", s.LinkDays)
	}
	roles := map[string]string{}
	for name, set := range map[string]integrations.Secret{"RAPPORT_DATABASE_URL": s.DatabaseURL, "RAPPORT_DATABASE_OWNER_URL": s.OwnerURL} {
		u, err := url.Parse(set.Reveal())
		switch {
		case set == "":
		case err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql":
			add(name, "it must be a URL such as postgres://user:password@host:5432/rapport")
		default:
			roles[name] = u.User.Username()
		}
	}
	if owner := roles["RAPPORT_DATABASE_OWNER_URL"]; owner != "" && owner == roles["RAPPORT_DATABASE_URL"] {
		add("RAPPORT_DATABASE_OWNER_URL", "it is the role of RAPPORT_DATABASE_URL: give the program a role of its own, or leave this empty")
	}
	if s.SecretKey != "" {
		if _, err := s.Secret(); err != nil {
			add("RAPPORT_SECRET_KEY", "%v", err)
		}
	}
	if _, err := access.ParseCaps(s.AgentCaps); err != nil {
		add("RAPPORT_AGENT_CAPS", "%v", err)
	}
	if s.CodecKeys != "" {
		if _, err := s.Keys(); err != nil {
			add("RAPPORT_CODEC_KEYS", "%v", err)
		}
	}
	for name, address := range map[string]string{"RAPPORT_LISTEN": s.Listen, "RAPPORT_METRICS_LISTEN": s.MetricsListen} {
		if _, _, err := net.SplitHostPort(address); err != nil && address != Off {
			add(name, "%q must be host:port, such as 127.0.0.1:8080", address)
		}
	}
	if limit, err := time.ParseDuration(s.ReplayOnStart); s.ReplayOnStart != "" && s.ReplayOnStart != Off && (err != nil || limit <= 0) {
		add("RAPPORT_REPLAY_ON_START", "%q must be a duration such as 20s, or off", s.ReplayOnStart)
	}
	if strings.ContainsAny(s.Deployment, ".: \t/") {
		add("RAPPORT_DEPLOYMENT", "%q must be a name without dots, colons, slashes and spaces, such as rapport", s.Deployment)
	}
	if !oneOf(s.LogLevel, "debug", "info", "warn", "error") {
		add("RAPPORT_LOG_LEVEL", "%q must be debug, info, warn or error", s.LogLevel)
	}
	if !oneOf(s.LogFormat, "json", "text") {
		add("RAPPORT_LOG_FORMAT", "%q must be json or text", s.LogFormat)
	}
	for _, f := range integrations.URLs(map[string]string{"RAPPORT_PUBLIC_URL": s.PublicURL}) {
		faults = append(faults, Fault(f))
	}
	return faults
}

// LocalURL is where this machine reaches Listen, also when that is every address.
func (s Settings) LocalURL() string {
	host, port, err := net.SplitHostPort(s.Listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	return "http://" + s.Listen
}

// ReplayBeforeStart is how long a starting worker may replay open workflows to see that it decides as they were decided; zero is
// not at all. Unless it is set, shortened days are for demos and tests, whose workers come and go and whose builds are one.
func (s Settings) ReplayBeforeStart() time.Duration {
	switch limit, err := time.ParseDuration(s.ReplayOnStart); {
	case s.ReplayOnStart == Off, s.ReplayOnStart == "" && s.Day < time.Hour:
		return 0
	case err != nil:
		return 20 * time.Second
	default:
		return limit
	}
}

// Off as an address means: do not listen; as a time, not at all.
const Off = "off"

// Uploads is the folder of creators' files, "" where none are taken.
func (s Settings) Uploads() string {
	if s.UploadsFolder == Off {
		return ""
	}
	return s.UploadsFolder
}

// Require returns Faults for those of the settings that are empty.
func (s Settings) Require(names ...string) error {
	var faults Faults
	for _, name := range names {
		value, help := "", ""
		switch name {
		case "RAPPORT_DATABASE_URL":
			value, help = s.DatabaseURL.Reveal(), "such as postgres://user:password@host:5432/rapport"
		case "RAPPORT_SECRET_KEY":
			value, help = s.SecretKey.Reveal(), "32 random bytes in base64: openssl rand -base64 32"
		case "RAPPORT_CODEC_KEYS":
			value, help = s.CodecKeys.Reveal(), `id:base64 with 32 random bytes: echo "k1:$(openssl rand -base64 32)"`
		default:
			panic("settings: Require does not know " + name)
		}
		if value == "" {
			faults = append(faults, Fault{name, "it is not set: " + help})
		}
	}
	if len(faults) > 0 {
		return faults.sorted()
	}
	return nil
}

// Secret is the deployment's own key, 32 bytes: it signs links and encrypts what is stored.
func (s Settings) Secret() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(s.SecretKey.Reveal())
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("it must be 32 bytes in standard base64 (openssl rand -base64 32)")
	}
	if engine.Weak(key) {
		return nil, fmt.Errorf("it is not random: make one with openssl rand -base64 32")
	}
	return key, nil
}

// Roles is the text of the RAPPORT_ROLES file, "" when none is set.
func (s Settings) Roles() (string, error) {
	if s.RolesFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(s.RolesFile)
	if err != nil {
		return "", Faults{{"RAPPORT_ROLES", "the file cannot be read: " + err.Error()}}
	}
	return string(text), nil
}

// Keys encrypt what is stored in Temporal.
func (s Settings) Keys() (engine.Keys, error) {
	keys, err := engine.ParseKeys(s.CodecKeys.Reveal())
	if err == nil {
		err = keys.Strong()
	}
	return keys, err
}

func oneOf(value string, allowed ...string) bool {
	for _, a := range allowed {
		if value == a {
			return true
		}
	}
	return false
}
