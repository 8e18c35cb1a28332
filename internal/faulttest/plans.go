package faulttest

import "github.com/rapport-dev/rapport/internal/systemtest"

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

// troubles has each vendor fail in several ways before or after it did anything.
func troubles() []systemtest.Plan {
	var plans []systemtest.Plan
	for _, vendor := range every {
		for _, kind := range []string{"429", "500", "reset-before", "truncate", "html"} {
			plans = append(plans, systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: kind, Rate: 0.06})
		}
		plans = append(plans, systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "slow", Rate: 0.04, MS: 1500})
	}
	return plans
}

// unreliableWebhooks come twice, in the wrong order, or not at all.
func unreliableWebhooks() []systemtest.Plan {
	var plans []systemtest.Plan
	for _, vendor := range []string{"sendgrid", "docusign", "easypost", "shopify"} {
		plans = append(plans,
			systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "duplicate-webhook", Rate: 0.3},
			systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "out-of-order", Rate: 0.3},
			systemtest.Plan{Vendor: vendor, Endpoint: "*", Kind: "webhook-never", Rate: 0.2})
	}
	return append(plans,
		systemtest.Plan{Vendor: "stripe", Endpoint: "*", Kind: "duplicate-webhook", Count: 3},
		systemtest.Plan{Vendor: "stripe", Endpoint: "*", Kind: "webhook-never", Rate: 0.2})
}
