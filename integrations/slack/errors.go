package slack

import (
	"errors"
	"net/http"
	"slices"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

const vendor = "slack"

// refusal is a call that was never made: it will be refused again until a person changes something.
var refusal = httpx.Refusals(vendor)

// vendorError maps what slack-go returns. Slack's usual failure is HTTP 200 with {"ok":false,"error":"..."}.
func vendorError(op string, err error, idempotent bool) *partnership.VendorError {
	if api, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return answered(op, api.Err, idempotent)
	}
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return &partnership.VendorError{
			Vendor: vendor, Op: op, Class: partnership.Retry, Status: http.StatusTooManyRequests,
			VendorCode: "ratelimited", Message: "too many requests", RetryAfter: max(limited.RetryAfter, 0),
		}
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		v := &partnership.VendorError{
			Vendor: vendor, Op: op, Class: httpx.StatusClass(status.Code, idempotent), Status: status.Code,
			Message: "Slack answered with an HTTP error",
		}
		if v.Class == partnership.Permanent {
			v.Class, v.Message = partnership.Barred, "unexpected answer: check SLACK_API_URL"
		}
		return v
	}
	if _, ok := errors.AsType[*httpx.TransportError](err); ok {
		return httpx.Classify(vendor, op, err, idempotent)
	}
	if errors.Is(err, slack.ErrParametersMissing) || errors.Is(err, slack.ErrBlockIDNotUnique) {
		return refusal(op, "the request is incomplete or names a block twice")
	}
	// What is left is an answer that is not what Slack documents: not JSON, or a Retry-After that is not a number.
	v := &partnership.VendorError{Vendor: vendor, Op: op, Class: partnership.Ambiguous, Message: "the answer could not be read"}
	if idempotent {
		v.Class = partnership.Retry
	}
	return v
}

// noChannel are the codes of a channel that takes no message.
var noChannel = []string{"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "cant_post_message", "posting_to_channel_denied"}

// everybodys says of a refused post to the team's own channel that no card at all gets there.
func everybodys(v *partnership.VendorError, own bool) *partnership.VendorError {
	if own && slices.Contains(noChannel, v.VendorCode) {
		v.Class, v.OpOnly = partnership.Barred, true
	}
	return v
}

// answered maps Slack's error codes. internal_error and fatal_error say themselves that part of the work may be done.
func answered(op, code string, idempotent bool) *partnership.VendorError {
	v := &partnership.VendorError{
		Vendor: vendor, Op: op, Status: http.StatusOK, VendorCode: httpx.Code(code),
		Class: partnership.Permanent, Message: "Slack refused the request",
	}
	switch code {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		v.Class, v.Message = partnership.Retry, "too many requests"
	case "request_timeout", "service_unavailable", "team_added_to_org", "accesslimited":
		v.Class, v.Message = partnership.Retry, "Slack is not available"
	case "internal_error", "fatal_error":
		v.Class, v.Message = partnership.Ambiguous, "Slack had an error and part of the work may be done"
		if idempotent {
			v.Class = partnership.Retry
		}
	case "is_archived":
		v.Message = "the channel is archived: open it again, or set SLACK_CHANNEL to another channel's id and invite the app to that channel"
	case "not_in_channel":
		v.Message = "the app is not in the channel: invite it there, or set SLACK_CHANNEL to another channel's id and invite it to that channel"
	case "channel_not_found", "restricted_action", "cant_post_message":
		v.Message = "cannot post there: set SLACK_CHANNEL to a channel's id and invite the app to that channel"
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission",
		"org_login_required", "ekm_access_denied", "not_allowed_token_type":
		v.Class, v.Message = partnership.Barred, "the token was refused: check SLACK_BOT_TOKEN and that the app is installed"
	case "missing_scope":
		v.Class, v.OpOnly = partnership.Barred, true
		v.Message = "the app lacks a scope: add it at api.slack.com and install the app again"
	case "invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name", "invalid_form_data",
		"msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments", "invalid_metadata_format",
		"metadata_too_large", "metadata_must_be_sent_from_app", "invalid_metadata_schema", "view_too_large":
		v.Message = "Slack does not accept the message as it is drawn"
	case "team_access_not_granted", "team_not_found", "plan_upgrade_required", "app_missing_action_url":
		v.Class, v.Message = partnership.Barred, "the workspace does not let the app in: look at its installation and plan"
	case "message_not_found":
		v.Gone, v.Message = true, "somebody has deleted the message"
	case "cant_update_message", "edit_window_closed":
		v.Message = "the message can no longer be changed"
	case "thread_not_found":
		v.Class, v.Message = partnership.Retry, "the thread is gone; another is begun"
	case "user_not_found", "users_not_found", "user_not_visible", "user_not_in_channel":
		v.Message = "no such person in this workspace or channel"
	case "expired_trigger_id", "trigger_expired", "invalid_trigger_id", "exchanged_trigger_id", "trigger_exchanged":
		v.Message = "too late: the click is more than three seconds old; click again"
	}
	return v
}
