package paypal

import "time"

// PayPal's JSON, as far as it is used here (payouts v1, webhooks v1, reporting v1).

type amount struct {
	Currency string `json:"currency"`
	Value    string `json:"value"`
}

type createPayout struct {
	Header senderHeader `json:"sender_batch_header"`
	Items  []item       `json:"items"`
}

type senderHeader struct {
	SenderBatchID string `json:"sender_batch_id"`
	EmailSubject  string `json:"email_subject,omitempty"`
}

type item struct {
	RecipientType string `json:"recipient_type"`
	Receiver      string `json:"receiver"`
	Amount        amount `json:"amount"`
	SenderItemID  string `json:"sender_item_id"`
	Note          string `json:"note,omitempty"`
}

type batchHeader struct {
	ID      string       `json:"payout_batch_id"`
	Status  string       `json:"batch_status"`
	Created string       `json:"time_created"`
	Sender  senderHeader `json:"sender_batch_header"`
	Amount  amount       `json:"amount"`
}

// batch is what a creation answers, and a look at one with its items.
type batch struct {
	Header batchHeader `json:"batch_header"`
	Items  []batchItem `json:"items"`
}

type batchItem struct {
	ID            string `json:"payout_item_id"`
	Status        string `json:"transaction_status"`
	BatchID       string `json:"payout_batch_id"`
	SenderBatchID string `json:"sender_batch_id"` // in events alone
	Item          item   `json:"payout_item"`
	Errors        struct {
		Name string `json:"name"`
	} `json:"errors"`
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

type apiError struct {
	Name    string `json:"name"`
	Details []struct {
		Field string `json:"field"`
		Issue string `json:"issue"`
		Link  []link `json:"link"` // PayPal writes it so
		Links []link `json:"links"`
	} `json:"details"`
	Links []link `json:"links"`
	OAuth string `json:"error"` // of the token's address
}

type event struct {
	ID       string   `json:"id"`
	Created  string   `json:"create_time"`
	Type     string   `json:"event_type"`
	Resource resource `json:"resource"`
}

// resource is a batch or one of its items: the names of their fields differ.
type resource struct {
	batchItem

	Header batchHeader `json:"batch_header"`
}

type eventList struct {
	Events []event `json:"events"`
	Links  []link  `json:"links"`
}

type balances struct {
	Balances []struct {
		Currency  string `json:"currency"`
		Available struct {
			Currency string `json:"currency_code"`
			Value    string `json:"value"`
		} `json:"available_balance"`
	} `json:"balances"`
}

type webhook struct {
	EventTypes []struct {
		Name string `json:"name"`
	} `json:"event_types"`
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
