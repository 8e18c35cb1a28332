-- +goose Up

-- Workflows that do not go on by themselves, as the watchdog found them. One stands until it is settled.
create table workflow_findings (
    id             bigint generated always as identity primary key,
    workflow_id    text        not null,
    run_id         text        not null,
    workflow_type  text        not null,
    kind           text        not null,
    campaign_id    text        not null default '', -- of a campaign's or a partnership's
    partnership_id text        not null default '', -- of a partnership's
    since          timestamptz not null,
    why            text        not null,             -- the last words of the failure; no personal data
    found_at       timestamptz not null,
    times          bigint      not null default 1,   -- how often this run came into this trouble
    told_at        timestamptz,
    settled_at     timestamptz,
    settled        text        not null default '',
    unique (workflow_id, run_id, kind)
);
create index workflow_findings_open on workflow_findings (campaign_id, partnership_id) where settled_at is null;

-- Steps that have been tried for long without success. A row goes when its step succeeds or its workflow closes.
create table failing_steps (
    workflow_id    text        not null,
    run_id         text        not null,
    activity_id    text        not null,
    activity       text        not null,
    campaign_id    text        not null default '',
    partnership_id text        not null default '',
    since          timestamptz not null,
    last_at        timestamptz not null,
    attempts       bigint      not null,
    vendor         text        not null,
    why            text        not null, -- the error's class
    primary key (workflow_id, run_id, activity_id)
);

-- When the watchdog last looked, in one row.
create table watchdog (
    one     boolean primary key default true check (one),
    last_at timestamptz not null
);

-- +goose Down
drop table watchdog, failing_steps, workflow_findings;
