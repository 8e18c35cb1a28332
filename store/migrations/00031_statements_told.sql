-- +goose Up

-- What a statement told of each row, so that a further run of the month tells what changed since and nothing else. Rows and amounts alone.
alter table statements add column told jsonb, add column told_at timestamptz;
create index statements_creator on statements (creator_id) where told_at is not null;

-- +goose Down
alter table statements drop column told, drop column told_at;
