-- +goose Up

-- Whoever is paid, or is not, is told: what becomes of a payout leaves a notice in the same transaction. amount_minor is what it tells of,
-- why what the rail or a person said of it; send_after lets a notice wait that may be overtaken.
alter table notices
    add column payout_id    text references payouts (id),
    add column amount_minor bigint not null default 0,
    add column currency     text   not null default '',
    add column why          text   not null default '',
    add column send_after   timestamptz;
create index notices_payout on notices (payout_id) where payout_id is not null;

-- The link to a creator's own page of what they earn in a program. Programs may be of several brands: none shows another's.
create table earnings_links (
    creator_id text        not null references creators (id),
    program    text        not null references programs (name),
    link_n     bigint      not null default 0,
    token_hash bytea       not null unique,
    created_at timestamptz not null,
    primary key (creator_id, program)
);

-- +goose Down
drop table earnings_links;
drop index notices_payout;
alter table notices drop column payout_id, drop column amount_minor, drop column currency, drop column why, drop column send_after;
