-- State of the durable engine. Never edited once released: a change is a further script, schema-2.sql and so on.

CREATE TABLE durable.versions (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- One row a running host. Its session holds an advisory lock on owner_id; a free lock is the sign of a dead host.
CREATE TABLE durable.owners (
    owner_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    machine text NOT NULL,
    process_id integer NOT NULL,
    process_started_at timestamptz NOT NULL
);

CREATE TABLE durable.instances (
    hub text NOT NULL,
    instance_id text NOT NULL,
    execution_id text NOT NULL,
    name text NOT NULL,
    version text,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    last_updated_at timestamptz NOT NULL,
    completed_at timestamptz,
    input text,
    output text,
    custom_status text,
    failure text,
    tags text,
    parent_instance_id text,
    parent text,
    locked_by integer,
    lock_expires_at timestamptz,
    -- Fences out a host that lost its lease.
    turn bigint NOT NULL DEFAULT 0,
    -- Turns begun since the last checkpoint.
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (hub, instance_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX instances_by_creation ON durable.instances (hub, created_at, instance_id);
CREATE INDEX instances_by_parent ON durable.instances (hub, parent_instance_id) WHERE parent_instance_id IS NOT NULL;
CREATE INDEX instances_locked ON durable.instances (hub, lock_expires_at) WHERE lock_expires_at IS NOT NULL;

CREATE TABLE durable.history (
    hub text NOT NULL,
    instance_id text NOT NULL,
    sequence_number integer NOT NULL,
    event_type text NOT NULL,
    event text NOT NULL,
    PRIMARY KEY (hub, instance_id, sequence_number),
    FOREIGN KEY (hub, instance_id) REFERENCES durable.instances ON DELETE CASCADE
);

CREATE TABLE durable.new_events (
    sequence_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub text NOT NULL,
    instance_id text NOT NULL,
    -- Null: for whichever execution is the present one.
    execution_id text,
    -- Timers and planned starts lie in the future; everything else is due at once, whatever the clocks say.
    visible_at timestamptz NOT NULL DEFAULT '-infinity',
    -- Before everything else: what begins an execution.
    is_first boolean NOT NULL DEFAULT false,
    -- Waits for the instance to be resumed.
    is_held boolean NOT NULL DEFAULT false,
    event_type text NOT NULL,
    event text NOT NULL,
    FOREIGN KEY (hub, instance_id) REFERENCES durable.instances ON DELETE CASCADE
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX new_events_due ON durable.new_events (hub, visible_at, sequence_number) WHERE NOT is_held;
CREATE INDEX new_events_by_instance ON durable.new_events (hub, instance_id);

CREATE TABLE durable.new_tasks (
    sequence_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub text NOT NULL,
    instance_id text NOT NULL,
    execution_id text NOT NULL,
    task_id integer NOT NULL,
    name text NOT NULL,
    version text,
    input text,
    tags text,
    locked_by integer,
    lock_expires_at timestamptz,
    dequeue_count integer NOT NULL DEFAULT 0,
    FOREIGN KEY (hub, instance_id) REFERENCES durable.instances ON DELETE CASCADE
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX new_tasks_in_order ON durable.new_tasks (hub, sequence_number);
CREATE INDEX new_tasks_by_instance ON durable.new_tasks (hub, instance_id);
