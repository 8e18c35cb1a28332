package canary

import "bytes"

// finder finds many markers in one pass.
type finder struct {
	markers           []string
	folded            [][]byte
	begins            [1 << 16]bool // the first two bytes of any marker
	byBegin           map[uint16][]int
	shortest, longest int // in bytes
}

func newFinder(markers []string) *finder {
	f := &finder{byBegin: map[uint16][]int{}, shortest: len(markers[0])}
	known := map[string]bool{}
	for _, m := range markers {
		if known[m] {
			continue
		}
		known[m] = true
		folded := []byte(m)
		for i, c := range folded {
			folded[i] = fold[c]
		}
		begin := uint16(folded[0])<<8 | uint16(folded[1])
		f.begins[begin] = true
		f.byBegin[begin] = append(f.byBegin[begin], len(f.markers))
		f.markers, f.folded = append(f.markers, m), append(f.folded, folded)
		f.shortest, f.longest = min(f.shortest, len(m)), max(f.longest, len(m))
	}
	return f
}

// all calls found for each place of each marker.
func (f *finder) all(data []byte, found func(marker string, at int)) {
	if len(data) == 0 {
		return
	}
	begin := uint16(fold[data[0]])
	for i := 1; i < len(data); i++ {
		begin = begin<<8 | uint16(fold[data[i]])
		if !f.begins[begin] {
			continue
		}
		for _, m := range f.byBegin[begin] {
			if hasFolded(data[i-1:], f.folded[m]) {
				found(f.markers[m], i-1)
			}
		}
	}
}

func hasFolded(data, folded []byte) bool {
	if len(data) < len(folded) {
		return false
	}
	for i, c := range folded {
		if fold[data[i]] != c {
			return false
		}
	}
	return true
}

// fold makes bytes equal that programs take for one another: an address is put in lower case, a headline in capitals, and
// a space is "+" in a form and "_" in a mail's header.
var fold = func() (table [256]byte) {
	for c := range table {
		table[c] = bytes.ToLower([]byte{byte(c)})[0]
	}
	table['+'], table['_'] = ' ', ' '
	return table
}()
