-- name: BeginEffect :one
-- Failed and released acts were certainly not done: attempts and the time of the first start anew, so that only what follows
-- can be ambiguous. Both times are the database's own: an age that is asked of them is no worker's clock against another's.
insert into effects (key, kind, state, attempts, first_at, last_at)
values (@key, @kind, 'intent', 1, coalesce(sqlc.narg(test_now)::timestamptz, now()), coalesce(sqlc.narg(test_now)::timestamptz, now()))
on conflict (key) do update set last_at = excluded.last_at,
    attempts = case when effects.state in ('failed', 'released') then 1 else effects.attempts + 1 end,
    state = case when effects.state in ('failed', 'released') then 'intent' else effects.state end,
    progress = case when effects.state = 'failed' then null else effects.progress end,
    first_at = case when effects.attempts = 0 or effects.state in ('failed', 'released') then excluded.first_at else effects.first_at end
returning *;

-- name: NoteProgress :execrows
update effects set progress = @progress, last_at = @now where key = @key;

-- name: ConfirmEffect :execrows
update effects set state = 'confirmed', receipt = @receipt, last_at = @now where key = @key and state <> 'confirmed';

-- name: RevertEffect :execrows
update effects set state = 'intent', attempts = 0, note = @note, last_at = @now where key = @key and state = 'intent';

-- name: RestartEffect :many
-- An act that was looked for and not found begins anew, by one of those who looked: whoever saw an earlier beginning comes too late.
update effects set attempts = 1, note = @note, first_at = coalesce(sqlc.narg(test_now)::timestamptz, now()), last_at = coalesce(sqlc.narg(test_now)::timestamptz, now())
where key = @key and state = 'intent' and attempts > 1 and first_at = @seen returning *;

-- name: ParkEffect :execrows
update effects set state = 'unknown', note = @note, last_at = @now where key = @key and state in ('intent', 'unknown');

-- name: FailEffect :execrows
update effects set state = 'failed', note = @note, last_at = @now where key = @key and state in ('intent', 'failed');

-- name: ResolveEffect :execrows
update effects set state = @state, note = @note, last_at = @now
where key = @key and state = 'unknown';

-- name: Effect :one
select sqlc.embed(effects), (coalesce(sqlc.narg(test_now)::timestamptz, now()))::timestamptz as now from effects where key = @key;

-- name: Unfinished :one
-- A notice that is due is an act outside too, before its mail has begun.
with open as (
    select key, first_at from effects where state in ('intent', 'unknown')
    union all
    select 'notice/' || n.id, n.created_at from notices n
    where n.done_at is null and (n.send_after is null or n.send_after <= @now::timestamptz) and not exists (select from effects e where e.key = 'notice/' || n.id)
)
select (select count(*) from inbox where state = 'new') as webhooks,
       (select count(*) from open) as effects,
       array(select key from open order by first_at limit 10)::text[] as keys;

-- name: UnknownEffects :many
select * from effects where state = 'unknown' order by last_at limit nullif(@most::int, 0);

-- name: ReceiveDelivery :execrows
insert into inbox (provider, delivery_id, headers, body, next_at, received_at) values (@provider, @delivery_id, @headers, @body, @now, @now)
on conflict (provider, delivery_id) do nothing;

-- name: ClaimInbox :many
-- A claim is a lease: a sweeper that dies leaves the rows to the next one when it ends.
update inbox set attempts = attempts + 1, next_at = @lease_until::timestamptz
where id in (select i.id from inbox i where i.state = 'new' and i.next_at <= @now and i.received_at <= @received_before
             order by i.next_at, i.id limit @max_rows for update skip locked)
returning *;

-- name: InboxApplied :exec
update inbox set state = 'applied', done_at = @now, note = '' where id = @id and state = 'new';

-- name: InboxFailed :exec
update inbox set note = @note, next_at = @next_at where id = @id and state = 'new';

-- name: InboxDead :exec
update inbox set state = 'dead', done_at = @now, note = @note where id = @id and state = 'new';

-- name: InboxCounts :many
select provider, state, count(*) as deliveries from inbox group by provider, state order by provider, state;

-- name: AddMailEvent :execrows
insert into mail_events (sg_event_id, key, event, reason, at) values ($1, $2, $3, $4, $5) on conflict (sg_event_id) do nothing;

-- name: MailStatus :one
select (count(*) > 0)::boolean as accepted, (count(*) filter (where event in ('bounce', 'dropped', 'blocked', 'spamreport')) > 0)::boolean as bounced
from mail_events where key = $1;


-- name: AuditOf :many
select * from audit where target = $1 order by n;
