-- +goose Up

-- Whoever got money twice is told once it was taken back: the notice is of a transfer, which no payout stands for.
alter table notices add column rail text, add column transfer_id text,
    add foreign key (rail, transfer_id) references payout_differences (provider, transfer_id);

-- +goose Down
alter table notices drop column rail, drop column transfer_id;
