package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

const slackSecret = "slack-signing-secret"

// mailKeys is the mail vendor's key pair.
var mailKeys = func() (k struct {
	private *ecdsa.PrivateKey
	public  string
},
) {
	k.private, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, _ := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	k.public = base64.StdEncoding.EncodeToString(der)
	return k
}()

// sign makes a vendor's signature headers for a body.
func sign(vendor string, body []byte) http.Header {
	h, now := http.Header{}, strconv.FormatInt(time.Now().Unix(), 10)
	switch vendor {
	case "sendgrid":
		sum := sha256.Sum256(append([]byte(now), body...))
		signature, _ := ecdsa.SignASN1(rand.Reader, mailKeys.private, sum[:])
		h.Set(sendgrid.HeaderTimestamp, now)
		h.Set(sendgrid.HeaderSignature, base64.StdEncoding.EncodeToString(signature))
	case "docusign":
		h.Set("X-DocuSign-Signature-1", base64.StdEncoding.EncodeToString(mac("docusign-key", string(body))))
	case "easypost":
		h.Set(easypost.HeaderSignature, easypost.Sign("easypost-secret", body))
	case "shopify":
		h.Set(shopify.HeaderHMAC, shopify.Sign("shopify-secret", body))
	case "stripe":
		h.Set("Stripe-Signature", "t="+now+",v1="+hex.EncodeToString(mac("whsec_stripe", now+"."+string(body))))
	case "slack":
		h.Set(slack.HeaderTimestamp, now)
		h.Set(slack.HeaderSignature, "v0="+hex.EncodeToString(mac(slackSecret, "v0:"+now+":"+string(body))))
	}
	return h
}

func mac(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// said is something that a door said in Slack.
type said struct {
	how      string // post, update, respond, direct, view
	user     string
	text     string
	blocks   []slackapi.Block
	replaces bool
	message  partnership.Message
	ref      partnership.MessageRef
	view     slackapi.ModalViewRequest
	on       string // the form that was changed, by its id or ours
}

// chat stands in for Slack: it keeps what was said.
type chat struct {
	mu      sync.Mutex
	news    chan said
	keys    map[partnership.EffectKey]partnership.MessageRef
	fail    error         // of the next post
	down    error         // of every post
	shut    error         // of every form
	opening chan struct{} // a form opens when it is closed
	used    atomic.Bool   // Slack takes no answer to a request any more

	moments chan said // what takes the place of "One moment…"

	gone bool // forms are closed when they are to be changed
	disk map[string][]byte

	homes chan home
}

// home is somebody's Home tab as it was drawn.
type home struct {
	user string
	view slackapi.HomeTabViewRequest
}

func (c *chat) PublishHome(_ context.Context, user string, view slackapi.HomeTabViewRequest) error {
	select {
	case c.homes <- home{user, view}:
	default: // nobody looks
	}
	return nil
}

func (c *chat) Alone(_ context.Context, user string) (string, error) { return "D" + user, nil }

func (c *chat) ZoneOf(context.Context, string) (string, error) { return "Europe/Berlin", nil }

func newChat() *chat {
	return &chat{news: make(chan said, 100), homes: make(chan home, 1000), keys: map[partnership.EffectKey]partnership.MessageRef{}, moments: make(chan said, 100)}
}

// say keeps what was said for a test that listens: the last hundred, so that one that does not keeps nobody waiting.
func (c *chat) say(s said) {
	for {
		select {
		case c.news <- s:
			return
		default:
		}
		select {
		case <-c.news:
		default:
		}
	}
}

func (c *chat) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down != nil {
		return partnership.MessageRef{}, c.down
	}
	if err := c.fail; err != nil {
		c.fail = nil
		return partnership.MessageRef{}, err
	}
	ref := partnership.MessageRef{Channel: "C1", TS: strconv.Itoa(len(c.keys) + 1)}
	c.keys[m.Key] = ref
	if m.Kind != asking.BoardKind && m.Kind != asking.DocketKind { // that what is looked for stands in a campaign's thread is another test's
		c.say(said{how: "post", message: m, ref: ref})
	}
	return ref, nil
}

func (c *chat) FindMessage(_ context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ref, ok := c.keys[m.Key]; ok {
		return ref, nil
	}
	return partnership.MessageRef{}, partnership.Errorf(partnership.NotFound, "no such message")
}

func (c *chat) UpdateMessage(_ context.Context, ref partnership.MessageRef, m partnership.Message) error {
	if m.Kind == asking.BoardKind || m.Kind == asking.DocketKind {
		return nil
	}
	c.say(said{how: "update", message: m, ref: ref})
	return nil
}

func (c *chat) Pin(context.Context, partnership.MessageRef) error { return nil }

func (c *chat) Permalink(_ context.Context, ref partnership.MessageRef) (string, error) {
	return "https://acme.slack.example/archives/" + ref.Channel + "/p" + strings.ReplaceAll(ref.TS, ".", ""), nil
}

// unescaped is a text as people see it.
var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

func (c *chat) Direct(_ context.Context, user, text string, blocks []slackapi.Block) error {
	c.say(said{how: "direct", user: user, text: unescaped.Replace(text), blocks: blocks})
	return nil
}

// Respond takes an answer at an address that ends in its person; what takes the place of "One moment…" is the command's own answer.
func (c *chat) Respond(_ context.Context, address string, m *slackapi.WebhookMessage) error {
	if c.used.Load() {
		return &partnership.VendorError{Vendor: "slack", Op: "response_url", Class: partnership.Permanent, Message: "used_url"}
	}
	s := said{how: "respond", user: address[strings.LastIndex(address, "/")+1:], text: unescaped.Replace(m.Text), replaces: m.ReplaceOriginal}
	if m.Blocks != nil {
		s.blocks = m.Blocks.BlockSet
	}
	if m.ReplaceOriginal && !strings.Contains(address, "/press/") {
		c.moments <- s
		return nil
	}
	c.say(s)
	return nil
}

func (c *chat) OpenView(_ context.Context, _ string, view slackapi.ModalViewRequest) error {
	if c.opening != nil {
		<-c.opening
	}
	if c.shut != nil {
		return c.shut
	}
	c.say(said{how: "view", view: view})
	return nil
}

func (c *chat) UpdateView(_ context.Context, id, external, _ string, view slackapi.ModalViewRequest) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return partnership.Errorf(partnership.NotFound, "the form is closed")
	}
	c.say(said{how: "changed", view: view, on: id + external})
	return nil
}

// keep puts a file where a form's field may hold it.
func (c *chat) keep(id string, content []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.disk == nil {
		c.disk = map[string][]byte{}
	}
	c.disk[id] = content
}

func (c *chat) File(_ context.Context, id string) (string, []byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	content, known := c.disk[id]
	if !known {
		return "", nil, partnership.Errorf(partnership.NotFound, "the file is gone from Slack; choose it again")
	}
	return id, content, nil
}

func (c *chat) MailOf(context.Context, string) (string, error) {
	return "grace@acme.example", nil
}

func (c *chat) UserOf(context.Context, string) (string, error) { return "", nil }

// saidOrDone waits for the next thing that was said, or that a workflow was told, or until done.
func (h *house) saidOrDone(done func() bool) said {
	h.t.Helper()
	for range 3000 {
		select {
		case s := <-h.chat.news:
			return s
		case <-h.temporal.news:
			return said{}
		case <-time.After(20 * time.Millisecond):
			if done != nil && done() {
				return said{}
			}
		}
	}
	h.t.Fatal("nothing was said in Slack, and nothing done")
	return said{}
}

// next waits for the next thing that was said.
func (h *house) said() said {
	h.t.Helper()
	select {
	case s := <-h.chat.news:
		return s
	case <-time.After(3 * time.Minute):
		h.t.Fatal("nothing was said in Slack")
		return said{}
	}
}
