package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// uiAction does what a form of the page asks for, with the same functions as the people's endpoints, and goes back.
func (s *Server) uiAction(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	view, notice, err := s.uiDo(r)
	q := url.Values{"view": {view}}
	if u := r.FormValue("user"); u != "" {
		q.Set("user", u)
	}
	if m := r.FormValue("mail_seq"); m != "" {
		q.Set("mail", m)
	}
	if err != nil {
		notice = err.Error()
		q.Set("failed", "1")
	}
	q.Set("notice", notice)
	http.Redirect(w, r, "/?"+q.Encode(), http.StatusSeeOther)
}

func (s *Server) uiDo(r *http.Request) (view, notice string, err error) {
	switch r.PathValue("action") {
	case "reply":
		seq, _ := strconv.ParseInt(r.FormValue("mail_seq"), 10, 64)
		return "mail", "The reply is on its way.", s.replyToMail(mailReply{Seq: seq, Text: r.FormValue("text")})
	case "event":
		seq, _ := strconv.ParseInt(r.FormValue("mail_seq"), 10, 64)
		return "mail", "The event is on its way.", s.reportMailEvent(mailEventRequest{Seq: seq, Event: r.FormValue("event")})
	case "click":
		a, err := s.pressButton(r.Context(), click{
			Channel: r.FormValue("channel"), TS: r.FormValue("ts"), ViewID: r.FormValue("view_id"), ActionID: r.FormValue("action_id"), Value: r.FormValue("value"), User: r.FormValue("user"),
		})
		return "slack", answered(a), err
	case "submit":
		a, err := s.submitView(r.Context(), submission{ViewID: r.FormValue("view_id"), User: r.FormValue("user"), Close: r.FormValue("close") != "", Values: modalValues(r.PostForm)})
		return "slack", answered(a), err
	case "command":
		a, err := s.slashCommand(r.Context(), command{User: r.FormValue("user"), Text: r.FormValue("text")})
		return "slack", answered(a), err
	case "home":
		return "slack", "The app was told.", s.openHome(r.FormValue("user"))
	case "parcel":
		days, _ := strconv.ParseFloat(r.FormValue("delay_days"), 64)
		_, err := s.changeParcel(r.FormValue("code"), parcelChange{Status: r.FormValue("status"), DelayDays: days})
		return "parcels", "The carrier has been told.", err
	case "checkout":
		minor, ok := parseDecimal(strings.TrimSpace(r.FormValue("amount")), "USD")
		if !ok {
			return "shop", "", invalid("write the amount like 48.00")
		}
		o, err := s.placeOrder(checkout{SubtotalMinor: minor, Code: strings.TrimSpace(r.FormValue("code")), LandingSite: strings.TrimSpace(r.FormValue("landing_site")), CustomerEmail: "buyer@example.com"})
		return "shop", fmt.Sprintf("Order %s: %s %s after the discount.", o.Name, decimal(o.NetMinor, "USD"), o.Currency), err
	case "refund":
		minor, ok := parseDecimal(strings.TrimSpace(r.FormValue("amount")), "USD")
		if !ok {
			return "shop", "", invalid("write the amount like 12.00")
		}
		_, err := s.refundOrder(refund{OrderID: r.FormValue("order_id"), AmountMinor: minor})
		return "shop", "The buyer has the money back.", err
	case "reverse":
		return "money", "The transfer came back.", s.reverseTransfer(reversalRequest{TransferID: r.FormValue("transfer_id")})
	case "fault":
		return "faults", "The fault is planned.", s.planFault(r)
	case "clear-faults":
		s.mu.Lock()
		s.st.Plans = nil
		s.touch()
		s.mu.Unlock()
		return "faults", "No faults are planned any more.", nil
	}
	return "mail", "", notFound("action")
}

func (s *Server) planFault(r *http.Request) error {
	count, _ := strconv.Atoi(r.FormValue("count"))
	p := &plan{Vendor: r.FormValue("vendor"), Endpoint: strings.TrimSpace(r.FormValue("endpoint")), Kind: r.FormValue("kind"), Count: count}
	if err := p.check(); err != nil {
		return invalid("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Plans = append(s.st.Plans, p)
	s.touch()
	return nil
}

// answered words the front door's answer to an interaction.
func answered(a frontAnswer) string {
	body := strings.TrimSpace(a.Body)
	if r := []rune(body); len(r) > 160 {
		body = string(r[:160]) + "…"
	}
	if body == "" {
		return fmt.Sprintf("Answered with %d.", a.Status)
	}
	return fmt.Sprintf("Answered with %d: %s", a.Status, body)
}
