-- name: AddPayoutNotice :exec
-- Of a payout, to whom it is for, in the name of the brand that its first row belongs to. Nobody who was erased has an address left.
insert into notices (id, kind, creator_id, partnership_id, address, created_at, payout_id, amount_minor, currency, why, send_after)
select @id, @kind, po.creator_id, l.partnership_id, cr.email, @now, po.id, @amount_minor, po.currency, @why, sqlc.narg(send_after)
from payouts po join creators cr on cr.id = po.creator_id and cr.erased_at is null and cr.email <> ''
cross join lateral (
    select r.partnership_id from payout_rows pr join ledger_rows r on r.id = pr.row_id where pr.payout_id = po.id order by r.created_at, r.id limit 1
) l
where po.id = @payout_id
on conflict (id) do nothing;

-- name: PayoutTold :one
-- What a notice tells of a payout. Overtaken is one whose rows another payout has claimed since.
select sqlc.embed(po), r.program, r.period, r.from_at,
    exists (select from payout_rows was join payout_rows now on now.row_id = was.row_id and now.payout_id <> was.payout_id and now.released_at is null
            where was.payout_id = po.id)::boolean as overtaken
from payouts po join payout_runs r on r.id = po.run_id where po.id = $1;

-- name: AddDoubleNotice :exec
-- Of a transfer that paid somebody twice and was taken back, in the name of the brand that they earned by last in its currency.
insert into notices (id, kind, creator_id, partnership_id, address, created_at, amount_minor, currency, rail, transfer_id)
select @id, @kind, d.creator_id, l.partnership_id, cr.email, @now, d.amount_minor, d.currency, d.provider, d.transfer_id
from payout_differences d join creators cr on cr.id = d.creator_id and cr.erased_at is null and cr.email <> ''
cross join lateral (select r.partnership_id from ledger_rows r where r.creator_id = d.creator_id and r.currency = d.currency order by r.created_at desc, r.id desc limit 1) l
where d.provider = @provider and d.transfer_id = @transfer_id
on conflict (id) do nothing;

-- name: DoubleTold :one
-- What a notice tells of a double, and the program whose page of earnings its reader has.
select sqlc.embed(d), c.program from notices n
join payout_differences d on d.provider = n.rail and d.transfer_id = n.transfer_id
join partnerships pa on pa.id = n.partnership_id join campaigns c on c.id = pa.campaign_id
where n.id = $1;

-- name: LastPaidTo :one
-- The newest payout that an account got.
select id from payouts where creator_id = @creator_id and destination = @destination and state = 'paid' order by updated_at desc, id desc limit 1;

-- name: EarningsLink :one
insert into earnings_links (creator_id, program, token_hash, created_at) values (@creator_id, @program, @token_hash, @now)
on conflict (creator_id, program) do update set program = excluded.program returning link_n;

-- name: KnownEarningsLink :one
select link_n from earnings_links where creator_id = @creator_id and program = @program;

-- name: EarnerOf :one
select pa.creator_id, c.program from partnerships pa join campaigns c on c.id = pa.campaign_id where pa.id = $1;

-- name: EarningsByToken :one
select e.creator_id, e.program, cr.erased_at from earnings_links e join creators cr on cr.id = e.creator_id where e.token_hash = $1;

-- name: EarningsLinksOf :many
select * from earnings_links where creator_id = $1 for update;

-- name: SetEarningsLink :exec
update earnings_links set link_n = @link_n, token_hash = @token_hash where creator_id = @creator_id and program = @program;

-- name: EarningsSums :many
select currency, state, sum(amount_minor)::bigint as minor from ledger_rows
where creator_id = @creator_id and program = @program and state in ('pending', 'eligible', 'in_payout', 'held') group by currency, state order by currency, state;

-- name: PaidSums :many
select po.currency, sum(po.amount_minor - po.reversed_minor)::bigint as minor from payouts po join payout_runs r on r.id = po.run_id
where po.creator_id = @creator_id and r.program = @program and po.state in ('paid', 'returned') group by po.currency order by po.currency;

-- name: EarningsPayouts :many
-- A payout that a person has sent back is none: its rows are payable as before.
select sqlc.embed(po), r.period, r.waits from payouts po join payout_runs r on r.id = po.run_id
where po.creator_id = @creator_id and r.program = @program and po.state <> 'void' and (@period::text = '' or r.period = @period::text)
order by po.updated_at desc, po.id limit 24;

-- name: OpenEarnings :many
select sqlc.embed(l), coalesce(o.net_minor, 0)::bigint as net_minor
from ledger_rows l left join orders o on o.program = l.program and o.order_id = l.order_id and l.kind = 'commission'
where l.creator_id = @creator_id and l.program = @program and l.state in ('pending', 'eligible', 'in_payout', 'held')
order by l.occurred_at desc, l.id desc limit @most;

-- name: OpenEarningsCount :one
select count(*)::int from ledger_rows where creator_id = @creator_id and program = @program and state in ('pending', 'eligible', 'in_payout', 'held');

-- name: LinesOfPayout :many
select sqlc.embed(l), coalesce(o.net_minor, 0)::bigint as net_minor
from payout_rows pr join ledger_rows l on l.id = pr.row_id
left join orders o on o.program = l.program and o.order_id = l.order_id and l.kind = 'commission'
where pr.payout_id = $1 and pr.released_at is null order by l.occurred_at, l.id;

-- name: StatementMonths :many
select distinct r.period from statements s join payout_runs r on r.id = s.run_id
where s.creator_id = @creator_id and r.program = @program and s.told_at is not null order by r.period desc limit 36;

-- name: NewestRun :one
select * from payout_runs where program = @program and period = @period order by n desc limit 1;

-- name: RunBeingPrepared :one
-- The run of a program that has not drawn up its lines yet.
select * from payout_runs where program = $1 and state in ('closing', 'review') order by from_at limit 1;

-- name: NewestPartnershipIn :one
select pa.id from partnerships pa join campaigns c on c.id = pa.campaign_id
where pa.creator_id = @creator_id and c.program = @program order by c.created_at desc, pa.id limit 1;

-- name: EarningsProgramOf :one
-- The program of a partnership in which its creator has a page of what they earn.
select e.program from partnerships pa join campaigns c on c.id = pa.campaign_id join earnings_links e on e.creator_id = pa.creator_id and e.program = c.program
where pa.id = $1;
