-- +goose Up

-- What a partnership's workflow asks people of the brand, as it told with its row on the board: it opens a question and closes it there, so
-- none is open that nobody asks any more. question holds ids and amounts. A door writes who answered once the workflow has taken the answer;
-- what came of it is the workflow's word. What stands in a row of its own anyhow (a run, an objection, an act of unknown end) is none of these.
create table decisions (
    id             text primary key,
    kind           text        not null,
    partnership_id text        not null references partnerships (id),
    subject        text        not null, -- what an answer names: the round, the task
    question       jsonb       not null,
    run_id         text        not null, -- of the workflow that asks
    state          text        not null default 'open' check (state in ('open', 'answered', 'lapsed', 'over')),
    choice         text        not null default '',
    answered_by    text        not null default '',
    answered_at    timestamptz,
    came           text        not null default '',
    amiss          boolean     not null default false -- it did not come as whoever decided meant it
);
create index decisions_partnership on decisions (partnership_id);
create index decisions_open on decisions (kind) where state = 'open';

-- +goose Down
drop table decisions;
