-- +goose Up

-- Who bought, as keyed hashes: enough to see that two orders are one buyer's, and nothing to write to. Null where the shop does not tell.
create table order_buyers (
    order_id    text primary key,
    mail_hash   bytea,
    place_hash  bytea,
    coupon_site text        not null default '', -- that the buyer came from
    recorded_at timestamptz not null
);
create index order_buyers_mail on order_buyers (mail_hash) where mail_hash is not null;
create index order_buyers_place on order_buyers (place_hash) where place_hash is not null;
create index orders_earned_at on orders (partnership_id, occurred_at) where partnership_id is not null;

-- For which risks an earning was held (ledger.Risk). What a person has released since is not counted again.
create table row_risks (
    row_id text        not null references ledger_rows (id),
    risk   text        not null,
    at     timestamptz not null,
    primary key (row_id, risk)
);

-- Of which holds finance was told.
create table holds_told (
    row_id text        not null references ledger_rows (id),
    reason text        not null,
    at     timestamptz not null,
    primary key (row_id, reason)
);
insert into holds_told (row_id, reason, at) select id, reason, now() from ledger_rows where state = 'held';

create index ledger_rows_held on ledger_rows (created_at) where state = 'held';

alter table creators add column payout_holder text not null default ''; -- the name on the account that they are paid at, where the rail shows it. Personal data

-- +goose Down
alter table creators drop column payout_holder;
drop index ledger_rows_held;
drop table holds_told, row_risks;
drop index orders_earned_at;
drop table order_buyers;
