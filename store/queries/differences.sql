-- name: KnownUntil :one
-- When the newest transfer was first sent that the books know, else when the first earning was booked; and no later than what is open was
-- made, which is followed to its end, and than the list was read last: books that were restored from a backup go back to when that was.
select least(
    coalesce((select max(po.first_posted_at) from payouts po where po.provider = @provider and po.provider_ref <> ''), (select min(created_at) from ledger_rows)),
    (select min(d.made_at) from payout_differences d where d.provider = @provider and d.closed_at is null),
    (select l.read_until from transfer_looks l where l.provider = @provider))::timestamptz as at
where exists (select from ledger_rows);

-- name: OldestReversible :one
-- When the oldest transfer was first sent, of those since an instant that paid somebody and have not come back whole; known where there is none before it.
select least(min(po.first_posted_at), @known::timestamptz)::timestamptz as at from payouts po where po.provider = @provider and po.state = 'paid' and po.first_posted_at >= @since::timestamptz;

-- name: TransfersRead :exec
insert into transfer_looks (provider, read_until) values (@provider, @read_until) on conflict (provider) do update set read_until = excluded.read_until;

-- name: ProvidersOf :many
-- Those that creators may choose from, the first one first; those by which payouts are under way; and those that were ever asked to pay what is
-- still open: one that the program has given up may have paid it all the same.
select x.provider::text as provider from (
    select p.provider, 0 as n from programs p where p.name = @program
    union select unnest(p.rails), 1 from programs p where p.name = @program
    union select po.provider, 2 from payouts po join payout_runs r on r.id = po.run_id where r.program = @program and po.state in ('planned', 'posted', 'unknown')
    union select po.provider, 2 from payouts po join payout_runs r on r.id = po.run_id join payout_rows pr on pr.payout_id = po.id join ledger_rows l on l.id = pr.row_id
        where r.program = @program and po.first_posted_at is not null and pr.released_at is not null and l.state in ('pending', 'eligible', 'in_payout', 'held')) x
group by x.provider order by min(x.n), x.provider;

-- name: ExplainedTransfers :many
-- What the books know of these transfers: the payout that each paid and what came back of it, the payout that each names, whose account
-- it went to, which may be several creators', and whether a person is asked about it or has settled it.
select t.n::int as n, coalesce(paid.id, '')::text as pays, coalesce(paid.reversed_minor, 0)::bigint as reversed_minor,
    coalesce(named.state, '')::text as named_state,
    coalesce(d.settled, '')::text as settled, (d.transfer_id is not null and d.closed_at is null)::boolean as open,
    coalesce(named.creator_id, '')::text as named_creator,
    (case when paid.id is null and t.destination <> '' then coalesce( -- looked for only where it matters
        nullif(array(select distinct a.creator_id from payout_accounts a where a.id = any(array(
            select y.id from payout_accounts x join payout_accounts y on y.rail = x.rail and y.fingerprint = x.fingerprint
            where x.id = t.destination and x.rail = @provider) || t.destination) order by a.creator_id), '{}'),
        array(select distinct po.creator_id from payouts po where po.destination = t.destination order by po.creator_id)) else '{}' end)::text[] as creators
from (select unnest(@ids::text[]) as id, unnest(@payouts::text[]) as payout_id, unnest(@destinations::text[]) as destination,
             generate_subscripts(@ids::text[], 1) as n) t
left join payouts paid on paid.provider = @provider and paid.provider_ref = t.id
left join payouts named on named.id = t.payout_id
left join payout_differences d on d.provider = @provider and d.transfer_id = t.id
order by t.n;

-- name: NoteDifference :exec
-- Whose account it is may be known later than the transfer.
insert into payout_differences (provider, transfer_id, payout_id, creator_id, destination, amount_minor, reversed_minor, currency, made_at, found_at, why)
values (@provider, @transfer_id, @payout_id, @creator_id, @destination, @amount_minor, @reversed_minor, @currency, @made_at, @now, @why)
on conflict (provider, transfer_id) do update set creator_id = excluded.creator_id, reversed_minor = excluded.reversed_minor, why = excluded.why
where payout_differences.closed_at is null and payout_differences.settled = '';

-- name: NoteReversed :exec
-- What has come back so far of a double: the rest is still to be reversed.
update payout_differences set reversed_minor = greatest(reversed_minor, @reversed_minor) where provider = @provider and transfer_id = @transfer_id and closed_at is null;

-- name: OpenDifferences :many
-- Those that are open, with the programs that owe their receivers; those that were not told yet, and of those that one card tells together the
-- ones of which it says something else than is so; or one, open or not.
select sqlc.embed(d), coalesce(cr.platform, '')::text as platform, coalesce(cr.handle, '')::text as handle,
    array(select distinct l.program from ledger_rows l join programs p on p.name = l.program and p.currency = d.currency and (p.provider = d.provider or d.provider = any(p.rails)
              or exists (select from payouts po join payout_runs r on r.id = po.run_id where r.program = p.name and po.provider = d.provider))
          where l.creator_id = d.creator_id and l.currency = d.currency order by l.program)::text[] as programs,
    array(select distinct may.handle from payout_accounts a join creators may on may.id = a.creator_id
          where d.creator_id is null and d.closed_at is null and a.id = any(array(select y.id from payout_accounts x join payout_accounts y on y.rail = x.rail and y.fingerprint = x.fingerprint
              where x.id = d.destination and x.rail = d.provider) || d.destination) order by may.handle)::text[] as could_be
from payout_differences d left join creators cr on cr.id = d.creator_id
where (@provider::text = '' or d.provider = @provider::text) and (@transfer_id::text = '' or d.transfer_id = @transfer_id::text)
  and case when @transfer_id::text <> '' then true when not @untold::boolean or d.card is null then d.closed_at is null
      else coalesce(d.card ->> 'bundle', '') <> '' and d.card ->> 'state' <> case when d.closed_at is not null then 'closed' when d.settled = 'double' then 'double' else 'open' end end
order by d.made_at, d.transfer_id;

-- name: DifferenceTold :exec
update payout_differences set card = @card where provider = @provider and transfer_id = @transfer_id;

-- name: LockDifference :many
-- A transfer by its rail and id; without a rail, by its id alone: two rails may give the same.
select * from payout_differences where transfer_id = @transfer_id and (@provider::text = '' or provider = @provider::text) order by provider for update;

-- name: SettleDifference :exec
update payout_differences set settled = @settled, settled_by = @settled_by, reason = @reason, settled_at = @now::timestamptz, closed_at = sqlc.narg(closed_at)
where provider = @provider and transfer_id = @transfer_id;

-- name: SetReceiver :exec
-- A person has said whose a transfer is that went to an account of several.
update payout_differences set creator_id = @creator_id where provider = @provider and transfer_id = @transfer_id;

-- name: CloseDifference :exec
update payout_differences set reversed_minor = @reversed_minor, closed_at = @now::timestamptz where provider = @provider and transfer_id = @transfer_id and closed_at is null;

-- name: ProgramsOfCreator :many
-- The newest earning of a creator in each program that pays in a currency, by a rail that it has or had.
select distinct on (l.program) l.program, l.campaign_id, l.partnership_id from ledger_rows l join programs p on p.name = l.program and p.currency = @currency and (p.provider = @provider or @provider::text = any(p.rails)
    or exists (select from payouts po join payout_runs r on r.id = po.run_id where r.program = p.name and po.provider = @provider))
where l.creator_id = @creator_id and l.currency = @currency order by l.program, l.created_at desc, l.id;

-- name: LockUnsettled :many
-- What a creator is about to be paid by a program, or may have been; whether a bank was ordered it, and nobody has said what it did.
select sqlc.embed(po), exists (select from bank_orders o where o.payout_id = po.id)::boolean as ordered,
    (exists (select from bank_orders o where o.payout_id = po.id) and not exists (select from bank_answers a where a.payout_id = po.id))::boolean as at_bank
from payouts po join payout_runs r on r.id = po.run_id
where r.program = @program and po.creator_id = @creator_id and po.currency = @currency and po.state in ('planned', 'posted', 'unknown') order by po.id for update of po;

-- name: SettledTransfers :many
select transfer_id from payout_differences where provider = @provider and transfer_id = any(@ids::text[]) and settled <> '' and closed_at is not null;
