package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/store/db"
)

// FindCreator finds a creator as people name one: "@fern.attic", "instagram:fern.attic" or a link to the profile, in any case.
// *partnership.Error NotFound says who was probably meant, and Invalid which platforms a handle is known on when it is several. Personal data.
func (s *Store) FindCreator(ctx context.Context, ref string) (partnership.Creator, error) {
	who, err := identity.Ref(ref)
	if err != nil {
		return partnership.Creator{}, err
	}
	rows, err := s.q.CreatorsByHandle(ctx, db.CreatorsByHandleParams{Keys: keysOf(who), Platform: who.Platform, Handle: who.Handle})
	switch {
	case err != nil:
		return partnership.Creator{}, mapped("creator", err)
	case len(rows) == 0:
		return partnership.Creator{}, s.unknownCreator(ctx, who)
	case len(rows) > 1:
		return partnership.Creator{}, ambiguous(rows)
	}
	return creatorOf(rows[0]), nil
}

// keysOf are the keys that a handle may be kept under: where no platform is named it may be any platform's.
func keysOf(who identity.Account) []string {
	return []string{who.Key(), identity.Account{Platform: identity.YouTube, Handle: who.Handle}.Key()}
}

func ambiguous(rows []db.Creator) error {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = identity.Account{Platform: row.Platform, Handle: row.Handle}.String()
	}
	return partnership.FieldErrorf("handle", "%d creators have that handle, each on another platform: say %s", len(rows), strings.Join(names, " or "))
}

// unknownCreator says that there is nobody of that name, and whose name is near.
func (s *Store) unknownCreator(ctx context.Context, who identity.Account) error {
	rows, err := s.q.Accounts(ctx)
	if err != nil {
		return mapped("creators", err)
	}
	handles, names := make([]string, len(rows)), map[string]string{}
	for i, row := range rows {
		handles[i] = row.Handle
		names[row.Handle] = identity.Account{Platform: row.Platform, Handle: row.Handle}.String()
	}
	near := names[partnership.Nearest(who.Handle, handles)]
	if near != "" {
		near = " (did you mean " + near + "?)"
	}
	return partnership.Errorf(partnership.NotFound, "no creator has that handle%s", near)
}
