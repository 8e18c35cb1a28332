-- +goose Up

-- What a creator objects to on their statement: one line of the books, once. words are theirs. came is what became of the line at once;
-- card is where finance was asked, and what is said there.
create table objections (
    id             text primary key,
    program        text        not null references programs (name),
    creator_id     text        not null references creators (id),
    partnership_id text        not null references partnerships (id),
    row_id         text        not null unique references ledger_rows (id),
    words          text        not null,
    at             timestamptz not null,
    came           text        not null, -- held, dropped, was_held, deduction, too_late, over
    payout_id      text references payouts (id), -- that was taken out of its run, or that it came too late for
    decision       text        not null default '', -- release, void, answer
    answer         text        not null default '',
    decided_by     text        not null default '',
    decided_at     timestamptz,
    card           jsonb
);
create index objections_open on objections (at) where decided_at is null;
alter table notices add column objection_id text references objections (id);

-- Where finance was asked about a transfer that the books do not explain, and what is said there.
alter table payout_differences add column card jsonb;

-- +goose Down
alter table payout_differences drop column card;
alter table notices drop column objection_id;
drop table objections;
