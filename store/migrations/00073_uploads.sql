-- +goose Up

-- Files that creators sent for their drafts; the bytes lie in the front door's folder under the row's id. name is personal data. One that is not
-- whole yet has no type. A file whose row is gone is removed from the folder.
create table uploads (
    id             text primary key,
    partnership_id text        not null references partnerships (id),
    task           text        not null,
    name           text        not null,
    media_type     text        not null default '', -- as its first bytes say
    bytes          bigint      not null,            -- as announced, then as it is
    at             timestamptz not null
);
create index uploads_partnership on uploads (partnership_id, task);
alter table submissions add column upload_id text not null default '';

-- +goose Down
alter table submissions drop column upload_id;
drop table uploads;
