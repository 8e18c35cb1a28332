package intake

import "strings"

// A cell that begins with one of these is a formula to a spreadsheet, and runs when the file is opened. What stands in our tables was
// written by strangers.
const formulaStarts = "=+-@\t\r"

// Harmless keeps a spreadsheet from taking a cell of a file that we write for a formula. What reads creators takes the mark off again.
func Harmless(cell string) string {
	if cell != "" && strings.ContainsRune(formulaStarts, rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// meant is a cell without the mark that Harmless has put there.
func meant(cell string) string {
	if rest, marked := strings.CutPrefix(cell, "'"); marked && rest != "" && strings.ContainsRune(formulaStarts, rune(rest[0])) {
		return strings.TrimSpace(rest)
	}
	return cell
}
