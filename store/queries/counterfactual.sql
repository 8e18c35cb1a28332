-- name: PastOrders :many
-- A program's orders, in the order in which they were recorded.
select sqlc.embed(o) from orders o where o.program = $1 order by o.recorded_at, o.order_id;

-- name: PastSums :many
-- What each came to, and since when.
select sqlc.embed(s) from order_sums s join orders o on o.order_id = s.order_id where o.program = $1 order by s.order_id, s.n;

-- name: PastRows :many
-- What they earned, and when a person rejected it.
select sqlc.embed(l), coalesce((select max(a.at) from audit a where a.target = 'row/' || l.id and a.action = 'void_row'), l.created_at)::timestamptz as voided_at
from ledger_rows l where l.program = $1 and l.order_id <> '' order by l.created_at, l.id;

-- name: PastBonuses :many
-- What sales reached, and what was taken back of it.
select sqlc.embed(l) from ledger_rows l where l.program = $1 and l.deliverable <> '' and l.kind in ('bonus', 'adjustment') order by l.created_at, l.id;

-- name: PastTouches :many
select pa.id, pa.campaign_id, pa.creator_id, pa.terms, pa.ended_at, pa.payout_hold, k.cleared_at
from partnerships pa join campaigns c on c.id = pa.campaign_id left join tracking_kits k on k.partnership_id = pa.id where c.program = $1;

-- name: PastPosts :many
select po.partnership_id, po.deliverable, po.approved_at
from posts po join partnerships pa on pa.id = po.partnership_id join campaigns c on c.id = pa.campaign_id where c.program = $1;
