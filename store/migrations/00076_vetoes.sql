-- +goose Up

-- Whom a person has taken off a running campaign's list. Their row stays, so that they can be put back.
alter table campaign_creators add column vetoed_at timestamptz;

-- +goose Down
alter table campaign_creators drop column vetoed_at;
