-- name: KeepFinding :one
-- One that had been settled and is back is told anew. A run that a person ended is over, however long the server lists it.
insert into workflow_findings (workflow_id, run_id, workflow_type, kind, campaign_id, partnership_id, since, why, found_at)
values (@workflow_id, @run_id, @workflow_type, @kind,
    coalesce(nullif(@campaign_id::text, ''), (select pa.campaign_id from partnerships pa where pa.id = @partnership_id::text), ''), @partnership_id, @since, @why, @now)
on conflict (workflow_id, run_id, kind) do update set
    since = case when workflow_findings.settled_at is null or workflow_findings.ended then workflow_findings.since else excluded.since end,
    times = workflow_findings.times + case when workflow_findings.settled_at is null or workflow_findings.ended then 0 else 1 end,
    told_at = case when workflow_findings.settled_at is null or workflow_findings.ended then workflow_findings.told_at end,
    why = excluded.why,
    settled_at = case when workflow_findings.ended then workflow_findings.settled_at end,
    settled = case when workflow_findings.ended then workflow_findings.settled else '' end
returning *;

-- name: OpenFindings :many
select * from workflow_findings where settled_at is null order by since, id;

-- name: FindingsOf :many
-- Of a workflow, the newest first.
select * from workflow_findings where workflow_id = $1 order by since desc, id desc limit 1;

-- name: FindingsByID :many
select * from workflow_findings where id = any(@ids::bigint[]) order by since, id;

-- name: FindingsTold :exec
update workflow_findings set told_at = @now where id = any(@ids::bigint[]) and told_at is null;

-- name: SettleFinding :execrows
update workflow_findings set settled_at = @now, settled = @settled where id = @id and settled_at is null;

-- name: SettleFindingsOf :execrows
update workflow_findings set settled_at = @now, settled = @settled, ended = @ended where workflow_id = @workflow_id and settled_at is null;

-- name: BoardFindings :many
select * from workflow_findings where settled_at is null and partnership_id = any(@partnership_ids::text[]) order by since, id;

-- name: BoardFailingSteps :many
select * from failing_steps where partnership_id = any(@partnership_ids::text[]) order by since, activity_id;

-- name: FindingCounts :many
-- Every kind that was ever found, so that a series does not vanish when it comes to zero.
select kind, count(*) filter (where settled_at is null) as open, coalesce(sum(times), 0)::bigint as found,
    coalesce(min(since) filter (where settled_at is null), to_timestamp(0))::timestamptz as oldest
from workflow_findings group by kind order by kind;

-- name: KeepFailingStep :exec
insert into failing_steps (workflow_id, run_id, activity_id, activity, campaign_id, partnership_id, since, last_at, attempts, vendor, why)
values (@workflow_id, @run_id, @activity_id, @activity,
    coalesce(nullif(@campaign_id::text, ''), (select pa.campaign_id from partnerships pa where pa.id = @partnership_id::text), ''),
    @partnership_id, @since, @last_at, @attempts, @vendor, @why)
on conflict (workflow_id, run_id, activity_id) do update set
    last_at = excluded.last_at, attempts = greatest(failing_steps.attempts, excluded.attempts), vendor = excluded.vendor, why = excluded.why;

-- name: StepDone :exec
delete from failing_steps where workflow_id = @workflow_id and run_id = @run_id and activity_id = @activity_id;

-- name: FailingSteps :many
select * from failing_steps order by since, workflow_id, activity_id;

-- name: WatchdogLooked :exec
insert into watchdog (last_at) values (@at) on conflict (one) do update set last_at = greatest(watchdog.last_at, excluded.last_at);

-- name: WatchdogLast :one
select last_at from watchdog;
