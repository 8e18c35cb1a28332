package partnership

import "strings"

// ParsePostalAddress reads a postal address written in one line, as a campaign file has it: "1 Main St, Austin TX 78701, US".
func ParsePostalAddress(name, s string) (Address, error) {
	wrong := FieldErrorf("brand.postal_address", "must be written as street, city region postcode, country code: 1 Main St, Austin TX 78701, US")
	parts := strings.Split(s, ",")
	if len(parts) < 3 {
		return Address{}, wrong
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	n := len(parts)
	place := strings.Fields(parts[n-2])
	if len(place) < 3 || len(parts[n-1]) != 2 || parts[0] == "" {
		return Address{}, wrong
	}
	k := len(place)
	return Address{
		Name: name, Line1: parts[0], Line2: strings.Join(parts[1:n-2], ", "), City: strings.Join(place[:k-2], " "),
		Region: place[k-2], PostalCode: place[k-1], Country: strings.ToUpper(parts[n-1]),
	}, nil
}
