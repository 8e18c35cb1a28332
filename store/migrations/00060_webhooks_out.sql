-- +goose Up

-- Who hears of what happens here, and of what: types is empty for all. The secret that signs is encrypted.
create table webhook_endpoints (
    id         text primary key,
    url        text        not null,
    secret     bytea       not null,
    types      text[]      not null,
    created_by text        not null,
    created_at timestamptz not null,
    removed_by text        not null default '',
    removed_at timestamptz
);

-- What happened, written in the transaction in which it did: ids and small facts, nothing about a person.
create table outbox (
    n    bigint generated always as identity primary key,
    id   text        not null unique default gen_random_uuid()::text,
    type text        not null,
    at   timestamptz not null,
    data jsonb       not null
);
create index outbox_at on outbox (at);

create table webhook_deliveries (
    event    bigint      not null references outbox (n) on delete cascade,
    endpoint text        not null references webhook_endpoints (id),
    state    text        not null default 'waiting', -- waiting, sent, given_up
    attempts bigint      not null default 0,
    next_at  timestamptz not null,
    last_at  timestamptz,
    status   bigint      not null default 0, -- of the last answer, 0 none
    why      text        not null default '',
    primary key (event, endpoint)
);
create index webhook_deliveries_due on webhook_deliveries (next_at) where state = 'waiting';

-- Tables announce by themselves, so that no way of writing can forget to. Where nobody listens nothing is kept.
-- +goose StatementBegin
create function announce(kind text, about jsonb) returns void language plpgsql as $$
declare event_n bigint;
begin
    if not exists (select from webhook_endpoints e where e.removed_at is null and (e.types = '{}' or kind = any (e.types))) then
        return;
    end if;
    insert into outbox (type, at, data) values (kind, now(), about) returning n into event_n;
    insert into webhook_deliveries (event, endpoint, next_at)
    select event_n, e.id, now() from webhook_endpoints e where e.removed_at is null and (e.types = '{}' or kind = any (e.types));
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function announce_campaign() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform announce('campaign.launched', jsonb_build_object('id', new.id, 'program', new.program, 'state', new.state));
    elsif new.state <> old.state then
        perform announce('campaign.changed', jsonb_build_object('id', new.id, 'program', new.program, 'state', new.state, 'was', old.state));
    end if;
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function announce_partnership() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform announce('partnership.began', jsonb_build_object('id', new.id, 'campaign_id', new.campaign_id, 'creator_id', new.creator_id, 'stage', new.stage));
    elsif new.stage <> old.stage or new.outcome <> old.outcome then
        perform announce('partnership.changed', jsonb_build_object('id', new.id, 'campaign_id', new.campaign_id, 'creator_id', new.creator_id, 'stage', new.stage, 'outcome', new.outcome, 'was', old.stage));
    end if;
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function announce_row() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.state <> old.state then
        perform announce(case tg_op when 'INSERT' then 'earning.booked' else 'earning.changed' end, jsonb_build_object('id', new.id, 'program', new.program, 'campaign_id', new.campaign_id,
            'partnership_id', new.partnership_id, 'kind', new.kind, 'state', new.state, 'amount_minor', new.amount_minor, 'currency', new.currency));
    end if;
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function announce_payout() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.state <> old.state then
        perform announce(case tg_op when 'INSERT' then 'payout.planned' else 'payout.changed' end, jsonb_build_object('id', new.id, 'run_id', new.run_id, 'creator_id', new.creator_id,
            'state', new.state, 'amount_minor', new.amount_minor, 'currency', new.currency));
    end if;
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function announce_run() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.state <> old.state then
        perform announce('payout_run.changed', jsonb_build_object('id', new.id, 'program', new.program, 'period', new.period, 'state', new.state, 'total_minor', new.total_minor, 'currency', new.currency));
    end if;
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
declare f text;
begin
    foreach f in array array['announce(text, jsonb)', 'announce_campaign()', 'announce_partnership()', 'announce_row()', 'announce_payout()', 'announce_run()'] loop
        execute format('alter function %s set search_path = %I, pg_temp', f, current_schema());
    end loop;
end $$;
-- +goose StatementEnd
create trigger campaigns_announce after insert or update of state on campaigns for each row execute function announce_campaign();
create trigger partnerships_announce after insert or update of stage, outcome on partnerships for each row execute function announce_partnership();
create trigger ledger_rows_announce after insert or update of state on ledger_rows for each row execute function announce_row();
create trigger payouts_announce after insert or update of state on payouts for each row execute function announce_payout();
create trigger payout_runs_announce after insert or update of state on payout_runs for each row execute function announce_run();

-- +goose Down
drop trigger payout_runs_announce on payout_runs;
drop trigger payouts_announce on payouts;
drop trigger ledger_rows_announce on ledger_rows;
drop trigger partnerships_announce on partnerships;
drop trigger campaigns_announce on campaigns;
drop function announce_run(), announce_payout(), announce_row(), announce_partnership(), announce_campaign(), announce(text, jsonb);
drop table webhook_deliveries, outbox, webhook_endpoints;
