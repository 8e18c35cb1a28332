-- name: TallyOfRuns :many
-- What became of the payouts of these runs.
select run_id, count(*)::int as payouts,
    count(*) filter (where state = 'paid')::int as paid,
    count(*) filter (where state = 'failed')::int as failed,
    count(*) filter (where state = 'returned')::int as returned,
    count(*) filter (where state = 'void')::int as void,
    count(*) filter (where state = 'unknown')::int as unknown,
    coalesce(sum(amount_minor - reversed_minor) filter (where state in ('paid', 'returned')), 0)::bigint as paid_minor
from payouts where run_id = any(@ids::text[]) group by run_id;

-- name: WhyFailed :many
-- Why payouts of a run failed, the most frequent reason first.
select reason, count(*)::int as payouts from payouts where run_id = $1 and state = 'failed' group by reason order by count(*) desc, reason limit 5;

-- name: SetRunWaits :exec
update payout_runs set waits = $2 where id = $1;

-- name: ErasedOpenRows :many
-- Open rows of people who were erased: no run will ever pay those whose account takes no money, or who lack what nobody can ask them for.
select sqlc.embed(l), cr.payout_account, cr.payout_rail, cr.account_changed_at, (cr.payout_ready and cr.payout_account <> '')::boolean as ready, true as erased
from ledger_rows l join creators cr on cr.id = l.creator_id and cr.erased_at is not null
where l.program = @program and l.state in ('pending', 'eligible') order by l.creator_id, l.id for update of l;

-- name: MatureDue :exec
-- What a run may pay is mature from then on: ledger's Row.Due, in the database.
update ledger_rows set state = 'eligible'
where program = @program and currency = @currency and state = 'pending' and (eligible_at < @cutoff or amount_minor < 0);

-- name: DueBalances :many
-- What is due to each creator, net, whether MatureDue has run or, in a preview, not.
select d.creator_id, d.minor, d.rows, cr.payout_account, cr.payout_rail, cr.account_changed_at, (cr.payout_ready and cr.payout_account <> '')::boolean as ready, (cr.erased_at is not null)::boolean as erased
from (
    select l.creator_id, sum(l.amount_minor)::bigint as minor, count(*)::int as rows from ledger_rows l
    where l.program = @program and l.currency = @currency and l.state in ('pending', 'eligible') and (l.eligible_at < @cutoff or l.amount_minor < 0)
    group by l.creator_id
) d join creators cr on cr.id = d.creator_id order by d.creator_id collate "C";

-- name: NewestRowOf :one
-- A row that is due to a creator, to book beside.
select * from ledger_rows l where l.creator_id = @creator_id and l.program = @program and l.currency = @currency and l.state = 'eligible'
    and (l.eligible_at < @cutoff or l.amount_minor < 0) order by l.id desc limit 1;

-- name: RunPayouts :many
-- The payouts of a run, of what is due to each creator now, with the hash of each line: ledger's Payout.LineHash. Those whose rows do
-- not sum to the amount are left out, and the caller refuses the plan.
insert into payouts (id, run_id, creator_id, destination, amount_minor, currency, state, provider, idempotency_key, updated_at, batch, line_hash)
select p.id, @run_id, p.creator_id, p.destination, p.amount, @currency, 'planned', p.provider, p.key, @now, p.batch,
    encode(sha256(convert_to(p.creator_id || chr(10) || encode(sha256(convert_to(p.destination, 'UTF8')), 'hex') || chr(10) || @currency || chr(10) || p.amount || chr(10) || due.rows, 'UTF8')), 'hex')
from (
    select unnest(@ids::text[]) as id, unnest(@creators::text[]) as creator_id, unnest(@destinations::text[]) as destination,
        unnest(@amounts::bigint[]) as amount, unnest(@keys::text[]) as key, unnest(@batches::int[]) as batch, unnest(@providers::text[]) as provider
) p join (
    select l.creator_id, sum(l.amount_minor)::bigint as minor, string_agg(l.id, ',' order by l.id collate "C") as rows from ledger_rows l
    where l.program = @program and l.currency = @currency and l.state = 'eligible' and (l.eligible_at < @cutoff or l.amount_minor < 0)
    group by l.creator_id
) due on due.creator_id = p.creator_id and due.minor = p.amount
returning id, creator_id, line_hash;

-- name: ClaimDue :execrows
-- What is due to the creators of a run's payouts is claimed by them.
with claimed as (
    update ledger_rows l set state = 'in_payout', payout_id = po.id from payouts po
    where po.run_id = @run_id and l.creator_id = po.creator_id and l.program = @program and l.currency = @currency and l.state = 'eligible'
      and (l.eligible_at < @cutoff or l.amount_minor < 0)
    returning l.id, l.payout_id
)
insert into payout_rows (payout_id, row_id) select payout_id, id from claimed;

-- name: BatchPayouts :many
-- Whom a batch of a run has not settled yet; first those that were not sent, which show whether anything can be.
select id from payouts where run_id = @run_id and batch = @batch and state in ('planned', 'posted', 'unknown') order by state <> 'planned', creator_id, currency;

-- name: PayoutsOfBatch :many
select * from payouts where run_id = @run_id and batch = @batch order by creator_id, currency;

-- name: RailTotals :many
-- What of a run goes by each rail, in the order of its batches.
select provider, sum(amount_minor)::bigint as minor, count(*)::int as payees, count(distinct batch)::int as batches from payouts
where run_id = $1 group by provider, currency order by min(batch), provider;

-- name: UnsentMinor :one
-- What of a run still has to be sent by a rail.
select coalesce(sum(amount_minor), 0)::bigint from payouts where run_id = @run_id and provider = @rail and currency = @currency and state = 'planned';

-- name: PayoutIDs :many
select id from payouts where run_id = $1 order by creator_id, currency;

-- name: LineOfPayout :one
select array_agg(pr.row_id)::text[] as rows, coalesce(sum(l.amount_minor), 0)::bigint as rows_minor
from payout_rows pr join ledger_rows l on l.id = pr.row_id where pr.payout_id = $1 and pr.released_at is null;

-- name: LineHashes :many
select line_hash from payouts where run_id = $1 order by creator_id collate "C", currency;

-- name: DrawStatements :execrows
-- Who has something to read about a run's month, in batches: what happened in it, also what is held, rejected or in another currency, and
-- what is due.
insert into statements (run_id, creator_id, batch)
select @run_id, w.creator_id, ((row_number() over (order by w.creator_id)) - 1) / @size::int
from (
    select distinct l.creator_id from ledger_rows l join creators cr on cr.id = l.creator_id and cr.erased_at is null
    where l.program = @program
      and (l.occurred_at >= @from_at and l.occurred_at < @cutoff or l.state in ('pending', 'eligible') and (l.eligible_at < @cutoff or l.amount_minor < 0))
) w
on conflict do nothing;

-- name: StatementCount :one
select count(*)::int from statements where run_id = $1;

-- name: StatementBatch :many
select creator_id from statements where run_id = @run_id and batch = @batch order by creator_id;

-- name: RejectRest :exec
-- The first who rejects it says why; the run waits for nothing more.
update payout_runs set rest_rejected = coalesce(rest_rejected, @why::text), waits = '' where id = @id;

-- name: LockUnsettledOfRun :many
select * from payouts where run_id = $1 and state in ('planned', 'posted') order by id for update;

-- name: StatementTold :exec
insert into statements (run_id, creator_id, batch, told, told_at) values (@run_id, @creator_id, 0, @told, @now)
on conflict (run_id, creator_id) do update set told = excluded.told, told_at = excluded.told_at where statements.told_at is null;

-- name: ToldBefore :many
-- What earlier runs of the month told a creator, the newest first.
select s.told from statements s join payout_runs r on r.id = s.run_id
where s.creator_id = @creator_id and r.program = @program and r.period = @period and r.id <> @run_id and s.told_at is not null order by s.told_at desc limit 1;
