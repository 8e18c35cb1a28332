package creators

import (
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// Write is a list of creators that is read again as it was: a workbook where the file's name ends in .xlsx, else CSV.
func Write(name string, list []partnership.Creator) ([]byte, error) {
	return intake.WriteCreators(name, list)
}

// Template is a list without creators, to be filled in: a workbook where the file's name ends in .xlsx, else CSV.
func Template(name string) ([]byte, error) { return intake.Template(name) }
