package uploads

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// What is taken, in bytes.
const (
	MaxImage = 25 << 20
	MaxVideo = 500 << 20
)

// headBytes are enough to know any kind that is taken.
const headBytes = 512

// kindOf is the type of a file by its first bytes, whatever it is called, and how large one may be; "" for what is not taken.
func kindOf(head []byte) (kind string, most int64) {
	switch kind = http.DetectContentType(head); kind {
	case "image/jpeg", "image/png", "image/webp":
		return kind, MaxImage
	case "video/webm":
		if bytes.Contains(head, []byte("webm")) { // Matroska of any kind begins alike
			return kind, MaxVideo
		}
		return "", 0
	}
	if len(head) < 12 {
		return "", 0
	}
	switch box, brand := string(head[4:8]), string(head[8:12]); {
	case box == "moov" || box == "wide" || box == "mdat": // films of before brands
		return "video/quicktime", MaxVideo
	case box != "ftyp":
		return "", 0
	case brand == "qt  ":
		return "video/quicktime", MaxVideo
	case slices.Contains([]string{"heic", "heix", "mif1", "msf1", "heim", "heis"}, brand):
		return "image/heic", MaxImage
	case strings.HasPrefix(brand, "iso") || strings.HasPrefix(brand, "mp4") || strings.HasPrefix(brand, "3gp") || brand == "avc1" || brand == "M4V " || brand == "dash" || brand == "MSNV":
		return "video/mp4", MaxVideo
	}
	return "", 0
}
