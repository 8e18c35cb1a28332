-- name: LockBuying :exec
-- Orders that one partnership's touches bring are compared with each other one after the other: two at once would not see each other.
select pg_advisory_xact_lock(hashtextextended('buying/' || @partnership_id::text, 0));

-- name: KeepBuyer :execrows
-- Once for each order; a later report may tell of a buyer whom the first left out.
insert into order_buyers (order_id, mail_hash, place_hash, coupon_site, recorded_at)
values (@order_id, sqlc.narg(mail_hash), sqlc.narg(place_hash), @coupon_site, @now)
on conflict (order_id) do update set mail_hash = excluded.mail_hash, place_hash = excluded.place_hash, coupon_site = excluded.coupon_site
where order_buyers.mail_hash is null and order_buyers.place_hash is null and order_buyers.coupon_site = ''
    and (excluded.mail_hash is not null or excluded.place_hash is not null or excluded.coupon_site <> '');

-- name: BuyersCreator :one
-- Whom a buyer is compared with. Personal data.
select cr.email, cr.name, cr.payout_holder, coalesce(a.line1, '')::text as line1, coalesce(a.line2, '')::text as line2, coalesce(a.city, '')::text as city,
    coalesce(a.postal_code, '')::text as postal_code, coalesce(a.country, '')::text as country
from partnerships pa join creators cr on cr.id = pa.creator_id left join addresses a on a.creator_id = cr.id where pa.id = $1;

-- name: Released :many
-- Since when a risk of this partnership's is counted anew: a person has looked at what there was, and let it go on.
select rr.risk, max(au.at)::timestamptz as at
from row_risks rr join ledger_rows l on l.id = rr.row_id join audit au on au.target = 'row/' || l.id and au.action = 'release_row'
left join order_buyers b on b.order_id = l.order_id
where l.partnership_id = @partnership_id and (rr.risk not in ('same_buyer', 'same_place')
    or rr.risk = 'same_buyer' and b.mail_hash = sqlc.narg(mail_hash)::bytea or rr.risk = 'same_place' and b.place_hash = sqlc.narg(place_hash)::bytea)
group by rr.risk;

-- name: BuyingPattern :one
select count(*) filter (where b.mail_hash = sqlc.narg(mail_hash)::bytea and o.occurred_at > @buyer_since::timestamptz and o.occurred_at < @repeat_until::timestamptz) as buyer_orders,
    count(*) filter (where b.place_hash = sqlc.narg(place_hash)::bytea and o.occurred_at > @place_since::timestamptz and o.occurred_at < @repeat_until) as place_orders,
    count(distinct b.mail_hash) filter (where b.place_hash = sqlc.narg(place_hash)::bytea and o.occurred_at > @place_since and o.occurred_at < @repeat_until) as place_buyers,
    count(distinct b.mail_hash) filter (where o.why = 'code' and o.link_partnership_id is distinct from o.partnership_id
        and o.occurred_at > @leak_since::timestamptz and o.occurred_at < @leak_until::timestamptz) as code_buyers,
    count(*) filter (where o.occurred_at > @burst_since::timestamptz and o.occurred_at < @burst_until::timestamptz) as at_once,
    (select count(*) from clicks c where c.partnership_id = @partnership_id::text and not c.bot and c.at > @leak_since and c.at < @leak_until) as clicks
from orders o left join order_buyers b on b.order_id = o.order_id
where o.partnership_id = @partnership_id::text and o.occurred_at > @since::timestamptz and o.occurred_at < @repeat_until;

-- name: LockPatternRows :many
-- What the orders of a pattern earned and nobody has claimed yet. What waits for all of these signs already is left as it is: its reason would
-- grow with each further order, and be told anew.
select l.* from ledger_rows l join orders o on o.program = l.program and o.order_id = l.order_id left join order_buyers b on b.order_id = o.order_id
where l.partnership_id = @partnership_id::text and l.kind in ('commission', 'adjustment') and l.amount_minor > 0
    and (l.state in ('pending', 'eligible') or l.state = 'held' and not @risks::text[] <@ array(select rr.risk from row_risks rr where rr.row_id = l.id)) and (
    @same_buyer::boolean and b.mail_hash = sqlc.narg(mail_hash)::bytea and o.occurred_at > @buyer_since::timestamptz and o.occurred_at < @repeat_until::timestamptz
    or @same_place::boolean and b.place_hash = sqlc.narg(place_hash)::bytea and o.occurred_at > @place_since::timestamptz and o.occurred_at < @repeat_until
    or @leaked_code::boolean and b.mail_hash is not null and o.why = 'code' and o.link_partnership_id is distinct from o.partnership_id
        and o.occurred_at > @leak_since::timestamptz and o.occurred_at < @leak_until::timestamptz
    or @burst::boolean and o.occurred_at > @burst_since::timestamptz and o.occurred_at < @burst_until::timestamptz)
order by l.id for update of l;

-- name: AddRisks :exec
insert into row_risks (row_id, risk, at) select @row_id, unnest(@risks::text[]), @now on conflict do nothing;

-- name: ForgetBuyer :exec
-- Of orders that somebody bought who asked to be forgotten.
update order_buyers set mail_hash = null, place_hash = null where mail_hash = any(@hashes::bytea[]) or place_hash = any(@hashes::bytea[]);

-- name: UntoldHolds :many
-- What is held for something that finance was not told of: neither what a person held, nor what the creator was asked to mend.
select l.id, l.partnership_id, cr.platform, cr.handle, l.kind, l.amount_minor, l.currency, l.reason, l.created_at as since
from ledger_rows l join creators cr on cr.id = l.creator_id
where l.state = 'held' and exists (select from unnest(string_to_array(l.reason, '; ')) as part(reason) where part.reason <> @undisclosed::text
        and not exists (select from holds_told t where t.row_id = l.id and part.reason = any(string_to_array(t.reason, '; ')))
        and not exists (select from audit a where a.target = 'row/' || l.id and a.action = 'hold_row' and part.reason = any(string_to_array(a.reason, '; '))))
    and not exists (select from objections b where b.row_id = l.id and b.came in ('held', 'dropped', 'was_held') and b.decided_at is null) -- it has a card of its own
order by l.created_at, l.id limit 500;

-- name: HoldsTold :exec
insert into holds_told (row_id, reason, at) select l.id, l.reason, @now from ledger_rows l where l.id = any(@ids::text[]) and l.state = 'held' on conflict do nothing;

-- name: SaveHolder :exec
update creators set payout_holder = @holder where id = @id;
