-- name: AddEndpoint :exec
insert into webhook_endpoints (id, url, secret, types, created_by, created_at) values (@id, @url, @secret, @types, @created_by, @created_at);

-- name: RemoveEndpoint :execrows
update webhook_endpoints set removed_by = @removed_by, removed_at = @now::timestamptz where id = @id and removed_at is null;

-- name: DropDeliveries :exec
update webhook_deliveries set state = 'given_up', why = 'the endpoint was removed' where endpoint = @endpoint and state = 'waiting';

-- name: Endpoint :one
select * from webhook_endpoints where id = $1;

-- name: Endpoints :many
select * from webhook_endpoints where id > @after::text order by id limit @most;

-- name: DueEndpoints :many
select e.id from webhook_endpoints e where e.removed_at is null
    and exists (select from webhook_deliveries d where d.endpoint = e.id and d.state = 'waiting' and d.next_at <= @now::timestamptz) order by e.id;

-- name: ClaimDeliveries :many
-- A claim is a lease of a minute: whoever dies with it leaves it to the next.
with due as (
    select d.event, d.endpoint from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint and e.removed_at is null
    where d.endpoint = @endpoint and d.state = 'waiting' and d.next_at <= @now::timestamptz order by d.next_at, d.event limit @most for update of d skip locked
), mine as (
    update webhook_deliveries d set attempts = d.attempts + 1, last_at = @now::timestamptz, next_at = @until::timestamptz
    from due where d.event = due.event and d.endpoint = due.endpoint returning d.event, d.endpoint, d.attempts
)
select m.event, m.attempts, o.id, o.type, o.at, o.data, e.id as endpoint, e.url, e.secret
from mine m join outbox o on o.n = m.event join webhook_endpoints e on e.id = m.endpoint order by m.event;

-- name: SettleDelivery :exec
update webhook_deliveries set state = @state, status = @status, why = @why, next_at = @next_at where event = @event and endpoint = @endpoint and state = 'waiting';

-- name: Deliveries :many
select o.n, o.id, o.type, o.at, o.data, d.endpoint, d.state, d.attempts, d.next_at, d.last_at, d.status, d.why
from webhook_deliveries d join outbox o on o.n = d.event
where (@endpoint::text = '' or d.endpoint = @endpoint::text) and (@after_event::bigint = 0 or (o.n, d.endpoint) < (@after_event::bigint, @after_endpoint::text))
order by o.n desc, d.endpoint desc limit @most;

-- name: ResendDelivery :execrows
update webhook_deliveries d set state = 'waiting', attempts = 0, next_at = @now::timestamptz, why = ''
from outbox o, webhook_endpoints e where o.n = d.event and e.id = d.endpoint and o.id = @id and d.endpoint = @endpoint and e.removed_at is null;

-- name: ForgetOutbox :exec
delete from outbox where at < now() - interval '30 days';
