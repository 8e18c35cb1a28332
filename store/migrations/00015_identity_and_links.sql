-- +goose Up

-- Somebody is told apart by platform and handle. The key is the handle as platforms compare it; those that were kept until now
-- hold plain letters alone, for which that is lower case, and a YouTube channel's id, which keeps its own.
alter table creators add column handle_key text not null default '';
update creators set platform = case replace(lower(trim(platform)), ' ', '')
    when 'ig' then 'instagram' when 'insta' then 'instagram' when 'yt' then 'youtube' when 'tt' then 'tiktok' when 'twitter' then 'x'
    else replace(lower(trim(platform)), ' ', '') end;
update creators set handle_key = case when platform = 'youtube' and handle ~ '^UC[A-Za-z0-9_-]{22}$' then handle else lower(handle) end;
alter table creators alter column handle_key drop default;
drop index creators_handle;
create unique index creators_account on creators (platform, handle_key);
create index creators_handle_key on creators (handle_key);

-- Who was erased, by keyed hashes of their account and their address: so that a file does not bring them back unasked.
create table erased_people (
    hash       bytea primary key,
    creator_id text        not null references creators (id),
    at         timestamptz not null
);

-- What a person has to be told at an address of theirs beside the course of a campaign. The address goes once it was told.
create table notices (
    id             text primary key,
    kind           text        not null, -- mail_changed, fresh_link
    creator_id     text        not null references creators (id),
    partnership_id text        not null references partnerships (id),
    address        text        not null,
    created_at     timestamptz not null,
    done_at        timestamptz
);
create index notices_open on notices (created_at) where done_at is null;

-- Links can be revoked: the next one of the same task or feed is another, and the old one says so.
alter table tasks add column link_n bigint not null default 0;
alter table campaigns add column feed_n bigint not null default 0;
create table revoked_links (
    token_hash bytea primary key,
    kind       text        not null, -- task, calendar
    subject    text        not null, -- the task's or campaign's id
    at         timestamptz not null
);

-- +goose Down
drop table revoked_links;
alter table campaigns drop column feed_n;
alter table tasks drop column link_n;
drop table notices;
drop table erased_people;
drop index creators_account, creators_handle_key;
create unique index creators_handle on creators (lower(handle));
alter table creators drop column handle_key;
