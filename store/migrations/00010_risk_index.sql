-- +goose Up

-- The ghost risk of a board reads, for each creator, when they last gave a sign of life and when they answered what. Both are a
-- few of many events. The conditions are those of the query RiskFacts, word for word, so that the planner sees that they fit.
create index timeline_events_alive on timeline_events (partnership_id, at)
    where kind in ('kept_waiting', 'resumed', 'manager_note') or owner = 'creator' and kind not in ('went_quiet', 'slipped', 'dates_moved');
create index timeline_events_answers on timeline_events (partnership_id, at)
    where kind in ('accepted', 'countered', 'declined', 'signed', 'draft_submitted', 'posted', 'disclosure_missing');
-- +goose Down
drop index timeline_events_answers, timeline_events_alive;
