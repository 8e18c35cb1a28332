package slack

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// mostFile is the most that a file in a form may weigh, as Slack itself has it.
const mostFile = 10 << 20

// File is what somebody has put into a form, with the name that they know it by. Slack is asked where it is, and the library sends the token to no
// host but Slack's, or that of SLACK_API_URL.
func (c *Client) File(ctx context.Context, id string) (name string, content []byte, err error) {
	const op = "files.info"
	info, _, _, err := c.api.GetFileInfoContext(ctx, id, 0, 0)
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && (refused.Err == "file_not_found" || refused.Err == "file_deleted") {
		return "", nil, partnership.Errorf(partnership.NotFound, "the file is gone from Slack; choose it again")
	}
	if err != nil {
		return "", nil, vendorError(op, err, true)
	}
	if info.Size > mostFile {
		return "", nil, partnership.FieldErrorf(info.Name, "it weighs %d bytes; at most %d are taken", info.Size, mostFile)
	}
	from := info.URLPrivateDownload
	if from == "" {
		from = info.URLPrivate
	}
	var into bytes.Buffer
	if err := c.api.GetFileContext(ctx, from, &limited{&into, mostFile}); err != nil {
		if errors.Is(err, errTooMuch) {
			return "", nil, partnership.FieldErrorf(info.Name, "it weighs more than %d bytes", mostFile)
		}
		return "", nil, vendorError("files.download", err, true)
	}
	return info.Name, into.Bytes(), nil
}

var errTooMuch = errors.New("slack: more than is taken")

// limited takes so many bytes and no more.
type limited struct {
	to   io.Writer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	if len(b) > l.left {
		return 0, errTooMuch
	}
	l.left -= len(b)
	return l.to.Write(b)
}
