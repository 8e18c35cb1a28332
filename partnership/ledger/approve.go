package ledger

import "slices"

// Approvers is how many people have to approve a run of that total: two above the program's limit, which is none at zero
// (RULES, money 10). Both are in the program's currency.
func Approvers(totalMinor, limitMinor int64) int {
	if limitMinor > 0 && totalMinor > limitMinor {
		return 2
	}
	return 1
}

// Approver is a person under all their names.
type Approver struct {
	By   string   // the name under which they approve now
	Also []string // all that are known
}

// Prepared says whether it was they who prepared the run, whoever is nobody included: such a run is approved by somebody else.
func (a Approver) Prepared(preparedBy string) bool {
	return a.By == "" || a.By == preparedBy || slices.Contains(a.Also, preparedBy)
}

// Under says whether they approved already under another of their names. Under the same name again it is the same approval.
func (a Approver) Under(approved []string) bool {
	return slices.ContainsFunc(approved, func(by string) bool { return by != a.By && slices.Contains(a.Also, by) })
}
