-- +goose Up

-- What a run waits for that no step of its own can mend (funds, a key, an outage), in words for every door; '' when it goes on.
alter table payout_runs add column waits text not null default '';

-- +goose Down
alter table payout_runs drop column waits;
