package vendors

// Networks are the vendors that report themselves what they move to whom.
func Networks() (names []string) {
	for _, v := range All() {
		if v.Network {
			names = append(names, v.Name)
		}
	}
	return names
}
