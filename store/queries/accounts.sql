-- name: ChooseAccount :execrows
-- What was earned before an erasure is still paid, to the account that was known then and to no other. The first account is no change; one
-- that replaces another which could be paid is, also when the other was taken away before.
update creators cr set payout_ready = @ready, payout_account = @account::text, payout_rail = @rail, updated_at = @now::timestamptz,
    account_changed_at = case when payout_account = @account::text
        or account_changed_at is null and (payout_account = '' or not exists (
            select from payout_accounts a where a.creator_id = cr.id and a.ready_at is not null and a.id <> @account::text))
        then account_changed_at else @now::timestamptz end
where cr.id = @id and (erased_at is null or payout_account = @account::text);

-- name: KeepAccount :exec
insert into payout_accounts (creator_id, rail, id, ready, shown, sealed, fingerprint, ready_at, closed_at, created_at, updated_at)
values (@creator_id, @rail, @id, @ready, @shown, @sealed, @fingerprint, sqlc.narg(ready_at)::timestamptz, sqlc.narg(closed_at)::timestamptz, @now, @now)
on conflict (creator_id, rail, id) do update set ready = excluded.ready, ready_at = coalesce(payout_accounts.ready_at, excluded.ready_at),
    closed_at = case when excluded.closed_at is null then null else coalesce(payout_accounts.closed_at, excluded.closed_at) end, updated_at = excluded.updated_at;

-- name: NoteAccount :many
-- News of an account at its rail, whether it is current or not. '' is the first rail's.
update payout_accounts set ready = @ready, updated_at = @now::timestamptz,
    ready_at = case when @ready and ready_at is null then @now::timestamptz else ready_at end,
    closed_at = case when @closed::boolean then coalesce(closed_at, @now::timestamptz) else null end
where id = @id and (rail = @rail or rail = '') returning creator_id;

-- name: NoteCurrentAccount :exec
update creators set payout_ready = @ready, updated_at = @now::timestamptz,
    payout_holder = case when @holder::text = '' or erased_at is not null then payout_holder else @holder::text end
where payout_account = @account::text and (payout_rail = @rail or payout_rail = '');

-- name: AccountsOf :many
select a.rail, a.id, a.ready, a.shown, a.ready_at, a.closed_at, a.created_at, (cr.payout_account = a.id and cr.payout_rail = a.rail)::boolean as current
from payout_accounts a join creators cr on cr.id = a.creator_id where a.creator_id = $1 order by a.created_at, a.id;

-- name: AccountByReceiver :one
-- An account of this creator's at a rail with the same receiver.
select id from payout_accounts where creator_id = @creator_id and rail = @rail and fingerprint = @fingerprint and closed_at is null order by created_at limit 1;

-- name: SealedReceiver :one
select sealed from payout_accounts where id = @id and rail = @rail and sealed is not null limit 1;

-- name: AccountsByFingerprint :many
-- Which accounts each receiver is, of those that a rail shows, oldest first: several handles may be one person.
select fingerprint, id from payout_accounts where rail = @rail and fingerprint = any(@fingerprints::bytea[]) order by fingerprint, created_at, id;

-- name: WentByBooks :many
-- Where the payouts were to go that transfers name, or that they have paid.
select id, provider_ref, destination from payouts where provider = @rail and (id = any(@payouts::text[]) or provider_ref <> '' and provider_ref = any(@ids::text[]));

-- name: CreatorsPaidAt :many
-- Whose an account is, with their own account: several, where they have one account or one receiver at a rail.
select distinct on (a.creator_id) a.creator_id, a.id, cr.handle from payout_accounts a join creators cr on cr.id = a.creator_id
where a.id = any(array(select y.id from payout_accounts x join payout_accounts y on y.rail = x.rail and y.fingerprint = x.fingerprint
    where x.id = @destination::text and x.rail = @rail) || @destination::text) order by a.creator_id, a.id <> @destination::text, a.created_at;

-- name: CreatorsByAccount :many
select distinct creator_id from payout_accounts where id = $1 order by creator_id;

-- name: WipeReceivers :exec
-- Of those who were erased, as soon as nothing more is to be paid to it, nor under way to it: what was sent is held against it.
with wiped as (
update payout_accounts a set sealed = null, fingerprint = null, shown = '', ready = false, closed_at = coalesce(closed_at, @now::timestamptz), updated_at = @now::timestamptz
from creators cr where cr.id = a.creator_id and cr.erased_at is not null and a.sealed is not null
    and (cr.payout_account <> a.id or not exists (
        select from ledger_rows l where l.creator_id = cr.id and l.state in ('pending', 'eligible', 'held', 'in_payout')))
    and not exists (select from payouts po where po.destination = a.id and po.provider = a.rail and po.state in ('planned', 'posted', 'unknown'))
returning a.id)
update creators set payout_ready = false where payout_account in (select id from wiped);
