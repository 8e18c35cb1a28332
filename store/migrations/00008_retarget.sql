-- +goose Up

-- An amendment may change whom a campaign invites, and list further creators.
alter table campaign_amendments
    add column retargets boolean not null default false, -- it changes the selection or the list: the candidates are ranked anew
    add column undoes    bigint  not null default 0,     -- the version that it takes back, 0 none
    add column summary   text    not null default '';    -- its preview in words, without names
alter table campaign_creators add column since bigint not null default 0; -- the version that listed the creator, 0 the launch

-- +goose Down
alter table campaign_creators drop column since;
alter table campaign_amendments drop column summary, drop column undoes, drop column retargets;
