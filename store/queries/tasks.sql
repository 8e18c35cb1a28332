-- name: OpenTask :one
-- A closed task stays closed, whatever is repeated after it.
insert into tasks (id, partnership_id, kind, name, due, note, token_hash, opened_at)
values (@id, @partnership_id, @kind, @name, sqlc.narg(due), @note, @token_hash, @now)
on conflict (partnership_id, name) do update set due = excluded.due, note = coalesce(nullif(excluded.note, ''), tasks.note)
returning id, link_n;

-- name: MoveTask :exec
-- The plan has moved: the page of what is open shows the date that it has now.
update tasks set due = sqlc.narg(due) where partnership_id = @partnership_id and name = @name and closed_at is null;

-- name: ExtensionGiven :one
-- By the creator's own word, which the workflow has taken.
select exists (select from audit a join asked k on k.id = a.deed_id
               where a.target = @target and a.action = @action and a.outcome = 'accepted' and k.message ->> 'Task' = @task::text);

-- name: TaskByToken :one
select sqlc.embed(t), pa.outcome, pa.updated_at, cr.erased_at from tasks t join partnerships pa on pa.id = t.partnership_id
join creators cr on cr.id = pa.creator_id where t.token_hash = $1;

-- name: Tasks :many
select * from tasks where partnership_id = $1 order by opened_at, name;

-- name: CloseTasks :exec
-- A workflow may name its tasks by name or by id.
update tasks set closed_at = @now where partnership_id = @partnership_id and closed_at is null
    and (name = any(@tasks::text[]) or id = any(@tasks::text[]));
