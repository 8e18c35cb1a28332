-- +goose Up

-- Where Slack takes what is said later to whoever typed a command or pressed a button: an address that is a secret, encrypted under
-- RAPPORT_SECRET_KEY, good for half an hour and five answers.
create table slack_replies (
    id      text primary key, -- of the request
    sealed  bytea       not null,
    given   int         not null default 0,
    ends_at timestamptz not null
);
create index slack_replies_ends on slack_replies (ends_at);

-- +goose Down
drop table slack_replies;
