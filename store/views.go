package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// What somebody may keep of views.
const (
	maxViews    = 20
	maxViewName = 60
)

// View is what somebody looks for again and again among partnerships, under a name of their own.
type View struct {
	ID, Name                   string
	Search, Stage, Waits, Sort string
}

// Views are somebody's own, by their names.
func (s *Store) Views(ctx context.Context, who string) ([]View, error) {
	views, err := viewsOf(ctx, s.q, who)
	return views, mapped("views", err)
}

func viewsOf(ctx context.Context, q *db.Queries, who string) ([]View, error) {
	rows, err := q.SavedViews(ctx, who)
	return each(rows, func(r db.SavedView) View { return View{r.ID, r.Name, r.Search, r.Stage, r.Waits, r.Sort} }), err
}

// SaveView keeps a view; the same again is the first one.
func (s *Store) SaveView(ctx context.Context, who string, v View) error {
	name, err := viewName(v.Name)
	if err != nil {
		return err
	}
	return s.tx(ctx, "save view", func(q *db.Queries) error {
		views, err := lockedViews(ctx, q, who)
		if err != nil {
			return err
		}
		for _, one := range views {
			if again := (View{one.ID, name, v.Search, v.Stage, v.Waits, v.Sort}); one == again {
				return nil
			}
		}
		if err := free(views, name, ""); err != nil {
			return err
		}
		if len(views) >= maxViews {
			return partnership.FieldErrorf("name", "you have %d views, and that is all that are kept: remove one first", maxViews)
		}
		return q.AddSavedView(ctx, db.AddSavedViewParams{ID: newID(), Who: who, Name: name, Search: v.Search, Stage: v.Stage, Waits: v.Waits, Sort: v.Sort, MadeAt: s.now()})
	})
}

// RenameView gives a view of somebody's another name.
func (s *Store) RenameView(ctx context.Context, who, id, name string) error {
	name, err := viewName(name)
	if err != nil {
		return err
	}
	return s.tx(ctx, "rename view", func(q *db.Queries) error {
		views, err := lockedViews(ctx, q, who)
		if err != nil {
			return err
		}
		if err := free(views, name, id); err != nil {
			return err
		}
		n, err := q.RenameSavedView(ctx, db.RenameSavedViewParams{Name: name, Who: who, ID: id})
		if err == nil && n == 0 {
			err = partnership.Errorf(partnership.NotFound, "you have no such view; it may have been removed")
		}
		return err
	})
}

// RemoveView removes a view of somebody's, if it is there.
func (s *Store) RemoveView(ctx context.Context, who, id string) error {
	return mapped("view", s.q.RemoveSavedView(ctx, db.RemoveSavedViewParams{Who: who, ID: id}))
}

func lockedViews(ctx context.Context, q *db.Queries, who string) ([]View, error) {
	if err := q.LockSavedViews(ctx, who); err != nil {
		return nil, err
	}
	return viewsOf(ctx, q, who)
}

// free is nil for a name that no other of the views has.
func free(views []View, name, id string) error {
	for _, one := range views {
		if strings.EqualFold(one.Name, name) && one.ID != id {
			return partnership.FieldErrorf("name", "you have a view named %q already; take another name", one.Name)
		}
	}
	return nil
}

func viewName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", partnership.FieldErrorf("name", "give it a name")
	case n > maxViewName:
		return "", partnership.FieldErrorf("name", "%d characters; at most %d", n, maxViewName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", partnership.FieldErrorf("name", "must be one line")
	}
	return name, nil
}
