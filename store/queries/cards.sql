-- name: OpenCards :many
-- Those that were posted and have not had their last word; all that ask something, or one.
select c.key, c.decision_id, c.said, c.said_at, c.reminded_at, c.campaign_id, c.thread_ts, c.link, c.due, e.receipt, e.last_at as posted_at
from cards c join effects e on e.key = c.key and e.state = 'confirmed' and e.receipt is not null
where c.closed_at is null and (@key::text = '' and c.decision_id <> '' or c.key = @key::text)
order by c.key;

-- name: CardQuestion :one
select decision_id from cards where key = $1;

-- name: ClaimCard :execrows
-- A claim is a lease: two that edit the same card would leave the older word standing.
update cards set busy_until = @until::timestamptz where key = @key and closed_at is null and (busy_until is null or busy_until <= @now::timestamptz);

-- name: CardSays :exec
update cards set said = @said, said_at = @now::timestamptz, busy_until = null, closed_at = case when @closed::boolean then @now::timestamptz end where key = @key and closed_at is null;

-- name: FreeCard :exec
-- It could not be edited: after a while it is tried again.
update cards set busy_until = @until::timestamptz where key = @key and closed_at is null;

-- name: CardReminded :exec
update cards set reminded_at = @now::timestamptz where key = @key;
