-- name: UpdateProjection :exec
-- A run that was not seen before ends the one that wrote last.
update partnerships set seq = @seq, stage = @stage, waiting_for = @waiting_for, deadline = sqlc.narg(deadline), buffer_days_left = @buffer_days_left,
    plan = coalesce(sqlc.narg(plan), plan), outcome = @outcome, reason = @reason,
    ended_at = case when @outcome not in ('', 'completed') then coalesce(ended_at, @ended_at) end, attention = @attention, paused = @paused, updated_at = @now,
    past_runs = case when @run_id::text <> '' and run_id not in ('', @run_id::text) then array_append(past_runs, run_id) else past_runs end,
    run_id = coalesce(nullif(@run_id::text, ''), run_id), history_length = @history_length
where id = @id;

-- name: ForgetEvents :exec
-- What a run that is over said later than where this one goes on, and, with rewritten, what was said under this seq before.
delete from timeline_events where partnership_id = @partnership_id and seq is not null
    and (seq = @seq::bigint and @rewritten::boolean or seq >= @seq::bigint and @run_id::text <> '' and run_id not in ('', @run_id::text));

-- name: ReopenTask :exec
-- A run that starts again from before an answer waits for it once more.
update tasks set closed_at = null where partnership_id = @partnership_id and name = @name;
