// Package facts is what vendors report, in nobody's own words: integrations read it from deliveries, web/webhooks does something about it,
// and neither knows the other.
package facts

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Fact is something that a vendor reports, free of its wire format: what is done about it is the same whoever says it. Reported facts
// are hints: what moves money or ends a contract is asked for again.
type Fact interface{ fact() }

type reported struct{}

func (reported) fact() {}

// Nothing is a delivery that is rightly without effect.
type Nothing struct {
	reported

	Why string
}

// MailEvent is what became of a mail of ours.
type MailEvent struct {
	reported

	ID            string // events repeat: drop repetitions by it
	Key           partnership.EffectKey
	PartnershipID partnership.PartnershipID // "" for statements
	Kind          string                    // delivered, bounce, click, ...
	Reason        string                    // our class of why; a vendor's words quote addresses
	At            time.Time
	Email         string       // personal data
	OptsOut       bool         // they want no more mail
	Failed        *MailFailure // it will not arrive
	Clicked       bool
	Link          string // that was clicked
}

// MailFailure is why a mail will not arrive.
type MailFailure struct {
	DeadAddress bool                    // nobody has this address
	Why         string                  // in words for a person
	Trouble     partnership.TroubleKind // what the vendor holds against us as the sender; "" when it is not our doing
	Mend        string                  // what to mend then
}

// TroubleOver is the proof that the vendor no longer holds something against us.
type TroubleOver struct {
	reported

	Kind partnership.TroubleKind
	At   time.Time
}

// MailReceived is a mail to one of our reply addresses. All of it is personal data and unproven: anyone can write any sender. Whose it
// is says To, which only holders of the address know.
type MailReceived struct {
	reported

	ID         string // the same for every delivery of it
	To         []string
	From       string // the envelope's sender
	HeaderFrom string // as written in the mail
	Subject    string
	Text       string
	HTML       string   // the page beside the text
	Reply      string   // Text without what it quotes
	MessageID  string   // as its program named it
	Earlier    []string // the ids of the mails before it in its thread
	AutoReply  bool     // a machine's: nobody has read ours
	Page       bool     // it is no mail: they wrote it on their own page
	Button     bool     // and by a button, whose words are ours
	Files      []MailFile
	Doubts     []string // what could not be read of it, in words
}

// MailFile is a file that came along.
type MailFile struct {
	Name, Type string
	Size       int
	Content    []byte
}

// MailUnread is a mail that this build cannot take apart.
type MailUnread struct {
	reported

	Err error
}

// EnvelopeEnded is a contract that was signed, declined or voided, as the vendor is to be asked.
type EnvelopeEnded struct {
	reported

	EnvelopeID    string
	PartnershipID partnership.PartnershipID // "" where the vendor does not say
	EventID       string
}

// ParcelMoved is a carrier's news of a parcel.
type ParcelMoved struct {
	reported

	ShipmentID string // "" where the vendor leaves it out: the parcel is found by its tracking code
	Parcel     partnership.Parcel
	EventID    string
}

// OrderTold is an order as a shop's delivery tells it. Paid says that the delivery is about its payment; the order's own body has to say so
// too, or the shop.
type OrderTold struct {
	reported

	Order partnership.Sale
	Paid  bool
}

// OrderChanged is an order that a delivery names without telling how it stands: the shop is asked.
type OrderChanged struct {
	reported

	ID  string
	Why string // why the delivery does not tell, "" when it never does
}

// OrderRefunded is money given back for an order.
type OrderRefunded struct {
	reported

	Refund partnership.SaleRefund
}

// OrderDisputed is what became of a buyer's bank wanting the money back.
type OrderDisputed struct {
	reported

	Dispute partnership.SaleDispute
}

// AccountChanged is news of a creator's account at the rail.
type AccountChanged struct {
	reported

	AccountID string
	EventID   string
}

// TransferReversed is money that came back from a creator's account.
type TransferReversed struct {
	reported

	TransferID string
}

// TransferChanged is news of a transfer that was under way, or of one that had paid.
type TransferChanged struct {
	reported

	PayoutID partnership.PayoutID
	EventID  string
}

// BankRefused is money that a creator's bank sent back to the creator's own balance at the rail.
type BankRefused struct {
	reported

	AccountID string
	ID        string // the rail's, of the attempt
	Reason    string // a code
}
