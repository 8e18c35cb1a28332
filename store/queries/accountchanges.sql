-- name: LockPayee :one
-- Whoever changes where somebody's money goes holds this row. Guarded is whom money could once reach: another account takes their code.
select cr.email, cr.email_hash, cr.erased_at, cr.payout_account,
    (cr.payout_ready and cr.payout_account <> '' or exists (select from payout_accounts a where a.creator_id = cr.id and a.ready_at is not null))::boolean as guarded,
    (exists (select from suppressions s where s.email_hash = cr.email_hash and s.cause = 'address')
        and not exists (select from suppressions s where s.email_hash = cr.email_hash and s.cause <> 'address'))::boolean as dead
from creators cr where cr.id = $1 for update;

-- name: AddAccountChange :exec
insert into account_changes (id, creator_id, partnership_id, rail, shown, fingerprint, sealed, mail_hash, mailed, asked_at, expires_at)
values (@id, @creator_id, @partnership_id, @rail, @shown, @fingerprint, @sealed, @mail_hash, array[@now::timestamptz], @now, @expires_at);

-- name: AccountChange :one
select * from account_changes where id = @id and creator_id = @creator_id;

-- name: OpenAccountChange :one
select * from account_changes where creator_id = $1 and ended_at is null;

-- name: NewestAccountChange :one
select * from account_changes where creator_id = $1 order by asked_at desc, id desc limit 1;

-- name: CodesMailed :one
-- How many codes somebody was mailed of late, and in a day.
select count(*) filter (where m > @lately::timestamptz)::int as lately, count(*)::int as today
from account_changes c, unnest(c.mailed) m where c.creator_id = @creator_id and m > @yesterday::timestamptz;

-- name: CodeMailed :one
update account_changes set mailed = mailed || @now::timestamptz where id = @id returning cardinality(mailed)::int;

-- name: WrongCode :one
update account_changes set wrong = wrong + 1 where id = $1 returning wrong;

-- name: ProveAccountChange :exec
update account_changes set proven_at = coalesce(proven_at, @now::timestamptz) where id = @id;

-- name: EndAccountChange :execrows
update account_changes set ended = @ended, ended_at = @now::timestamptz, account = @account, sealed = null, fingerprint = null where id = @id and ended_at is null;

-- name: LateAccountChanges :many
select * from account_changes where ended_at is null and expires_at <= @now::timestamptz for update skip locked;

-- name: ForgetAccountChanges :exec
delete from account_changes where creator_id = @creator_id and ended_at < @before::timestamptz;

-- name: EraseAccountChanges :exec
delete from account_changes where creator_id = $1;

-- name: AddChangeNotice :exec
insert into notices (id, kind, creator_id, partnership_id, address, created_at, change_id)
select @id, @kind, c.creator_id, c.partnership_id, cr.email, @now, c.id
from account_changes c join creators cr on cr.id = c.creator_id and cr.erased_at is null and cr.email <> '' where c.id = @change_id
on conflict (id) do nothing;

-- name: MailHashOf :one
select email_hash from creators where id = $1;
