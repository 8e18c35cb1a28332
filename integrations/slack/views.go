package slack

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// UpdateView shows something else in a modal that is open: by its id, or by the external id that we gave it where Slack has not said its own. hash
// is that of the view as it was last seen, "" for whatever it is now. *partnership.Error Conflict when it has changed since, NotFound when it is closed.
func (c *Client) UpdateView(ctx context.Context, id, external, hash string, view slack.ModalViewRequest) error {
	const op = "views.update"
	_, err := c.api.UpdateViewContext(ctx, view, external, hash, id)
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch refused.Err {
		case "hash_conflict":
			return partnership.Errorf(partnership.Conflict, "the form has changed meanwhile")
		case "not_found", "view_not_found":
			return partnership.Errorf(partnership.NotFound, "the form is closed")
		}
	}
	if err != nil {
		return vendorError(op, err, true)
	}
	return nil
}
