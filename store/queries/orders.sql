-- name: LockOrder :exec
-- Orders and refunds of one order id wait for each other, also while the order's row is not there yet.
select pg_advisory_xact_lock(hashtextextended('order/' || @order_id::text, 0));

-- name: IsGiftOrder :one
-- The shop's id in either of its forms is one order.
select exists (select from deliveries where order_id <> '' and regexp_replace(order_id, '^gid://[^/]+/[^/]+/([^/?]+).*$', '\1') = @order_key::text);

-- name: InsertOrder :execrows
insert into orders (program, order_id, currency, net_minor, code_partnership_id, link_partnership_id, partnership_id, why, deliverable, deliverable_inferred, occurred_at, recorded_at)
values (@program, @order_id, @currency, @net_minor, sqlc.narg(code_partnership_id), sqlc.narg(link_partnership_id), sqlc.narg(partnership_id), @why, @deliverable, @deliverable_inferred,
    @occurred_at, @now)
on conflict (program, order_id) do nothing;

-- name: OrdersByID :many
select * from orders where order_id = $1 order by program;

-- name: ImportedBefore :one
-- An order of that instant which is kept under its number alone, and which only files told of.
select (exists (select from orders o where o.order_id = @order_id and o.occurred_at = @occurred_at)
    and not exists (select from order_facts f where f.order_id = @order_id and f.heard <> 'import'))::boolean as before;

-- name: InsertOrderFact :execrows
insert into order_facts (order_id, kind, ref, said_at, digest, fact, heard, recorded_at)
values (@order_id, @kind, @ref, @said_at, @digest, @fact, @heard, @now)
on conflict (order_id, kind, ref, digest) do nothing;

-- name: OrderFacts :many
select kind, ref, fact from order_facts where order_id = $1 order by id;

-- name: LastOrderSum :one
select * from order_sums where order_id = $1 order by n desc limit 1;

-- name: InsertOrderSum :exec
insert into order_sums (order_id, n, currency, bought_minor, back_minor, new_customer, recorded_at)
values (@order_id, @n, @currency, @bought_minor, @back_minor, sqlc.narg(new_customer), @now);

-- name: PartnershipSales :many
select currency, count(*) as orders, sum(kept_minor)::bigint as amount_minor,
    sum(kept_minor::double precision * kept_minor)::double precision as squares
from order_now where partnership_id = $1 group by currency order by currency;

-- name: LockCommission :exec
select pg_advisory_xact_lock(hashtext('commission/' || @partnership_id::text));

-- name: CommissionUsed :one
-- What the sales of a partnership have earned, with what tiers add to them, less what came back of it.
select coalesce(sum(amount_minor), 0)::bigint as minor from ledger_rows
where partnership_id = @partnership_id and currency = @currency and (order_id <> '' or starts_with(deliverable, 'tier/')) and state <> 'voided';

-- name: RereadUntil :one
select until_at from order_rereads;

-- name: RereadDone :exec
insert into order_rereads (until_at) values (@until) on conflict (one) do update set until_at = greatest(order_rereads.until_at, excluded.until_at);
