-- +goose Up

-- What a run was planned by, which its program may change afterwards: a proof says what held then. 0 in runs of before: none known.
alter table payout_runs
    add column minimum_minor       bigint not null default 0,
    add column approve_above_minor bigint not null default 0;

-- +goose Down
alter table payout_runs drop column approve_above_minor, drop column minimum_minor;
