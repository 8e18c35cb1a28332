-- name: TaskLinksOf :many
-- Links of a creator's tasks; payout set-up too, because whoever has the link may set where money goes.
select t.id, t.link_n from tasks t join partnerships pa on pa.id = t.partnership_id where pa.creator_id = $1 for update of t;

-- name: SetTaskLink :exec
update tasks set link_n = @link_n, token_hash = @token_hash where id = @id;

-- name: RevokeLinks :exec
insert into revoked_links (token_hash, kind, subject, at) select unnest(@token_hashes::bytea[]), @kind, unnest(@subjects::text[]), @now on conflict (token_hash) do nothing;

-- name: RevokedLink :one
select * from revoked_links where token_hash = $1;

-- name: TaskOwner :one
select sqlc.embed(t), pa.creator_id, cr.email, cr.erased_at from tasks t join partnerships pa on pa.id = t.partnership_id
join creators cr on cr.id = pa.creator_id where t.id = $1;

-- name: OpenTasksOf :many
select * from tasks where partnership_id = $1 and closed_at is null order by opened_at desc, name desc;

-- name: Feeds :many
select id, feed_n, state, updated_at from campaigns order by id;

-- name: Feed :one
select feed_n from campaigns where id = $1;

-- name: NextFeed :one
update campaigns set feed_n = feed_n + 1 where id = $1 returning feed_n;
