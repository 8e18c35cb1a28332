-- +goose Up

create table partnerships (
    id               text primary key,
    campaign_id      text             not null references campaigns (id),
    creator_id       text             not null references creators (id),
    tier             text             not null,
    niche            text             not null,
    rank             bigint           not null,
    standby          boolean          not null,
    stage            text             not null,
    waiting_for      text             not null default '',
    deadline         timestamptz,
    buffer_days_left double precision not null default 0,
    outcome          text             not null default '',
    reason           text             not null default '',
    attention        text             not null default '',
    paused           boolean          not null default false,
    seq              bigint           not null default 0,
    terms            jsonb            not null,
    reserved_minor   bigint           not null default 0 check (reserved_minor >= 0),
    payout_hold      text             not null default '', -- why new earnings start as held
    reply_hash       bytea            not null unique,
    created_at       timestamptz      not null,
    updated_at       timestamptz      not null,
    unique (campaign_id, creator_id)
);
create index partnerships_creator on partnerships (creator_id);

create table timeline_events (
    n              bigint generated always as identity primary key,
    partnership_id text             not null references partnerships (id),
    key            text             not null,
    at             timestamptz      not null,
    kind           text             not null,
    owner          text             not null,
    detail         text             not null,
    days           double precision not null,
    unique (partnership_id, key)
);

-- Something a creator was asked to do. The link's token is a keyed hash of the id; only its digest is kept here.
create table tasks (
    id             text primary key,
    partnership_id text        not null references partnerships (id),
    kind           text        not null,
    name           text        not null,
    due            timestamptz,
    note           text        not null,
    token_hash     bytea       not null unique,
    opened_at      timestamptz not null,
    closed_at      timestamptz,
    unique (partnership_id, name)
);

-- What creators sent in. Personal data.
create table submissions (
    id             text primary key,
    partnership_id text        not null references partnerships (id),
    task           text        not null,
    url            text        not null,
    caption        text        not null,
    note           text        not null,
    at             timestamptz not null
);
create index submissions_partnership on submissions (partnership_id, at);

create table contracts (
    partnership_id text        not null references partnerships (id),
    version        bigint      not null,
    envelope_id    text        not null,
    status         text        not null,
    pdf            bytea,
    pdf_sha256     text        not null,
    certificate    bytea,
    completed_at   timestamptz,
    updated_at     timestamptz not null,
    primary key (partnership_id, version)
);
create index contracts_envelope on contracts (envelope_id) where envelope_id <> '';

create table deliveries (
    partnership_id text primary key references partnerships (id),
    gift_order_id  text        not null,
    order_id       text        not null,
    shipment_id    text        not null,
    carrier        text        not null,
    tracking_code  text        not null,
    label_url      text        not null,
    cost_minor     bigint      not null,
    status         text        not null,
    updated_at     timestamptz not null
);
create index deliveries_shipment on deliveries (shipment_id) where shipment_id <> '';
create index deliveries_order on deliveries (order_id) where order_id <> '';

create table tracking_kits (
    partnership_id text primary key references partnerships (id),
    link_code      text        not null unique,
    destination    text        not null,
    discount_id    text        not null default '',
    discount_code  text        not null,
    discount_bps   bigint      not null,
    utm            jsonb       not null,
    verified_at    timestamptz,
    evidence       jsonb,
    created_at     timestamptz not null
);
-- Shops take codes in any case, so two that differ by case only are the same code.
create unique index tracking_kits_discount_code on tracking_kits (upper(discount_code));

create table clicks (
    n              bigint generated always as identity primary key,
    partnership_id text        not null references partnerships (id),
    at             timestamptz not null,
    bot            boolean     not null
);
create index clicks_partnership on clicks (partnership_id, at);

create table posts (
    partnership_id text        not null references partnerships (id),
    submission_id  text        not null references submissions (id),
    url            text        not null,
    disclosed      boolean     not null,
    why            text        not null,
    approved_at    timestamptz not null, -- when the post was first seen, which starts the window
    primary key (partnership_id, submission_id)
);

-- +goose Down
drop table posts, clicks, tracking_kits, deliveries, contracts, submissions, tasks, timeline_events, partnerships;
