-- What holds no data. Edit at will: a host that starts applies this file when it differs from what was applied last.
-- The engine does not use it; it is for people with psql.

DROP VIEW IF EXISTS durable.backlog;

-- One row for each instance that has not ended, the one that moved longest ago first.
CREATE VIEW durable.backlog AS
SELECT
    i.hub,
    i.instance_id,
    i.name,
    i.status,
    i.last_updated_at,
    (SELECT count(*) FROM durable.new_events e
     WHERE e.hub = i.hub AND e.instance_id = i.instance_id AND NOT e.is_held AND e.visible_at <= now()) AS due_events,
    (SELECT min(e.visible_at) FROM durable.new_events e
     WHERE e.hub = i.hub AND e.instance_id = i.instance_id AND NOT e.is_held AND e.visible_at > now()) AS next_timer,
    (SELECT string_agg(t.name, ', ' ORDER BY t.sequence_number) FROM durable.new_tasks t
     WHERE t.hub = i.hub AND t.instance_id = i.instance_id) AS open_activities,
    i.locked_by,
    i.lock_expires_at
FROM durable.instances i
WHERE i.completed_at IS NULL
ORDER BY i.last_updated_at;
