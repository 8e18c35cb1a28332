-- name: KnownAccounts :many
-- Those of a list who are known, locked, and what is open with them: work that goes on, or money that is owed.
select cr.id, cr.platform, cr.handle_key, cr.handle, cr.name, cr.email, cr.country, cr.timezone,
       array(select pa.id from partnerships pa where pa.creator_id = cr.id and pa.outcome = '' order by pa.id)::text[] as open,
       exists (select from ledger_rows l where l.creator_id = cr.id and l.state in ('pending', 'eligible', 'held', 'in_payout')) as owed,
       coalesce((select pa.id from partnerships pa where pa.creator_id = cr.id order by pa.outcome <> '', pa.created_at desc, pa.id limit 1), '')::text as latest
from creators cr
join (select unnest(@platforms::text[]) as platform, unnest(@handle_keys::text[]) as handle_key) want
    on want.platform = cr.platform and want.handle_key = cr.handle_key
order by cr.id for update of cr;

-- name: ErasedAmong :many
-- Suppressions say it too: they are all that is known of those who were erased before hashes of accounts were kept.
select hash from erased_people where hash = any(@hashes::bytea[])
union select email_hash from suppressions where cause = 'erased' and email_hash = any(@hashes::bytea[]);

-- name: MarkErased :exec
insert into erased_people (hash, creator_id, at) select unnest(@hashes::bytea[]), @creator_id, @now on conflict (hash) do nothing;

-- name: UnmarkErased :exec
delete from erased_people where hash = any(@hashes::bytea[]);

-- name: LiftErasedSuppression :exec
-- A dead address stays dead.
delete from suppressions where cause = 'erased' and email_hash = any(@hashes::bytea[]);

-- name: SharingMail :many
select id, platform, handle from creators where email_hash = @email_hash and id <> @id and erased_at is null order by id;

-- name: AddNotice :exec
insert into notices (id, kind, creator_id, partnership_id, address, created_at)
values (@id, @kind, @creator_id, @partnership_id, @address, @now) on conflict (id) do nothing;

-- name: OpenNotices :many
select n.id from notices n where n.done_at is null and (n.send_after is null or n.send_after <= @now::timestamptz)
  and (@after::text = '' or (n.created_at, n.id) > (select b.created_at, b.id from notices b where b.id = @after::text))
order by n.created_at, n.id limit @most;

-- name: Notice :one
select * from notices where id = $1;

-- name: NoticeDone :exec
update notices set address = '', done_at = @now where id = @id;

-- name: OthersAlike :many
-- Those who share a handle or an address with somebody of a list, on whatever platform.
select id, platform, handle, handle_key, email_hash from creators
where erased_at is null and (handle_key = any(@handle_keys::text[]) or email_hash = any(@email_hashes::bytea[])) order by platform, handle_key;
