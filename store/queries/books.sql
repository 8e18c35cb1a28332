-- name: InsertSignature :exec
insert into book_signatures (tx, items, digest, marks, mac) values (@tx, @items, @digest, @marks, @mac);

-- name: LockSeals :exec
select pg_advisory_xact_lock(hashtext('rapport book seals'));

-- name: Seals :many
-- Each seal, and what it should hold by the signatures that name it.
select s.n, s.at, s.items, s.digest, s.hash, s.mac, s.rekeys, coalesce(g.items, 0)::bigint as has_items, coalesce(g.digest, ''::bytea)::bytea as has_digest
from book_seals s
left join (select seal, count(*) as items, sha256(string_agg(int8send(tx) || digest, ''::bytea order by tx)) as digest
    from book_signatures where seal is not null group by seal) g on g.seal = s.n
order by s.n;

-- name: LastSeal :one
select * from book_seals order by n desc limit 1;

-- name: InsertSeal :exec
insert into book_seals (n, items, digest, hash, mac, rekeys) values (@n, @items, @digest, @hash, @mac, @rekeys);

-- name: OpenSignatures :many
select tx, items, digest, marks, mac from book_signatures where seal is null and tx > @after order by tx limit @max_rows;

-- name: SealSignatures :execrows
update book_signatures set seal = @n::bigint where tx = any(@txs::bigint[]) and seal is null;

-- name: SealedNowhere :many
-- Signatures that name a seal that is gone.
select g.seal::bigint as seal, count(*) as signatures from book_signatures g
where g.seal is not null and not exists (select from book_seals s where s.n = g.seal) group by g.seal order by g.seal;

-- name: SignatureSteps :many
-- Where to cut the signatures so that they are compared in parts of that many.
select tx from (select tx, row_number() over (order by tx) as k from book_signatures) s where k % @step::bigint = 0 order by tx;

-- name: MarksOfTransaction :one
select at, items, marks from book_signatures where tx = @tx;

-- name: PayoutsAgainstJournal :many
-- Payouts that do not say what the journal and their receipt say of them.
select po.id, po.state, (c.id is not null)::boolean as claimed, (p.id is not null)::boolean as paid, (r.id is not null)::boolean as released,
    coalesce(rc.transfer_id, '')::text as transfer_id, po.provider_ref
from payouts po
left join postings c on c.key = 'claim/' || po.id
left join postings p on p.key = 'pay/' || po.id
left join postings r on r.key = 'release/' || po.id
left join payout_receipts rc on rc.payout_id = po.id
where c.id is null or (p.id is not null) <> (po.state in ('paid', 'returned')) or (r.id is not null) <> (po.state in ('void', 'failed'))
    or coalesce(rc.transfer_id, '') <> po.provider_ref
order by po.id limit 100;

-- name: RowsAgainstJournal :many
-- Rows that do not say what their posting says of them.
select l.id, l.kind, l.state, l.amount_minor, l.currency, (p.id is not null)::boolean as posted, coalesce(e.amount_minor, 0)::bigint as posted_minor, (v.id is not null)::boolean as voided
from ledger_rows l
left join postings p on p.key = 'row/' || l.id
left join entries e on e.posting_id = p.id and e.account = 'creator:' || l.creator_id || ':payable' and e.currency = l.currency
left join postings v on v.key = 'void/' || l.id
where l.amount_minor <> 0 and (p.id is null or e.amount_minor is distinct from l.amount_minor or (v.id is not null) <> (l.state = 'voided'))
order by l.id limit 100;

-- name: RowsAgainstClaims :many
-- Rows whose state is not that of the payout that claims them.
select l.id, l.state, coalesce(l.payout_id, '')::text as payout_id, coalesce(pr.payout_id, '')::text as claimed_by, coalesce(po.state, '')::text as payout_state
from ledger_rows l
left join payout_rows pr on pr.row_id = l.id and pr.released_at is null
left join payouts po on po.id = pr.payout_id
where case when l.state in ('in_payout', 'paid')
    then pr.payout_id is distinct from l.payout_id
        or po.state not in (select unnest(case l.state when 'paid' then array['paid', 'returned'] else array['planned', 'posted', 'unknown'] end))
    else pr.payout_id is not null end
order by l.id limit 100;

-- name: ReversedDrift :many
-- Rows that were taken back whole sum to nothing, order by order.
select program, order_id, currency, sum(amount_minor)::bigint as amount_minor from ledger_rows
where state = 'reversed' group by program, order_id, currency having sum(amount_minor) <> 0 order by 1, 2 limit 100;

-- name: RunsAgainstPlans :many
-- Runs that are not what was planned, whose payouts do not sum to it, or that went on with fewer approvals than it asks for.
select r.id, (pl.run_id is null)::boolean as unplanned, (po.total_minor is distinct from r.total_minor or po.payees is distinct from r.payees)::boolean as other_payouts,
    coalesce(a.approvals, 0)::bigint as approvals, coalesce(pl.need_approvers, 0)::bigint as need_approvers
from payout_runs r
left join run_plans pl on pl.run_id = r.id and (pl.prepared_by, pl.lines_hash, pl.total_minor, pl.currency, pl.payees, pl.need_approvers)
    = (r.prepared_by, r.lines_hash, r.total_minor, r.currency, r.payees, r.need_approvers)
left join lateral (select coalesce(sum(p.amount_minor), 0)::bigint as total_minor, count(*) as payees from payouts p where p.run_id = r.id) po on true
left join lateral (select count(*) as approvals from run_approvals x where x.run_id = r.id and x.lines_hash = r.lines_hash and x.approved_by <> r.prepared_by) a on true
where (r.payees > 0 or r.state in ('approved', 'executing', 'reconciled')) and (pl.run_id is null or po.total_minor <> r.total_minor or po.payees <> r.payees
    or r.state in ('approved', 'executing', 'reconciled') and a.approvals < pl.need_approvers)
order by r.id limit 100;

-- name: StatesAgainstNotes :many
-- What decides on money and does not say what was last noted and signed of it.
select coalesce(v.what, s.what)::text as what, coalesce(v.id, s.id)::text as id, coalesce(v.says, '')::text as says, coalesce(s.says, '')::text as noted
from book_states_now v full join (select distinct on (what, id) what, id, says from book_states order by what, id, n desc) s on s.what = v.what and s.id = v.id
where v.says is distinct from s.says order by 1, 2 limit 100;

-- name: InsertReceipt :exec
insert into payout_receipts (payout_id, provider, transfer_id, amount_minor, currency, at)
select id, provider, provider_ref, amount_minor, currency, @now::timestamptz from payouts where id = @payout_id;

-- name: InsertPlan :exec
insert into run_plans (run_id, prepared_by, lines_hash, total_minor, currency, payees, need_approvers)
select id, prepared_by, lines_hash, total_minor, currency, payees, need_approvers from payout_runs where id = @run_id on conflict do nothing;

-- name: OpenSignatureCount :one
select count(*) from book_signatures where seal is null;
