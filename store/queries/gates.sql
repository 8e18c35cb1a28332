-- name: PapersOfPayees :many
-- What is on file of everybody with earnings in a program that nobody has paid.
select p.* from payee_papers p
where p.creator_id in (select l.creator_id from ledger_rows l where l.program = @program and l.state in ('pending', 'eligible'));

-- name: PapersOf :one
select * from payee_papers where creator_id = $1;

-- name: InsertPaper :exec
insert into tax_papers (id, creator_id, kind, country, last_four, sealed, file, file_type, reference, given_by, given_at, until)
values (@id, @creator_id, @kind, @country, @last_four, @sealed, @file, @file_type, @reference, @given_by, @now, sqlc.narg(until))
on conflict (id) do nothing;

-- name: LockPaper :one
select * from tax_papers where id = $1 for update;

-- name: RejectPaper :exec
update tax_papers set rejected_by = @rejected_by, rejected_at = @now::timestamptz, why = @why where id = @id;

-- name: PapersOnFile :many
-- The newest of each kind, without what is encrypted.
select distinct on (cr.handle, p.creator_id, p.kind) p.id, p.creator_id, p.kind, p.country, p.last_four, p.reference, p.given_by, p.given_at, p.until, p.rejected_by, p.rejected_at, p.why,
    (p.file is not null)::boolean as has_file, cr.platform, cr.handle
from tax_papers p join creators cr on cr.id = p.creator_id
where sqlc.narg(creator_id)::text is null or p.creator_id = sqlc.narg(creator_id)
order by cr.handle, p.creator_id, p.kind, p.given_at desc, p.id desc;

-- name: PapersToForget :many
-- What somebody gave who was erased and is owed nothing more, and when they were last paid.
select p.id, max(coalesce(po.updated_at, 'epoch'::timestamptz))::timestamptz as last_paid
from tax_papers p join creators cr on cr.id = p.creator_id and cr.erased_at is not null
left join payouts po on po.creator_id = p.creator_id and po.state in ('paid', 'returned')
where (p.sealed is not null or p.file is not null or p.last_four <> '') and (sqlc.narg(creator_id)::text is null or p.creator_id = sqlc.narg(creator_id))
  and not exists (select from ledger_rows l where l.creator_id = p.creator_id and l.state in ('pending', 'eligible', 'held', 'in_payout'))
group by p.id order by p.id;

-- name: ForgetPapers :exec
update tax_papers set sealed = null, file = null, last_four = '', reference = '' where id = any(@ids::text[]);

-- name: MayChase :one
-- Whether this mail about what is missing may go out: none was sent for a while, or this one was begun before.
insert into payee_chasers (creator_id, key, at) values (@creator_id, @key, @now)
on conflict (creator_id) do update set key = excluded.key, at = case when payee_chasers.key = excluded.key then payee_chasers.at else excluded.at end
where payee_chasers.key = excluded.key or payee_chasers.at <= @before
returning key;

-- name: OpenChasers :many
select ch.key from payee_chasers ch join effects e on e.key = ch.key where e.state = 'intent' and e.attempts > 0 order by ch.key;

-- name: WaitingPayees :many
-- Whose money is due and who may lack something, with their newest partnership in the program, which has the link: in pages by creator.
select d.creator_id, d.minor, coalesce((select x.id from partnerships x join campaigns c on c.id = x.campaign_id
        where x.creator_id = cr.id and c.program = @program order by c.created_at desc, x.id desc limit 1), '')::text as partnership_id, cr.timezone,
    (cr.payout_ready and cr.payout_account <> '')::boolean as ready, sqlc.embed(p)
from (
    select l.creator_id, sum(l.amount_minor)::bigint as minor from ledger_rows l
    where l.program = @program and l.currency = @currency and l.state in ('pending', 'eligible') and (l.eligible_at < @now or l.amount_minor < 0)
    group by l.creator_id
) d join creators cr on cr.id = d.creator_id and cr.erased_at is null
join payee_papers p on p.creator_id = d.creator_id
left join payee_chasers ch on ch.creator_id = d.creator_id
where d.minor > 0 and d.minor >= @minimum::bigint and cr.id > @after and (ch.at is null or ch.at <= @before::timestamptz)
order by cr.id limit @most;
