-- +goose Up

-- Where finance was asked about something that only they decide, and what is said there: a hit on the sanctions list, a write-off.
create table finance_cards (
    about text primary key, -- sanction-hit/<id>, write-off/<id>
    card  jsonb not null
);

-- +goose Down
drop table finance_cards;
