-- +goose Up

-- What somebody looks for again and again among partnerships, under a name of their own. Nobody else sees it.
create table saved_views (
    id      text primary key,
    who     text        not null, -- as they stand in the audit
    name    text        not null,
    search  text        not null, -- may be a part of a creator's handle: an erasure takes such views with it
    stage   text        not null,
    waits   text        not null,
    sort    text        not null,
    made_at timestamptz not null
);
create unique index saved_views_name on saved_views (who, lower(name));

-- +goose Down
drop table saved_views;
