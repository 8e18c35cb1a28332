-- +goose Up

-- The audit is append-only. A decision's line is written before its workflow takes it, and things may change meanwhile: where it is
-- refused after all, a line of its own says so of the first.
alter table audit add column corrects text unique references audit (deed_id);

-- +goose Down
alter table audit drop column corrects;
