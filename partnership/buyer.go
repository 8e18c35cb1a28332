package partnership

// Buyer is who bought, as far as a shop tells: all of it may be empty. Personal data of somebody who is no creator of ours: it is read
// from a delivery, compared, and kept as keyed hashes alone.
type Buyer struct {
	Email   string
	Name    string
	Address Address // where it is shipped to, else where it is billed
}
