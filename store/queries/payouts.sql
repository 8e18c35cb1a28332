-- name: LockProgram :one
select * from programs where name = $1 for update;

-- name: OpenRun :one
select * from payout_runs where program = $1 and period = $2 and state not in ('reconciled', 'rejected', 'empty');

-- name: RunCount :one
select count(*) from payout_runs where program = $1 and period = $2;

-- name: InsertRun :one
insert into payout_runs (id, program, period, n, from_at, to_at, cutoff, state, prepared_by, currency, created_at)
values (@id, @program, @period, @n, @from_at, @to_at, @cutoff, @state, @prepared_by, @currency, @now)
returning *;

-- name: Run :one
select * from payout_runs where id = $1;

-- name: LockRun :one
select * from payout_runs where id = $1 for update;

-- name: Runs :many
select * from payout_runs where (@program::text = '' or program = @program::text) and (@period::text = '' or period = @period::text) order by period, program, n;

-- name: RunsBefore :many
-- The newest runs, or those before one.
select * from payout_runs r where (@before::text = '' or (r.created_at, r.id) < (select b.created_at, b.id from payout_runs b where b.id = @before::text))
    and (@program::text = '' or r.program = @program::text) and (@period::text = '' or r.period = @period::text)
order by r.created_at desc, r.id desc limit @most;

-- name: SetRunState :exec
update payout_runs set state = $2, waits = '' where id = $1;

-- name: SavePlan :exec
update payout_runs set state = @state, lines_hash = @lines_hash, total_minor = @total_minor, payees = @payees, carried = @carried, need_approvers = @need_approvers,
    batches = @batches,
    minimum_minor = (select p.minimum_minor from programs p where p.name = program), approve_above_minor = (select p.approve_above_minor from programs p where p.name = program)
where id = @id;

-- name: InsertPayout :exec
insert into payouts (id, run_id, creator_id, destination, amount_minor, currency, state, provider, idempotency_key, updated_at)
values (@id, @run_id, @creator_id, @destination, @amount_minor, @currency, 'planned', @provider, @idempotency_key, @now);

-- name: ClaimRow :execrows
with claimed as (update ledger_rows l set state = 'in_payout', payout_id = @payout_id where l.id = @row_id and l.state = 'eligible' returning l.id, l.payout_id)
insert into payout_rows (payout_id, row_id) select payout_id, id from claimed;

-- name: FirstRowOfPayout :one
select l.* from payout_rows pr join ledger_rows l on l.id = pr.row_id where pr.payout_id = $1 order by l.created_at, l.id limit 1;

-- name: PayRows :execrows
update ledger_rows set state = 'paid' where payout_id = @payout_id::text and state = 'in_payout';

-- name: ReleaseRows :execrows
update ledger_rows set state = 'eligible', payout_id = null where payout_id = @payout_id::text and state = 'in_payout';

-- name: LockEarnersOf :exec
-- Held shared, so that a hold on a partnership's money waits for what a payout gives back, or is seen.
select 1 from partnerships where id in (select l.partnership_id from ledger_rows l where l.payout_id = @payout_id::text) order by id for share;

-- name: HoldReleased :exec
-- What a payout has given back and whose post lacks its disclosure by now: it was claimed before.
update ledger_rows l set state = 'held', reason = pa.payout_hold from payout_rows pr, partnerships pa
where pr.payout_id = @payout_id and pr.released_at is null and l.id = pr.row_id and l.state = 'eligible' and l.amount_minor > 0
    and pa.id = l.partnership_id and pa.payout_hold <> '';

-- name: ReleasePayoutRows :exec
update payout_rows set released_at = @now::timestamptz where payout_id = @payout_id and released_at is null;

-- name: Payout :one
select * from payouts where id = $1;

-- name: LockPayout :one
select * from payouts where id = $1 for update;

-- name: PayoutsOfRun :many
select * from payouts where run_id = $1 order by creator_id, currency;

-- name: LinesOfRun :many
select po.id as payout_id, po.creator_id, po.destination, po.currency, po.amount_minor, array_agg(pr.row_id order by pr.row_id)::text[] as rows, sum(l.amount_minor)::bigint as rows_minor
from payouts po join payout_rows pr on pr.payout_id = po.id join ledger_rows l on l.id = pr.row_id
where po.run_id = $1 group by po.id order by po.creator_id collate "C", po.currency;

-- name: SetPayoutState :exec
update payouts set state = @state, reason = @reason, updated_at = @now where id = @id;

-- name: PostPayout :one
-- Times are the database's own: how old a key is must not depend on the clock of the worker that asks.
update payouts set state = 'posted', first_posted_at = coalesce(first_posted_at, sqlc.narg(test_now)::timestamptz, now()),
    updated_at = coalesce(sqlc.narg(test_now)::timestamptz, now())
where id = @id returning *;

-- name: UnpostPayout :execrows
-- Every post writes updated_at: one that was posted again meanwhile stays posted.
update payouts set state = 'planned', key_n = key_n + @keys_used::int where id = @id and state = 'posted' and updated_at = @posted_at;

-- name: NoteOrdered :exec
-- A post that is noted late has not become another: updated_at stays.
update payouts set ordered_ref = @ordered_ref where id = @id and ordered_ref = '';

-- name: PayoutsNow :one
-- What a key's age is measured by, where the row itself does not change.
select coalesce(sqlc.narg(test_now)::timestamptz, now())::timestamptz as now;

-- name: PayPayout :exec
update payouts set state = 'paid', provider_ref = @provider_ref, reason = '', updated_at = @now where id = @id;

-- name: BookPayout :exec
-- A payout that was made for a transfer that there is already.
update payouts set state = 'paid', provider_ref = @provider_ref, first_posted_at = @at::timestamptz, updated_at = @now where id = @id;

-- name: ReversePayout :exec
update payouts set state = @state, reversed_minor = @reversed_minor, reason = @reason, updated_at = @now where id = @id;

-- name: PayoutByRef :one
select id from payouts where provider = $1 and provider_ref = $2;

-- name: AddApproval :execrows
insert into run_approvals (run_id, approved_by, lines_hash, at) values ($1, $2, $3, $4) on conflict (run_id, approved_by) do nothing;

-- name: ApprovalsOfRuns :many
-- Who approved these runs as they hash now.
select a.run_id, a.approved_by from run_approvals a join payout_runs r on r.id = a.run_id and r.lines_hash = a.lines_hash
where a.run_id = any(@ids::text[]) order by a.at, a.approved_by;

-- name: Approvals :many
select * from run_approvals where run_id = $1 and lines_hash = $2 order by at, approved_by;

-- name: MonthRows :many
-- What a statement of a run's month may speak of: what happened in it, and what is open; ledger/ says what it does. Nobody who was
-- erased has an address left to read it at.
select l.creator_id, l.state, l.amount_minor, l.occurred_at, l.eligible_at
from ledger_rows l join creators cr on cr.id = l.creator_id and cr.erased_at is null
where l.program = @program and l.currency = @currency and (l.state in ('pending', 'eligible') or l.occurred_at >= @from_at and l.occurred_at < @cutoff)
order by l.creator_id;

-- name: MonthRowsOf :many
-- As MonthRows, of one creator and whole: what is held, was rejected or is in another currency too, and what its order came to.
select sqlc.embed(l), coalesce(o.net_minor, 0)::bigint as net_minor
from ledger_rows l left join orders o on o.program = l.program and o.order_id = l.order_id and l.kind = 'commission'
where l.creator_id = @creator_id and l.program = @program
  and (l.state in ('pending', 'eligible', 'held') or l.occurred_at >= @from_at and l.occurred_at < @cutoff)
order by l.occurred_at, l.id;

-- name: BrandOf :one
-- In whose name a program speaks to a creator: the brand of the newest campaign that they are in. The program's others are not theirs.
select c.spec from campaigns c join partnerships pa on pa.campaign_id = c.id
where c.program = @program and pa.creator_id = @creator_id order by c.created_at desc, c.id limit 1;

-- name: PayoutDocuments :many
select sqlc.embed(po), cr.platform, cr.handle, array_agg(pr.row_id order by pr.row_id)::text[] as rows
from payouts po join creators cr on cr.id = po.creator_id join payout_runs r on r.id = po.run_id join payout_rows pr on pr.payout_id = po.id
where (@program::text = '' or r.program = @program::text) and (@period::text = '' or r.period = @period::text)
  and (sqlc.narg(creator_id)::text is null or po.creator_id = sqlc.narg(creator_id))
group by po.id, cr.platform, cr.handle, r.program, r.period order by r.period, r.program, po.run_id, po.creator_id;

-- name: PayoutPage :many
-- Payouts in the order in which they were planned: by their id, so that a page costs no more than what it shows.
select sqlc.embed(po), cr.platform, cr.handle, (select coalesce(array_agg(pr.row_id order by pr.row_id), '{}') from payout_rows pr where pr.payout_id = po.id)::text[] as rows
from payouts po join creators cr on cr.id = po.creator_id join payout_runs r on r.id = po.run_id
where (@run_id::text = '' or po.run_id = @run_id::text) and (@program::text = '' or r.program = @program::text) and (@period::text = '' or r.period = @period::text)
  and (sqlc.narg(creator_id)::text is null or po.creator_id = sqlc.narg(creator_id)) and po.id > @after::text
order by po.id limit @most;

-- name: UnknownPayouts :many
-- Or one, whatever became of it.
select sqlc.embed(p), cr.handle from payouts p join creators cr on cr.id = p.creator_id
where case when @id::text = '' then p.state = 'unknown' else p.id = @id::text end order by p.updated_at limit nullif(@most::int, 0);
