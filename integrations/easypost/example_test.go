package easypost_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/partnership"
)

// A client speaks the vendor's wire format and answers in Rapport's words. What fails has a class: it says whether the act may have
// been done.
func ExampleClient_BuyLabel() {
	answers := []string{
		`{"id": "shp_1", "tracking_code": "9400", "selected_rate": {"id": "rate_1", "carrier": "USPS", "rate": "8.20", "currency": "USD"},
		  "postage_label": {"label_url": "https://labels.example/1.png"}}`,
		`half an answer`,
	}
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, answers[0])
		answers = answers[1:]
	}))
	defer vendor.Close()
	client := easypost.New(easypost.Config{APIKey: "EZTK-example", BaseURL: vendor.URL})

	shipment, err := client.BuyLabel(context.Background(), "shp_1", "rate_1")
	fmt.Println(shipment.Carrier, shipment.CostMinor, shipment.TrackingCode, err)

	_, err = client.BuyLabel(context.Background(), "shp_1", "rate_1")
	fmt.Println(partnership.ClassOf(err))
	// Output:
	// POST /v2/shipments/shp_1/buy
	// USPS 820 9400 <nil>
	// POST /v2/shipments/shp_1/buy
	// ambiguous
}
