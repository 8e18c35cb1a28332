package board

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Owed is money of a creator that is not paid yet.
type Owed struct {
	Program     string       `json:"program"`
	Currency    string       `json:"currency"`
	State       ledger.State `json:"state"`
	AmountMinor int64        `json:"amount_minor"`
	Rows        int          `json:"rows"`
}

// Erasure is what is kept of a creator, before they are erased, and what became of it, after.
type Erasure struct {
	ID           partnership.CreatorID `json:"id"`
	Erased       bool                  `json:"erased"`
	Open         int                   `json:"open_partnerships"`
	Owed         []Owed                `json:"owed"`
	AccountReady bool                  `json:"account_ready"` // what they earned can be paid without them
	Held         int                   `json:"held_rows"`     // earnings that wait for finance, because it cannot
	Mails        int                   `json:"mails"`
	Submissions  int                   `json:"submissions"`
	Posts        int                   `json:"posts"`
	Contracts    int                   `json:"contracts"`
	Addresses    int                   `json:"addresses"`
	Links        int                   `json:"links"`
	Deliveries   int                   `json:"deliveries"`  // webhooks that were emptied
	TaxPapers    int                   `json:"tax_papers"`  // that were emptied; what a payment rests on is kept as long as the law asks
	SharedMail   int                   `json:"shared_mail"` // others who are reached at the same address, which therefore stays open to mail
}
