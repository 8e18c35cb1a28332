package intake

import (
	"regexp"
	"strings"
)

// A cell that begins with one of these is a formula to a spreadsheet, and runs when the file is opened. What stands in our tables was
// written by strangers.
const formulaStarts = "=+-@\t\r"

// Harmless keeps a spreadsheet from taking a cell of a file that we write for a formula. What reads creators takes the mark off again.
// A cell that has such a mark of its own gets one more, so that it comes back as it was.
func Harmless(cell string) string {
	if startsFormula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// escapes are how workbooks write characters by their numbers.
var escapes = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// marked is a cell of a workbook: there a text is a text, and only what looks marked or escaped already gets a mark.
func marked(cell string) string {
	cell = escapes.ReplaceAllString(cell, "_x005F$0")
	if strings.HasPrefix(cell, "'") {
		return Harmless(cell)
	}
	return cell
}

// meant is a cell without the mark that Harmless has put there.
func meant(cell string) string {
	if rest, marked := strings.CutPrefix(cell, "'"); marked && startsFormula(strings.TrimLeft(rest, "'")) {
		return strings.TrimSpace(rest)
	}
	return cell
}

func startsFormula(s string) bool { return s != "" && strings.ContainsRune(formulaStarts, rune(s[0])) }
