package partnership

import "time"

// Upload is a file that a creator sent for a draft. Personal data.
type Upload struct {
	ID            string
	PartnershipID PartnershipID
	Task          string
	Name          string // as their phone calls it
	Type          string // as its first bytes say, "" while it is not whole
	Bytes         int64
	At            time.Time
}

// UploadDays is how many days, real ones, such a file is kept after its partnership's end.
const UploadDays = 90
