-- +goose Up

-- Until when the shop was last asked again for all orders that changed, in one row. It goes back with the books, so that what a backup lacks
-- is asked for again.
create table order_rereads (
    one      boolean primary key default true check (one),
    until_at timestamptz not null
);

-- +goose Down
drop table order_rereads;
