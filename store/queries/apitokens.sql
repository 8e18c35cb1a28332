-- name: AddToken :execrows
insert into api_tokens (name, digest, roles, scopes, person, agent, created_by, created_at, expires_at)
values (@name, @digest, @roles, @scopes, @person, @agent, @created_by, @created_at, @expires_at) on conflict (name) do nothing;

-- name: RevokeToken :execrows
update api_tokens set revoked_by = @revoked_by, revoked_at = @now::timestamptz where name = @name and revoked_at is null;

-- name: Token :one
select * from api_tokens where name = $1;

-- name: TokenByDigest :one
select * from api_tokens where digest = $1;

-- name: UseToken :exec
-- To the minute: who reads a hundred lists a second does not write as often.
update api_tokens set last_used_at = @now::timestamptz where name = @name and (last_used_at is null or last_used_at < @before::timestamptz);

-- name: Tokens :many
select * from api_tokens where name > @after::text order by name limit @most;

-- name: TokensOf :many
-- Those that act for who is called so, or that they made, and those that these made.
with recursive theirs as (
    select t.name, t.agent, t.person from api_tokens t where t.person = any(@names::text[]) or t.created_by = any(@names::text[])
    union
    select t.name, t.agent, t.person from api_tokens t join theirs m on t.created_by = 'api:' || m.name
)
select name, agent, person from theirs order by name;
