-- +goose Up

-- Every version of a campaign's file after the launched one, kept before it is applied. Version 0 is the file as launched.
create table campaign_amendments (
    campaign_id text        not null references campaigns (id),
    version     bigint      not null check (version >= 0),
    spec        jsonb       not null,
    made_by     text        not null,
    made_at     timestamptz not null,
    applied_at  timestamptz,
    primary key (campaign_id, version)
);

-- +goose Down
drop table campaign_amendments;
