-- name: DeadInbox :many
select id, provider, delivery_id, attempts, note, received_at, octet_length(body)::bigint as bytes from inbox
where state = 'dead' order by received_at desc, id desc limit @max_rows;

-- name: RetryInbox :execrows
-- What was emptied by an erasure has nothing left to apply. The attempts stay counted: a first one takes what it knows already for a
-- vendor's repetition.
update inbox set state = 'new', next_at = @now, done_at = null, note = ''
where state = 'dead' and body <> '' and (id = @id or @id::bigint = 0);

-- name: Suppress :exec
-- A person's own word stands above what a mail server said, and an erasure above both.
insert into suppressions (email_hash, reason, at, cause) values (@email_hash, @reason, @at, @cause)
on conflict (email_hash) do update set reason = excluded.reason, at = excluded.at, cause = excluded.cause
where suppressions.cause = 'address' and excluded.cause <> 'address' or suppressions.cause = 'person' and excluded.cause = 'erased';

-- name: Suppressions :many
-- Addresses of creators whom we know; of the others nothing but a hash is kept.
select s.email_hash, s.reason, s.at, s.cause, coalesce(c.handle, '') as handle, coalesce(c.email, '') as email
from suppressions s left join creators c on c.email_hash = s.email_hash and c.erased_at is null
order by s.at desc, lower(coalesce(c.handle, ''));

-- name: SuppressionByHash :one
select * from suppressions where email_hash = $1;

-- name: LiftSuppression :execrows
delete from suppressions where email_hash = $1;

-- name: SuppressionsAmong :many
select email_hash, cause, reason from suppressions where email_hash = any(@hashes::bytea[]);

-- name: ReopenTrouble :execrows
-- One that is back within the hour is the same trouble, told in the same place.
update vendor_troubles t set ended_at = null
where t.vendor = @vendor and t.kind = @kind and t.ended_at > @recently
    and t.since = (select max(l.since) from vendor_troubles l where l.vendor = @vendor and l.kind = @kind)
    and not exists (select from vendor_troubles o where o.vendor = @vendor and o.kind = @kind and o.ended_at is null);

-- name: RefusedSteps :many
-- Partnerships in which a step waits for "try again", or a card is in no chat.
select id from partnerships
where outcome = '' and (waiting_for like 'a manager: % was refused' or waiting_for like 'a manager: % did not get through' or attention like '%not in the chat: %')
order by id;

-- name: NoteTrouble :one
insert into vendor_troubles (vendor, kind, since, last_at, times, words, probe_at) values (@vendor, @kind, @now, @now, 1, @words, @probe_at)
on conflict (vendor, kind) where ended_at is null
do update set last_at = excluded.last_at, times = vendor_troubles.times + 1, words = excluded.words, probe_at = greatest(vendor_troubles.probe_at, excluded.probe_at)
returning *;

-- name: OpenTroubles :many
select * from vendor_troubles where ended_at is null order by since, vendor, kind;

-- name: OpenTrouble :one
select * from vendor_troubles where vendor = $1 and kind = $2 and ended_at is null;

-- name: TakeProbe :execrows
-- Of all that wait for a vendor one may ask it again; the others wait for what it hears.
update vendor_troubles set probe_at = @next_at where vendor = @vendor and kind = @kind and ended_at is null and probe_at <= @now;

-- name: ProbeNow :execrows
update vendor_troubles set probe_at = @now where (vendor = @vendor or @vendor::text = '') and ended_at is null;

-- name: EndTrouble :execrows
update vendor_troubles set ended_at = @now where vendor = @vendor and kind = @kind and ended_at is null and last_at <= @until;

-- name: EndOldTroubles :exec
-- What a vendor held against a mail and has not said again is over; a vendor that refuses everybody is over when it takes a call.
update vendor_troubles set ended_at = @now where kind <> 'refuses_all' and ended_at is null and last_at < @before;

-- name: UntoldTroubles :many
-- What people see in the chat differs from what is so.
select * from vendor_troubles
where ended_at is null and (card is null or card->>'state' <> 'open') or ended_at is not null and card->>'state' = 'open'
order by since, vendor, kind;

-- name: ToldTrouble :exec
update vendor_troubles set card = @card where vendor = @vendor and kind = @kind and since = @since;
