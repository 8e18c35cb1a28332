-- +goose Up

-- Which run of its workflow wrote a partnership's row last, and which ones were before: a run that was reset or continued is over,
-- and what still comes of it is refused. history_length is how far that run had got when it wrote: of two writes under one seq the
-- one that knew more holds.
alter table partnerships
    add column run_id         text   not null default '',
    add column past_runs      text[] not null default '{}',
    add column history_length bigint not null default 0;

-- Which write an event came with, null when its workflow did not write it: what is decided anew replaces what it said before.
alter table timeline_events
    add column seq    bigint,
    add column run_id text not null default '';
update timeline_events set seq = split_part(key, '/', 1)::bigint where key ~ '^[0-9]{1,18}/[0-9]+$';
-- +goose Down
alter table timeline_events drop column run_id, drop column seq;
alter table partnerships drop column history_length, drop column past_runs, drop column run_id;
