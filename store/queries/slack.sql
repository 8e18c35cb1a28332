-- name: KeepReply :exec
insert into slack_replies (id, sealed, ends_at) values (@id, @sealed, @ends_at) on conflict (id) do nothing;

-- name: TakeReply :one
update slack_replies set given = given + 1
where id = @id and ends_at > @now::timestamptz and given < @most::int
returning sealed;

-- name: ForgetSlackReplies :exec
delete from slack_replies where ends_at < @now::timestamptz;
