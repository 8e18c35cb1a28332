package faulttest

import "github.com/rapport-dev/rapport/proof/systemtest"

// every vendor that a campaign needs.
var every = []string{"sendgrid", "docusign", "easypost", "shopify", "slack", "stripe"}

// lostReplies has each vendor do what it is asked and lose its answer: where it would hurt for certain, elsewhere by chance.
func lostReplies() []systemtest.Plan {
	const kind = "execute-then-drop"
	plans := []systemtest.Plan{
		{Vendor: "sendgrid", Endpoint: "mail.send", Kind: kind, Count: 4},
		{Vendor: "docusign", Endpoint: "envelope.create", Kind: kind, Count: 3},
		{Vendor: "easypost", Endpoint: "shipment.buy", Kind: kind, Count: 3},
		{Vendor: "shopify", Endpoint: "draftOrderCreate", Kind: kind, Count: 3},
		{Vendor: "shopify", Endpoint: "draftOrderComplete", Kind: kind, Count: 3},
		{Vendor: "shopify", Endpoint: "discountCodeBasicCreate", Kind: kind, Count: 3},
		{Vendor: "slack", Endpoint: "chat.postMessage", Kind: kind, Count: 4},
		{Vendor: "stripe", Endpoint: "account.create", Kind: kind, Count: 2},
		{Vendor: "stripe", Endpoint: "transfer.create", Kind: kind, Count: 4},
	}
	for _, vendor := range every {
		plans = append(plans, systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: kind, Rate: 0.1})
	}
	return plans
}

// troubles has each vendor fail in several ways before or after it did anything: three times for certain, then by chance.
func troubles() []systemtest.Plan {
	var plans []systemtest.Plan
	for _, vendor := range every {
		for _, kind := range []string{"429", "500", "reset-before", "truncate", "slow"} {
			plans = append(plans,
				systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: kind, Count: 3, MS: 1500},
				systemtest.Plan{Vendor: vendor, Endpoint: operation[vendor], Kind: kind, Rate: 0.08, MS: 1500})
		}
	}
	return plans
}

// refusals has each vendor refuse everybody for a while, and the chat's channel archived: nobody is asked about a single step.
func refusals() []systemtest.Plan {
	plans := []systemtest.Plan{{Vendor: "slack", Endpoint: "chat.postMessage", Kind: "archived-channel", Count: 5}}
	for _, vendor := range every {
		plans = append(plans, systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "wrong-key", Count: 8})
	}
	return plans
}

// operation is what matters most at each vendor.
var operation = map[string]string{
	"sendgrid": "mail.send", "docusign": "envelope.create", "easypost": "shipment.buy", "shopify": "draftOrderComplete",
	"slack": "chat.postMessage", "stripe": "transfer.create",
}

// unreliableWebhooks come twice, in the wrong order, or not at all. The shop's come in the end: an order is known by its webhook
// alone as long as nothing reads the shop again.
func unreliableWebhooks() []systemtest.Plan {
	var plans []systemtest.Plan
	for _, vendor := range []string{"sendgrid", "docusign", "easypost", "shopify"} {
		plans = append(plans,
			systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "duplicate-webhook", Rate: 0.3},
			systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "out-of-order", Rate: 0.3})
		if vendor != "shopify" {
			plans = append(plans, systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "webhook-never", Rate: 0.2})
		}
	}
	return append(plans,
		systemtest.Plan{Vendor: "stripe", Endpoint: "*", Kind: "duplicate-webhook", Count: 3},
		systemtest.Plan{Vendor: "stripe", Endpoint: "*", Kind: "webhook-never", Rate: 0.2})
}
