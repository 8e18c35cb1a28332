-- +goose Up

-- Files whose row went, until they are removed from the folder. A file of which nothing is known at all is another thing: the database may be
-- one of before it came.
create table uploads_gone (id text primary key);

-- +goose Down
drop table uploads_gone;
