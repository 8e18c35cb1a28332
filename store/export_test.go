package store

import "github.com/rapport-dev/rapport/partnership"

// TaskToken is the token of a task's first link, for tests that hold tokens against each other without a task.
func (s *Store) TaskToken(id partnership.TaskID) string { return s.taskToken(id, 0) }
