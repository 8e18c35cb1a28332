-- +goose Up

-- Whether a person ended the run that a finding is about. Its words said so until now.
alter table workflow_findings add column ended boolean not null default false;
update workflow_findings set ended = true where starts_with(settled, 'ended ');

-- +goose Down
alter table workflow_findings drop column ended;
