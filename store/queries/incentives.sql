-- name: BonusSales :many
-- All sales of a partnership as they are now, with how their commission stands.
select n.order_id, n.currency, n.occurred_at, n.bought_minor, n.back_minor, coalesce(l.rate_bps, 0)::bigint as rate_bps,
    coalesce(l.state, '')::text as state, coalesce(l.reason, '')::text as reason
from order_now n left join ledger_rows l on l.program = n.program and l.order_id = n.order_id and l.kind = 'commission'
where n.partnership_id = @partnership_id;

-- name: LockBonusRows :many
select * from ledger_rows where partnership_id = @partnership_id and deliverable <> '' and kind in ('bonus', 'adjustment') order by created_at, id for update;
