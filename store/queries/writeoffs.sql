-- name: LockOwing :many
-- What a creator has open in a program, which waits for whoever else moves it.
select * from ledger_rows where program = @program and creator_id = @creator_id and currency = @currency and state in ('pending', 'eligible', 'held')
order by id for update;

-- name: OpenWriteOff :one
select * from write_offs where program = @program and creator_id = @creator_id and currency = @currency and approved_by = '' and withdrawn_by = '';

-- name: InsertWriteOff :one
insert into write_offs (id, program, creator_id, currency, amount_minor, reason, asked_by, asked_at)
values (@id, @program, @creator_id, @currency, @amount_minor, @reason, @asked_by, @now) returning *;

-- name: LockWriteOff :one
select * from write_offs where id = $1 for update;

-- name: ApproveWriteOff :exec
update write_offs set approved_by = @approved_by, approved_at = @now::timestamptz, row_id = @row_id::text where id = @id;

-- name: WithdrawWriteOff :exec
update write_offs set withdrawn_by = @withdrawn_by, withdrawn_at = @now::timestamptz where id = @id;

-- name: WriteOffsToApprove :many
select w.*, cr.platform, cr.handle from write_offs w join creators cr on cr.id = w.creator_id where w.approved_by = '' and w.withdrawn_by = '' order by w.asked_at, w.id;

-- name: WriteOffAsked :many
select sqlc.embed(w), cr.platform, cr.handle from write_offs w join creators cr on cr.id = w.creator_id where w.id = @id;

-- name: UntoldWriteOffs :many
-- Those that nobody was asked about yet.
select sqlc.embed(w), cr.platform, cr.handle
from write_offs w join creators cr on cr.id = w.creator_id
where w.approved_by = '' and w.withdrawn_by = '' and not exists (select from effects e where e.key = 'write-off/' || w.id and e.state = 'confirmed')
order by w.asked_at, w.id limit 100;

-- name: ForgivenByNobody :many
-- What was forgiven in the journal, and no write-off that two people agreed on says so.
select p.id, p.key from postings p left join write_offs w on p.key = 'row/' || w.row_id
where p.kind = 'write_off' and (w.id is null or w.approved_by in ('', w.asked_by)) order by p.id limit 100;
