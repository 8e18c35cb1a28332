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

-- name: OrdersOfPartnership :many
select * from orders where partnership_id = $1 order by occurred_at, order_id;

-- name: InsertRefund :execrows
insert into refunds (order_id, refund_id, amount_minor, currency, occurred_at, recorded_at) values (@order_id, @refund_id, @amount_minor, @currency, @occurred_at, @now)
on conflict (order_id, refund_id) do nothing;

-- name: RefundedTotal :one
select coalesce(sum(amount_minor), 0)::bigint from refunds where order_id = $1 and currency = $2;

-- name: PartnershipSales :one
select count(*) as orders,
       coalesce(sum(o.net_minor - least(o.net_minor, coalesce((select sum(r.amount_minor) from refunds r where r.order_id = o.order_id and r.currency = o.currency), 0))), 0)::bigint as revenue_minor
from orders o where o.partnership_id = $1;
