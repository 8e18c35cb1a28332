-- +goose Up

-- Where a card stands: in the channel by itself, in its campaign's thread, or in the thread of a card that asked the like before. It is
-- decided once, before the card is posted, so that what stands in the channel is counted here and not there.
alter table cards
    add column campaign_id text not null default '', -- whose it is, '' none
    add column place       text not null default '' check (place in ('', 'top', 'thread', 'again')),
    add column about       text not null default '', -- what it is asked again about; board and docket, of the campaign's own two
    add column thread_ts   text not null default '', -- of the message under which it stands
    add column link        text not null default '', -- to it, as the chat gives one
    add column due         timestamptz;              -- until when it waits, as people were told last
create index cards_campaign on cards (campaign_id, about) where campaign_id <> '';

-- A campaign's thread: at its head stands the board. Board and docket are posted again when somebody deletes them. News is told in bundles: up to news_from
-- is told, up to news_to is being told.
create table campaign_threads (
    campaign_id text primary key references campaigns (id),
    boards      bigint      not null default 1,
    dockets     bigint      not null default 1,
    pinned      bigint      not null default 0, -- which of the boards is
    news_from   bigint      not null,           -- of timeline_events.n
    news_to     bigint      not null,
    news_since  timestamptz,                    -- when the first was seen that is not told
    news_at     timestamptz,
    acts_from   bigint      not null,           -- of audit.n
    ended_at    timestamptz                     -- the campaign is over, and the board says so
);

-- +goose Down
drop table campaign_threads;
alter table cards drop column campaign_id, drop column place, drop column about, drop column thread_ts, drop column link, drop column due;
