// Package vendors names the vendors that the sandbox imitates. It is where `rapport dev`, the tests and the proof get a
// whole sandbox from; a further vendor is a package beside the others and one line here.
package vendors

import (
	"github.com/rapport-dev/rapport/playground/sandbox"
	"github.com/rapport-dev/rapport/playground/sandbox/docusign"
	"github.com/rapport-dev/rapport/playground/sandbox/easypost"
	"github.com/rapport-dev/rapport/playground/sandbox/filebank"
	"github.com/rapport-dev/rapport/playground/sandbox/paypal"
	"github.com/rapport-dev/rapport/playground/sandbox/sendgrid"
	"github.com/rapport-dev/rapport/playground/sandbox/shopify"
	"github.com/rapport-dev/rapport/playground/sandbox/slack"
	"github.com/rapport-dev/rapport/playground/sandbox/stripe"
)

// All are all of them, in the order of the page's tabs.
var All = sandbox.Vendors{
	sendgrid.Vendor,
	slack.Vendor,
	docusign.Vendor,
	easypost.Vendor,
	shopify.Vendor,
	stripe.Vendor,
	paypal.Vendor,
	filebank.Vendor,
}
