-- name: ProofApprovals :many
-- Who approved which hash of a month's runs, and the line of it in the audit.
select a.run_id, a.approved_by, a.lines_hash, a.at, coalesce((
    select d.deed_id from audit d where d.action = 'approve_run' and d.target = 'payout-run/' || r.program || '/' || r.period and d.actor = a.approved_by
    order by abs(extract(epoch from d.at - a.at)) limit 1), '')::text as deed_id
from run_approvals a join payout_runs r on r.id = a.run_id
where r.program = @program and r.period = @period order by a.run_id, a.at, a.approved_by;

-- name: ProofPayouts :many
select sqlc.embed(po), (cr.erased_at is not null)::boolean as erased, array_agg(pr.row_id order by pr.row_id collate "C")::text[] as rows
from payouts po join payout_runs r on r.id = po.run_id join creators cr on cr.id = po.creator_id join payout_rows pr on pr.payout_id = po.id
where r.program = @program and r.period = @period and (sqlc.narg(creator_id)::text is null or po.creator_id = sqlc.narg(creator_id))
group by po.id, cr.erased_at order by po.id;

-- name: ProofLines :many
select po.run_id, po.line_hash from payouts po join payout_runs r on r.id = po.run_id
where r.program = @program and r.period = @period and po.line_hash <> '' order by po.run_id, po.creator_id collate "C", po.currency;

-- name: ProofRows :many
-- What a month's payouts claimed, what happened in the month, and what is open of it; with all rows of the orders among them, the other
-- half of what was booked in pairs, and what is owed again because a payout came back.
with picked as (
    select l.* from ledger_rows l
    where l.program = @program and (sqlc.narg(creator_id)::text is null or l.creator_id = sqlc.narg(creator_id))
      and (l.occurred_at >= @from_at and l.occurred_at < @to_at or l.state in ('pending', 'eligible', 'held') and l.occurred_at < @to_at
           or exists (select from payout_rows pr join payouts po on po.id = pr.payout_id join payout_runs r on r.id = po.run_id
                      where pr.row_id = l.id and r.program = @program and r.period = @period))
)
select sqlc.embed(l), coalesce(p.kind, '')::text as booked,
    coalesce((select (pa.terms ->> 'commission_cap_minor')::bigint from partnerships pa where pa.id = l.partnership_id and l.kind = 'commission'), 0)::bigint as cap_minor,
    coalesce((select array_agg(pr.payout_id order by pr.released_at, pr.payout_id) from payout_rows pr where pr.row_id = l.id and pr.released_at is not null), '{}')::text[] as released
from ledger_rows l left join postings p on p.key = 'row/' || l.id
where l.id in (select k.id from picked k)
   or l.program = @program and l.order_id <> '' and l.order_id in (select k.order_id from picked k)
   or l.kind = 'adjustment' and l.order_id = '' and exists (
      select from picked k where k.kind = 'adjustment' and k.order_id = '' and k.program = l.program and k.partnership_id = l.partnership_id
        and k.currency = l.currency and k.occurred_at = l.occurred_at and k.amount_minor = -l.amount_minor)
   or l.deliverable <> '' and l.kind in ('bonus', 'adjustment') and exists (
      select from picked k where k.deliverable = l.deliverable and k.partnership_id = l.partnership_id and k.kind in ('bonus', 'adjustment'))
   or l.program = @program and p.kind = 'return' and l.creator_id in (
      select po.creator_id from payouts po join payout_runs r on r.id = po.run_id
      where r.program = @program and r.period = @period and po.reversed_minor > 0 and (sqlc.narg(creator_id)::text is null or po.creator_id = sqlc.narg(creator_id)))
order by l.id collate "C";

-- name: ProofOrders :many
select order_id, currency, net_minor, occurred_at, recorded_at from orders
where program = @program and order_id = any(@order_ids::text[]) order by order_id collate "C";

-- name: ProofSums :many
-- What orders came to since each was credited; a refund or dispute that was heard just then stands beside it by its id at the shop.
select s.order_id, s.n, s.bought_minor, s.back_minor, s.recorded_at, coalesce((
    select string_agg(distinct f.ref, ', ' order by f.ref) from order_facts f where f.order_id = s.order_id and f.kind <> 'order'
      and f.recorded_at <= s.recorded_at and f.recorded_at > coalesce((select b.recorded_at from order_sums b where b.order_id = s.order_id and b.n = s.n - 1), '-infinity')), '')::text as refs
from order_sums s where s.order_id = any(@order_ids::text[]) order by s.order_id, s.n;

-- name: ProofWords :many
-- What people decided about rows, and who asked for what was forgiven and agreed to it.
with words as (
    select substr(target, 5)::text as row_id, action, actor, at, reason, coalesce(deed_id, '')::text as deed_id, n from audit
    where target = any(@targets::text[]) and action in ('hold_row', 'release_row', 'void_row') and outcome = 'done' and corrects is null
    union all
    select w.row_id, a.action, a.actor, a.at, w.reason, coalesce(a.deed_id, '')::text, a.n from write_offs w join audit a on a.target = 'write-off/' || w.id
    where w.row_id = any(@row_ids::text[]) and a.action in ('ask_write_off', 'approve_write_off') and a.outcome = 'done' and a.corrects is null
)
select coalesce(row_id, '')::text as row_id, action, actor, at, reason, deed_id from words order by n;

-- name: ProofSettled :many
-- Runs that are a person's word on a transfer which the books had lost.
select r.id as run_id, d.transfer_id, d.settled_by, d.settled_at::timestamptz as at, d.reason
from payout_runs r join payouts po on po.run_id = r.id join payout_differences d on d.provider = po.provider and d.transfer_id = po.provider_ref and d.settled = 'ours'
where r.program = @program and r.period = @period and r.lines_hash = '';
