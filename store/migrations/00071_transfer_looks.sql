-- +goose Up

-- Until when each provider's list of transfers was read for what the books do not know. It goes back with a restored backup, whatever is sent
-- after it: what was sent in between is read.
create table transfer_looks (
    provider   text        primary key,
    read_until timestamptz not null
);

-- +goose Down
drop table transfer_looks;
