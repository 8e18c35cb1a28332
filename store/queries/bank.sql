-- name: OrderBank :exec
insert into bank_orders (payout_id, rail, ordered_at) values (@payout_id, @rail, @now) on conflict (payout_id) do nothing;

-- name: BankOrders :many
-- What a bank was ordered, of one payout or of all since an instant, and what people say that it did.
select po.id as payout_id, po.destination, po.amount_minor, po.currency, o.ordered_at, coalesce(l.file_id, '')::text as file_id,
    exists (select from bank_answers a where a.payout_id = o.payout_id and a.answer = 'paid') as paid,
    exists (select from bank_answers a where a.payout_id = o.payout_id and a.answer = 'returned') as returned,
    coalesce((select a.why from bank_answers a where a.payout_id = o.payout_id and a.answer = 'returned'), '')::text as why
from bank_orders o join payouts po on po.id = o.payout_id left join bank_lines l on l.payout_id = o.payout_id
where o.rail = @rail and (@payout_id::text = '' or o.payout_id = @payout_id::text) and o.ordered_at >= @since order by o.ordered_at, o.payout_id;

-- name: StatementPayments :many
-- What was booked from a bank's statement, of one payout or of all since an instant: that it paid is a person's word too.
select * from payouts po where po.provider = @rail and starts_with(po.provider_ref, 'statement/' || po.creator_id || '/')
    and (@payout_id::text = '' or po.id = @payout_id::text) and po.first_posted_at >= @since::timestamptz order by po.first_posted_at, po.id;

-- name: LockStatementPayment :many
-- A payout that was booked from a bank's statement; none where it was ordered.
select * from payouts po where po.id = @id::text and starts_with(po.provider_ref, 'statement/' || po.creator_id || '/') for update;

-- name: RunsWithBankOrders :many
select distinct r.id, o.rail, r.currency from payout_runs r join payouts po on po.run_id = r.id join bank_orders o on o.payout_id = po.id
where r.program = @program and r.period = @period order by r.id, o.rail;

-- name: LockUnfiled :many
-- Orders of a run that are in no file and still to be paid. Which state they have is asked of the locked row: one that is taken out just now is not among them.
select po.* from bank_orders o join payouts po on po.id = o.payout_id
where po.run_id = @run_id and o.rail = @rail and po.state = 'posted' and not exists (select from bank_lines l where l.payout_id = o.payout_id)
    and not exists (select from bank_answers a where a.payout_id = o.payout_id) order by po.id for update of po;

-- name: UnfiledOrder :one
-- Whether a payout, which is locked, was ordered of a bank by no file yet: nothing of it was sent.
select exists (select from bank_orders o where o.payout_id = @payout_id
    and not exists (select from bank_lines l where l.payout_id = o.payout_id) and not exists (select from bank_answers a where a.payout_id = o.payout_id))::boolean as unfiled;

-- name: BankFilesOfRun :many
-- Each with how many of its payments the bank has not answered for.
select sqlc.embed(f), (select count(*) from bank_lines l where l.file_id = f.id and not exists (select from bank_answers a where a.payout_id = l.payout_id))::bigint as open
from bank_files f where f.run_id = @run_id and f.rail = @rail order by f.n;

-- name: BankFilesInMonth :one
-- How many there were, of all runs of a month.
select count(*) from bank_files f join payout_runs r on r.id = f.run_id where r.program = @program and r.period = @period and f.rail = @rail;

-- name: InsertBankFile :exec
insert into bank_files (id, run_id, rail, n, day_n, currency, total_minor, payments, digest, made_by, made_at)
values (@id, @run_id, @rail, @n, @day_n, @currency, @total_minor, @payments, @digest, @made_by, @made_at);

-- name: LockBankDay :exec
-- Of two programs that make files of a rail at once the second counts the first's.
select pg_advisory_xact_lock(hashtext('bank-files/' || @rail::text));

-- name: NextOfBankDay :one
-- The next number of a rail's files of a day.
select (coalesce(max(f.day_n), 0) + 1)::int as n from bank_files f where f.rail = @rail and to_char(f.made_at at time zone 'UTC', 'YYYY-MM-DD') = @day::text;

-- name: InsertBankLines :exec
insert into bank_lines (payout_id, file_id) select unnest(@payouts::text[]), @file_id;

-- name: OrdersOfFile :many
select po.id as payout_id, po.destination, po.amount_minor, po.currency from bank_lines l join payouts po on po.id = l.payout_id
where l.file_id = @file_id order by po.id;

-- name: ReturnedOfFile :many
-- Its payments that the bank has not paid, or has sent back: other payouts pay them.
select l.payout_id from bank_lines l join bank_answers a on a.payout_id = l.payout_id and a.answer = 'returned' where l.file_id = @file_id order by l.payout_id;

-- name: LockBankOrders :many
-- The payout of an order, or all of a file, before it is read what was said of each.
select po.id from payouts po join bank_orders o on o.payout_id = po.id left join bank_lines l on l.payout_id = po.id
where po.id = @of::text or l.file_id = @of::text order by po.id for update of po;

-- name: AnsweredOrders :many
-- With what was said of each.
select sqlc.embed(po), coalesce(l.file_id, '')::text as file_id, (case when o.ordered_at < r.to_at then r.from_at else r.to_at end)::timestamptz as month_ended, r.period, pr.timezone,
    (p.payout_id is not null)::boolean as paid, coalesce(p.reference, '')::text as paid_reference, coalesce(p.paid_at, 'epoch')::timestamptz as paid_at,
    exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'returned') as returned
from payouts po join bank_orders o on o.payout_id = po.id join payout_runs r on r.id = po.run_id join programs pr on pr.name = r.program
    left join bank_lines l on l.payout_id = po.id left join bank_files f on f.id = l.file_id
    left join bank_answers p on p.payout_id = po.id and p.answer = 'paid'
where po.id = any(@ids::text[]) order by po.id;

-- name: AnswerBankOrder :exec
insert into bank_answers (payout_id, answer, reference, paid_at, why, told_by, told_at)
values (@payout_id, @answer, @reference, sqlc.narg(paid_at), @why, @told_by, @now);

-- name: LockBankReference :exec
-- What a bank has paid with a reference is told in two ways, of an order and from a statement: of two who tell it at once the second finds what
-- the first told. Not by creator: a file has thousands, and one reference.
select pg_advisory_xact_lock(hashtextextended('bank-reference/' || @rail::text || '/' || @reference::text, 0));

-- name: BankPaidWith :many
-- What the books know that a bank has paid somebody with a reference.
select po.id, po.amount_minor, po.currency from bank_answers a join payouts po on po.id = a.payout_id
where a.answer = 'paid' and a.reference = @reference and po.provider = @rail and po.creator_id = @creator_id order by po.id;

-- name: WhoTookBankFile :many
-- Whoever has read a file, as the audit has it.
select distinct a.actor from audit a where a.action = 'bank_file' and a.details -> 'files' @> to_jsonb(@file_id::text)
    and a.target = (select 'payout-run/' || r.program || '/' || r.period from bank_files f join payout_runs r on r.id = f.run_id where f.id = @file_id::text);

-- name: BankWaits :many
-- What waits for a file, and which files wait for the bank's answer.
select r.program, r.period, o.rail, po.currency, coalesce(l.file_id, '')::text as file_id, count(*)::bigint as payments, sum(po.amount_minor)::bigint as minor, min(o.ordered_at)::timestamptz as since
from bank_orders o join payouts po on po.id = o.payout_id join payout_runs r on r.id = po.run_id left join bank_lines l on l.payout_id = o.payout_id
where not exists (select from bank_answers a where a.payout_id = o.payout_id)
group by r.program, r.period, o.rail, po.currency, l.file_id order by min(o.ordered_at), r.program, r.period, l.file_id;

-- name: BankAgainstPayouts :many
-- Payouts that are not as the bank has answered.
select po.id, po.state, exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'paid') as paid,
    exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'returned') as returned
from payouts po join bank_orders o on o.payout_id = po.id
where po.state = 'planned'
    or po.state in ('failed', 'void') and not exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'returned')
    or po.state in ('paid', 'returned') and not exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'paid')
    or po.state = 'paid' and exists (select from bank_answers a where a.payout_id = po.id and a.answer = 'returned')
order by po.id;

-- name: UntoldBankFiles :many
-- Files that wait for the bank's answer and of which nobody was asked; and those of which the chat still says so, with nothing open.
select f.id, r.program, r.period, f.rail, f.payments, f.total_minor, f.currency, f.made_by, f.made_at, c.card,
    exists (select from bank_lines l where l.file_id = f.id and not exists (select from bank_answers a where a.payout_id = l.payout_id))::boolean as open
from bank_files f join payout_runs r on r.id = f.run_id left join finance_cards c on c.about = 'bank-file/' || f.id
where c.card is null and exists (select from bank_lines l where l.file_id = f.id and not exists (select from bank_answers a where a.payout_id = l.payout_id))
    or c.card ->> 'state' = 'open' and not exists (select from bank_lines l where l.file_id = f.id and not exists (select from bank_answers a where a.payout_id = l.payout_id))
order by f.made_at, f.id limit 100;

-- name: UntoldBankOrders :many
-- Months with orders that wait for a file, of which finance was not told since the last one.
select x.program, x.period, x.rail, x.key, x.since from (
    select r.program, r.period, o.rail, min(o.ordered_at)::timestamptz as since,
        (r.id || '/' || o.rail || '/' || (select count(*) from bank_files f where f.run_id = r.id and f.rail = o.rail))::text as key
    from bank_orders o join payouts po on po.id = o.payout_id join payout_runs r on r.id = po.run_id
    where not exists (select from bank_lines l where l.payout_id = o.payout_id) and not exists (select from bank_answers a where a.payout_id = o.payout_id)
    group by r.id, r.program, r.period, o.rail) x
where not exists (select from finance_cards c where c.about = 'bank-orders/' || x.key) order by x.since, x.key;
