-- name: InsertRow :execrows
insert into ledger_rows (id, program, campaign_id, partnership_id, creator_id, kind, state, amount_minor, currency, order_id, deliverable,
    rate_bps, occurred_at, eligible_at, reason, created_at)
values (@id, @program, @campaign_id, @partnership_id, @creator_id, @kind, @state, @amount_minor, @currency, @order_id, @deliverable,
    @rate_bps, @occurred_at, @eligible_at, @reason, @now)
on conflict do nothing;

-- name: Row :one
select * from ledger_rows where id = $1;

-- name: LockRow :one
select * from ledger_rows where id = $1 for update;

-- name: HeldRows :many
-- Since when: the last hold that was set by hand or by a rule, the post that lacks its disclosure, or the row itself, which was born held.
select l.id, l.partnership_id, cr.platform, cr.handle, l.kind, l.amount_minor, l.currency, l.reason, greatest(l.created_at,
    (select max(a.at) from audit a where a.target in (l.id, 'row/' || l.id) and a.action in ('hold_row', 'hold ledger row')),
    (select max(rr.at) from row_risks rr where rr.row_id = l.id),
    (select max(po.approved_at) from posts po where po.partnership_id = l.partnership_id and not po.disclosed and l.reason = pa.payout_hold))::timestamptz as since
from ledger_rows l join partnerships pa on pa.id = l.partnership_id join creators cr on cr.id = l.creator_id
where l.state = 'held' order by since, l.id limit nullif(@most::int, 0);

-- name: HeldCount :one
select count(*)::int from ledger_rows where state = 'held';

-- name: LockOrderRows :many
select * from ledger_rows where program = $1 and order_id = $2 order by created_at, id for update;

-- name: MoveRow :execrows
update ledger_rows set state = @state, reason = @reason where id = @id and state = @from_state;

-- name: LockPartnershipRows :many
select * from ledger_rows where partnership_id = $1 and state in ('pending', 'eligible', 'held') order by id for update;

-- name: MoveRows :exec
-- Of rows that the caller has locked: those that ledger/ chose.
update ledger_rows set state = @state, reason = @reason where id = any(@ids::text[]);

-- name: InsertPostings :many
insert into postings (key, kind, at) select unnest(@keys::text[]), unnest(@kinds::text[]), @now::timestamptz
on conflict (key) do nothing returning id, key;

-- name: InsertEntries :exec
insert into entries (posting_id, account, currency, amount_minor)
select unnest(@postings::bigint[]), unnest(@accounts::text[]), unnest(@currencies::text[]), unnest(@amounts::bigint[]);

-- name: Balances :many
select account, currency, sum(amount_minor)::bigint as amount_minor from entries
where (@account_prefix::text = '' or starts_with(account, @account_prefix::text))
group by account, currency order by account, currency;

-- name: LedgerRows :many
select sqlc.embed(l), cr.platform, cr.handle from ledger_rows l join creators cr on cr.id = l.creator_id
where (sqlc.narg(creator_id)::text is null or l.creator_id = sqlc.narg(creator_id))
  and (sqlc.narg(campaign_id)::text is null or l.campaign_id = sqlc.narg(campaign_id))
order by l.occurred_at, l.created_at, l.id;

-- name: LedgerPage :many
-- As LedgerRows, some of them in the order in which they were booked: by their id, so that a page costs no more than what it shows.
select sqlc.embed(l), cr.platform, cr.handle from ledger_rows l join creators cr on cr.id = l.creator_id
where (sqlc.narg(creator_id)::text is null or l.creator_id = sqlc.narg(creator_id))
  and (sqlc.narg(campaign_id)::text is null or l.campaign_id = sqlc.narg(campaign_id))
  and l.id > @after::text
order by l.id limit @most;

-- name: BalancesPage :many
-- As Balances, those after an account and currency.
select account, currency, sum(amount_minor)::bigint as amount_minor from entries
where (@account_prefix::text = '' or starts_with(account, @account_prefix::text)) and (account, currency) > (@after_account::text, @after_currency::text)
group by account, currency order by account, currency limit @most;

-- name: PartnershipCosts :many
select kind, currency, sum(amount_minor)::bigint as amount_minor from partnership_costs where partnership_id = $1
group by kind, currency order by kind, currency;

-- name: UnbalancedPostings :many
select posting_id, currency, sum(amount_minor)::bigint as amount_minor from entries group by posting_id, currency having sum(amount_minor) <> 0;

-- name: PayableDrift :many
-- What a creator is owed by the journal, against the rows that say so. No line means that they agree.
select coalesce(e.creator_id, r.creator_id)::text as creator_id, coalesce(e.currency, r.currency)::text as currency,
       coalesce(e.amount_minor, 0)::bigint as journal_minor, coalesce(r.amount_minor, 0)::bigint as rows_minor
from (select split_part(account, ':', 2) as creator_id, currency, sum(amount_minor)::bigint as amount_minor from entries
      where account like 'creator:%:payable' group by 1, 2) e
full join (select creator_id, currency, sum(amount_minor)::bigint as amount_minor from ledger_rows
           where state in ('pending', 'eligible', 'held') group by 1, 2) r on r.creator_id = e.creator_id and r.currency = e.currency
where coalesce(e.amount_minor, 0) <> coalesce(r.amount_minor, 0);

-- name: TransitDrift :many
-- What is in transit by the journal, against the payouts that are open.
select coalesce(e.creator_id, r.creator_id)::text as creator_id, coalesce(e.currency, r.currency)::text as currency,
       coalesce(e.amount_minor, 0)::bigint as journal_minor, coalesce(r.amount_minor, 0)::bigint as payouts_minor
from (select split_part(account, ':', 2) as creator_id, currency, sum(amount_minor)::bigint as amount_minor from entries
      where account like 'creator:%:in_transit' group by 1, 2) e
full join (select creator_id, currency, sum(amount_minor)::bigint as amount_minor from payouts
           where state in ('planned', 'posted', 'unknown') group by 1, 2) r on r.creator_id = e.creator_id and r.currency = e.currency
where coalesce(e.amount_minor, 0) <> coalesce(r.amount_minor, 0);

-- name: CashDrift :many
-- What left through a provider by the journal, against the payouts that were paid less what came back.
select coalesce(e.provider, r.provider)::text as provider, coalesce(e.currency, r.currency)::text as currency,
       coalesce(e.amount_minor, 0)::bigint as journal_minor, coalesce(r.amount_minor, 0)::bigint as payouts_minor
from (select split_part(account, ':', 2) as provider, currency, sum(amount_minor)::bigint as amount_minor from entries
      where account like 'cash:%' group by 1, 2) e
full join (select provider, currency, sum(amount_minor - reversed_minor)::bigint as amount_minor from payouts
           where state in ('paid', 'returned') group by 1, 2) r on r.provider = e.provider and r.currency = e.currency
where coalesce(e.amount_minor, 0) <> coalesce(r.amount_minor, 0);

-- name: PayoutDrift :many
-- Payouts whose rows do not sum to their amount, or are of another currency.
select po.id from payouts po join payout_rows pr on pr.payout_id = po.id join ledger_rows l on l.id = pr.row_id
group by po.id having coalesce(sum(l.amount_minor) filter (where l.currency = po.currency), 0) <> po.amount_minor or bool_or(l.currency <> po.currency);

-- name: Unpaid :many
-- What is earned and in no payout, by program and by what it waits for.
select program, currency, state, sum(amount_minor)::bigint as amount_minor, count(distinct creator_id)::bigint as creators
from ledger_rows where state in ('pending', 'eligible', 'held')
group by program, currency, state having sum(amount_minor) <> 0 order by program, currency, state;
