package facts

import "errors"

// The reasons why a delivery is not believed, whoever it is said to come from. Before all else a person has to set a key.
var (
	ErrNoKey     = errors.New("no key is configured")
	ErrNotSigned = errors.New("the signature's headers are missing or malformed")
	ErrSignature = errors.New("no key matches the signature")
	ErrTooOld    = errors.New("the signature's time is too far from now")
)

// HeaderCut says on a kept delivery of how many bytes it is the beginning.
const HeaderCut = "Rapport-Cut-From"
