package store

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/store/db"
)

// FindCreator finds a creator as people name one: "@fern.attic", "instagram:fern.attic", a link to the profile, a mail address, their name, an
// id or its beginning, in any case and spelling. *partnership.Error NotFound says who was probably meant, and Invalid who it may be when it is
// several: both have them as Fits. Personal data.
func (s *Store) FindCreator(ctx context.Context, ref string) (partnership.Creator, error) {
	typed := identity.Typed(ref)
	who, noHandle := identity.Ref(typed)
	var rows []db.Creator
	var err error
	if noHandle == nil {
		rows, err = s.q.CreatorsByHandle(ctx, db.CreatorsByHandleParams{Keys: keysOf(who), Platform: who.Platform, Handle: who.Handle})
	}
	if len(rows) == 0 && err == nil {
		named := strings.ToLower(typed)
		rows, err = s.q.CreatorsNamed(ctx, db.CreatorsNamedParams{Named: named, Begins: begins(named), EmailHash: s.emailHash(identity.MailKey(typed))})
	}
	if len(rows) == 0 && err == nil {
		return s.creatorByName(ctx, typed, who, noHandle)
	}
	if err != nil {
		return partnership.Creator{}, mapped("creator", err)
	}
	return oneOf(rows)
}

// keysOf are the keys that a handle may be kept under: where no platform is named it may be any platform's.
func keysOf(who identity.Account) []string {
	return []string{who.Key(), identity.Account{Platform: identity.YouTube, Handle: who.Handle}.Key()}
}

// begins is what an id has to begin with to be meant, "" for nothing: less of it is a slip of the finger, and a campaign can be cancelled.
func begins(typed string) string {
	if len(typed) < partnership.ShortestID {
		return ""
	}
	return typed
}

func oneOf(rows []db.Creator) (partnership.Creator, error) {
	if len(rows) == 1 {
		return creatorOf(rows[0]), nil
	}
	fits, names := make([]partnership.Fit, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		names[i] = identity.Account{Platform: row.Platform, Handle: row.Handle}.String()
		fits[i] = partnership.Fit{ID: names[i], Words: "@" + row.Handle + " on " + row.Platform}
	}
	err := partnership.FieldErrorf("handle", "%d creators have that name: say %s", len(rows), strings.Join(names, " or "))
	err.Fits = fits
	return partnership.Creator{}, err
}

// mostMeant is how many are offered who may have been meant.
const mostMeant = 3

// creatorByName finds whoever is called so, or has that handle but for dots and underscores at its ends. Else it says who has a name near it.
func (s *Store) creatorByName(ctx context.Context, typed string, who identity.Account, noHandle error) (partnership.Creator, error) {
	all, err := s.q.Accounts(ctx)
	if err != nil {
		return partnership.Creator{}, mapped("creators", err)
	}
	all = slices.DeleteFunc(all, func(row db.AccountsRow) bool { return who.Platform != "" && row.Platform != who.Platform })
	name, bare := identity.Words(typed), strings.Trim(who.Key(), "._")
	handles, names := make([]string, len(all)), make([]string, len(all))
	var ids []string
	for i, row := range all {
		handles[i], names[i] = identity.Account{Platform: row.Platform, Handle: row.Handle}.Key(), identity.Words(row.Name)
		if name != "" && names[i] == name || noHandle == nil && bare != "" && strings.Trim(handles[i], "._") == bare {
			ids = append(ids, string(row.ID))
		}
	}
	if len(ids) > 0 {
		rows, err := s.q.CreatorsByID(ctx, ids)
		if err != nil {
			return partnership.Creator{}, mapped("creators", err)
		}
		return oneOf(rows)
	}
	near := partnership.Near(who.Key(), handles, mostMeant)
	for _, i := range partnership.Near(name, names, mostMeant) {
		if len(near) < mostMeant && !slices.Contains(near, i) {
			near = append(near, i)
		}
	}
	if len(near) == 0 && noHandle != nil {
		return partnership.Creator{}, noHandle
	}
	return partnership.Creator{}, unknownCreator(all, near)
}

// unknownCreator says that there is nobody of that name, and whose name is near.
func unknownCreator(all []db.AccountsRow, near []int) error {
	err := partnership.Errorf(partnership.NotFound, "no creator has that handle or name")
	meant := make([]string, len(near))
	for i, at := range near {
		row := all[at]
		meant[i] = identity.Account{Platform: row.Platform, Handle: row.Handle}.String()
		err.Fits = append(err.Fits, partnership.Fit{ID: meant[i], Words: "@" + row.Handle + " on " + row.Platform})
	}
	if len(meant) > 0 {
		err.Message += " (did you mean " + strings.Join(meant, " or ") + "?)"
	}
	return err
}
