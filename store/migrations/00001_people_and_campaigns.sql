-- +goose Up

-- A program groups campaigns that share payouts. It has one currency and one calendar, so that nothing is ever added across either.
create table programs (
    name                text primary key,
    timezone            text        not null,
    currency            text        not null,
    provider            text        not null,
    minimum_minor       bigint      not null,
    approve_above_minor bigint      not null,
    created_at          timestamptz not null
);

-- Personal data. The id is all that other tables, logs and vendors' metadata carry.
create table creators (
    id                 text primary key,
    handle             text             not null,
    name               text             not null,
    email              text             not null,
    platform           text             not null,
    followers          bigint           not null,
    engagement_rate    double precision not null,
    niche              text             not null,
    country            text             not null,
    language           text             not null,
    timezone           text             not null,
    source             text             not null,
    audience_match     double precision not null,
    past_customer      boolean          not null,
    notes              text             not null,
    extra              jsonb            not null,
    email_hash         bytea            not null, -- keyed, see suppressions
    optout_hash        bytea            not null unique,
    payout_account     text             not null default '',
    payout_ready       boolean          not null default false,
    account_changed_at timestamptz,
    erased_at          timestamptz,
    created_at         timestamptz      not null,
    updated_at         timestamptz      not null
);
create unique index creators_handle on creators (lower(handle));
create index creators_email_hash on creators (email_hash);
create index creators_payout_account on creators (payout_account) where payout_account <> '';

create table addresses (
    creator_id  text primary key references creators (id),
    name        text        not null,
    line1       text        not null,
    line2       text        not null,
    city        text        not null,
    region      text        not null,
    postal_code text        not null,
    country     text        not null,
    phone       text        not null,
    updated_at  timestamptz not null
);

-- Who must not be written to. Only a keyed hash of the address is kept, so that the list survives erasure.
create table suppressions (
    email_hash bytea primary key,
    reason     text        not null,
    at         timestamptz not null
);

create table campaigns (
    id           text primary key,
    program      text        not null references programs (name),
    name         text        not null,
    round        bigint      not null,
    state        text        not null,
    reason       text        not null default '',
    spec         jsonb       not null,
    launch_hash  text        not null unique,
    currency     text        not null,
    budget_minor bigint      not null check (budget_minor >= 0),
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    unique (program, name, round)
);

-- Who was on the file, and how they were ranked.
create table campaign_creators (
    campaign_id    text    not null references campaigns (id),
    creator_id     text    not null references creators (id),
    position       bigint  not null,
    partnership_id text    not null default '',
    tier           text    not null default '',
    niche          text    not null default '',
    rank           bigint  not null default 0,
    standby        boolean not null default false,
    primary key (campaign_id, creator_id)
);

-- +goose Down
drop table campaign_creators, campaigns, suppressions, addresses, creators, programs;
