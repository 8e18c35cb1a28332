package shopify

// What mutations answer.

// userErrors are refusals inside data; UserError has no code, DiscountUserError and OrderCancelUserError have.
func userErrors(typ string, code, message string, field ...string) []*object {
	fields := map[string]any{"field": field, "message": message}
	if typ != "UserError" {
		fields["code"] = code
	}
	if typ == "DiscountUserError" {
		fields["extraInfo"] = nil
	}
	return []*object{{typ: typ, fields: fields}}
}

func payload(typ, field string, v any, errs []*object) *object {
	if errs == nil {
		errs = []*object{}
	}
	return &object{typ: typ, fields: map[string]any{field: v, "userErrors": errs}}
}
