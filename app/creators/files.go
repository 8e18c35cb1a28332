package creators

import "github.com/rapport-dev/rapport/intake"

// Template is a list without creators, to be filled in: a workbook where the file's name ends in .xlsx, else CSV.
func Template(name string) ([]byte, error) { return intake.Template(name) }
