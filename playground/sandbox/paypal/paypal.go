// Package paypal stands where PayPal would: the sandbox does not imitate its payouts, and says so.
package paypal

import (
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// Vendor answers for a vendor that the sandbox does not imitate, so that a wrong setting explains itself.
var Vendor = sandbox.Vendor{Name: "paypal", Paths: map[string]string{"PAYPAL_BASE_URL": "/paypal"}, Open: open}

func open(core *sandbox.Server, _ sandbox.Keys) (*sandbox.Service, error) {
	a := core.NewAPI("paypal", "/paypal/")
	a.NotFound = func(w http.ResponseWriter) {
		sandbox.WriteJSON(w, http.StatusNotFound, map[string]string{
			"name": "RESOURCE_NOT_FOUND", "debug_id": sandbox.NewID("", 13),
			"message": "The sandbox does not imitate PayPal payouts. Use provider: stripe, or point PAYPAL_BASE_URL at PayPal's own sandbox.",
		})
	}
	return &sandbox.Service{API: a}, nil
}
