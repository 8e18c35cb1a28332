-- name: AddPreparation :exec
insert into preparations (hash, token, who, deed, way, subject, stands, request, cost_minor, currency, prepared_at, expires_at)
values (@hash, @token, @who, @deed, @way, @subject, @stands, @request, sqlc.narg(cost_minor)::bigint, @currency, @prepared_at, @expires_at);

-- name: ExpirePreparations :exec
-- What nobody has confirmed in time is over, and its request goes.
update preparations set state = 'expired', ended_at = @now::timestamptz, request = ''
where ended_at is null and state in ('prepared', 'waiting', 'let') and expires_at <= @now::timestamptz;

-- name: Preparation :one
select * from preparations where hash = $1;

-- name: LockPreparation :one
select * from preparations where hash = $1 for update;

-- name: LockToken :exec
-- One at a time of those that count against the same cap.
select name from api_tokens where name = $1 for update;

-- name: SpentByAgent :one
-- What an agent has done by itself since then. What a person has let counts against no cap.
select coalesce(sum(cost_minor), 0)::bigint from preparations
where token = @token and currency = @currency and decided_by = '' and claimed_at > @since::timestamptz and state in ('doing', 'done');

-- name: MovePreparation :exec
update preparations set state = @state, expires_at = @expires_at, claimed_at = sqlc.narg(claimed_at)::timestamptz, decided_by = @decided_by where hash = @hash;

-- name: EndPreparation :exec
update preparations set state = @state, status = @status, answer = @answer, ended_at = @now::timestamptz, request = '' where hash = @hash and ended_at is null;

-- name: Preparations :many
select * from preparations where (@after::text = '' or (prepared_at, hash) < (select l.prepared_at, l.hash from preparations l where l.hash = @after::text))
order by prepared_at desc, hash desc limit @most;

-- name: LetPreparations :many
-- What a person has let and nobody has done, or whoever began to died.
select hash from preparations where ended_at is null and (state = 'let' or state = 'doing' and decided_by <> '' and claimed_at <= @before::timestamptz) order by prepared_at limit 100;

-- name: UntoldPreparations :many
select * from preparations p where p.state = 'waiting' and not exists (select from effects e where e.key = 'act/' || p.hash and e.state = 'confirmed') order by p.prepared_at limit 100;
