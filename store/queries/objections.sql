-- name: AddObjection :one
insert into objections (id, program, creator_id, partnership_id, row_id, words, at, came, payout_id)
values (@id, @program, @creator_id, @partnership_id, @row_id, @words, @now, @came, @payout_id) returning *;

-- name: ObjectionOfRow :one
select * from objections where row_id = $1;

-- name: LockObjection :one
select * from objections where id = $1 for update;

-- name: DecideObjection :exec
update objections set decision = @decision, answer = @answer, decided_by = @decided_by, decided_at = sqlc.narg(decided_at)::timestamptz where id = @id;

-- name: Objections :many
-- Those that are open, or all; or one.
select sqlc.embed(b), cr.platform, cr.handle, l.kind, coalesce(l.order_id, '')::text as order_id, l.amount_minor, l.currency,
    coalesce(po.run_id, '')::text as run_id, coalesce(po.amount_minor, 0)::bigint as payout_minor
from objections b join creators cr on cr.id = b.creator_id join ledger_rows l on l.id = b.row_id left join payouts po on po.id = b.payout_id
where (@id::text = '' or b.id = @id::text) and (not @only_open::boolean or b.decided_at is null)
    and (@after::text = '' or (b.at, b.id) > (select l.at, l.id from objections l where l.id = @after::text)) order by b.at, b.id limit @most;

-- name: UntoldObjections :many
-- Those that finance was not asked about yet.
select o.id from objections o where o.decided_at is null and not exists (select from effects e where e.key = 'objection/' || o.id and e.state = 'confirmed') order by o.at, o.id limit 100;

-- name: AddObjectionNotice :exec
insert into notices (id, kind, creator_id, partnership_id, address, created_at, objection_id, why)
select @id, @kind, b.creator_id, b.partnership_id, cr.email, @now, b.id, @why
from objections b join creators cr on cr.id = b.creator_id and cr.erased_at is null and cr.email <> '' where b.id = @objection_id
on conflict (id) do nothing;

-- name: ObjectionsOf :many
select row_id, decided_at, decision from objections where creator_id = @creator_id and program = @program;

-- name: EraseObjections :exec
update objections set words = '', answer = '' where creator_id = $1;
