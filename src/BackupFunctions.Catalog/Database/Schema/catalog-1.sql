-- The catalog: a view over signed manifests, statements and results of jobs. Everything in it can be made again from those, so nothing
-- decides by it. Never edited once released: a change is a further script, catalog-2.sql and so on.

CREATE TABLE catalog.versions (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- What was read from the storage of one cluster. A rebuild fills a new generation beside the current one and then takes its place.
CREATE TABLE catalog.generations (
    generation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster text NOT NULL,
    is_current boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    -- Null until the first synchronisation came to its end.
    synced_at timestamptz,
    sync_seconds double precision
);

CREATE UNIQUE INDEX generations_current ON catalog.generations (cluster) WHERE is_current;

-- Each target as the last synchronisation found it.
CREATE TABLE catalog.targets (
    generation bigint NOT NULL REFERENCES catalog.generations ON DELETE CASCADE,
    target text NOT NULL,
    is_reachable boolean NOT NULL,
    -- Why not; one sentence.
    error text,
    -- When it was last listed whole.
    listed_at timestamptz,
    -- When its write-ahead log was last listed whole.
    wal_listed_at timestamptz,
    PRIMARY KEY (generation, target)
);

-- One row a backup id that storage has a folder or a statement of, finished or not: what was listed when it was last read.
CREATE TABLE catalog.entries (
    generation bigint NOT NULL,
    backup_id text COLLATE "C" NOT NULL,
    -- Parallel arrays: what each target listed of it, as one number.
    listed_on text[] NOT NULL,
    listed bigint[] NOT NULL,
    -- False: some copy or statement was not in good order, so it is read again at every synchronisation.
    is_settled boolean NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (generation, backup_id)
);

CREATE INDEX entries_unsettled ON catalog.entries (generation) WHERE NOT is_settled;
CREATE INDEX entries_by_reading ON catalog.entries (generation, read_at);

CREATE TABLE catalog.backups (
    generation bigint NOT NULL,
    -- In order of time.
    backup_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    -- Null: not of one tenant.
    tenant text,
    database_name text NOT NULL,
    started_at timestamptz NOT NULL,
    snapshot_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    duration_seconds double precision NOT NULL,
    plain_size bigint NOT NULL,
    stored_size bigint NOT NULL,
    -- plain_size / stored_size; null where nothing is stored.
    compression_ratio double precision,
    -- SHA-256 of the manifest, which has those of all objects.
    checksum text NOT NULL,
    status text NOT NULL,
    -- PRESENT, DELETED (on purpose), LOST (it was there, no target has it, and nobody deleted it); see current_backups.
    presence text NOT NULL,
    verified_at timestamptz,
    proven_at timestamptz,
    tombstoned_at timestamptz,
    deleted_at timestamptz,
    keep_until timestamptz,
    -- When it was first found lost.
    lost_at timestamptz,
    -- The run that made it, where the run store knows it.
    job_id text,
    -- The manifest without its objects and keys.
    metadata jsonb NOT NULL,
    PRIMARY KEY (generation, backup_id)
);

CREATE INDEX backups_by_database ON catalog.backups (generation, database_name, backup_id DESC);
CREATE INDEX backups_by_status ON catalog.backups (generation, status, backup_id DESC);
CREATE INDEX backups_lost ON catalog.backups (generation, backup_id) WHERE presence = 'LOST';

CREATE TABLE catalog.copies (
    generation bigint NOT NULL,
    backup_id text COLLATE "C" NOT NULL,
    target text NOT NULL,
    -- WRITTEN, VERIFIED, QUARANTINED, TOMBSTONED, DELETED; UNFINISHED (no manifest), UNREADABLE (not a good one), MISSING (folder gone).
    state text NOT NULL,
    -- Of the manifest on this target; null where there is no good one.
    manifest_sha256 text,
    -- Why not; one sentence.
    error text,
    -- When it was last found good.
    verified_at timestamptz,
    -- When it was last found good or not good.
    checked_at timestamptz,
    tombstoned_at timestamptz,
    deleted_at timestamptz,
    PRIMARY KEY (generation, backup_id, target)
);

CREATE INDEX copies_by_state ON catalog.copies (generation, target, state, backup_id DESC);

CREATE TABLE catalog.statements (
    generation bigint NOT NULL,
    backup_id text COLLATE "C" NOT NULL,
    -- File name without its ending.
    name text COLLATE "C" NOT NULL,
    -- Of the statement's bytes: one name may stand for several that are all signed.
    sha256 text NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    -- Targets that hold it in good order.
    targets text[] NOT NULL,
    -- The statement without its keys.
    document jsonb NOT NULL,
    PRIMARY KEY (generation, backup_id, name, sha256)
);

-- Archived write-ahead log, counted: one row for each target, server and timeline.
CREATE TABLE catalog.wal (
    generation bigint NOT NULL,
    target text NOT NULL,
    system_identifier text NOT NULL,
    timeline integer NOT NULL,
    -- Segments, partial ones and history files.
    objects bigint NOT NULL,
    -- Names of whole segments, each counted once however often it was received.
    segments bigint NOT NULL,
    bytes bigint NOT NULL,
    first_segment text,
    last_segment text,
    PRIMARY KEY (generation, target, system_identifier, timeline)
);

-- Runs of the run stores of all hosts that use this catalog.
CREATE TABLE catalog.jobs (
    cluster text NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    -- Machine and folder of the run store.
    store text NOT NULL,
    kind text NOT NULL,
    instance_id text,
    -- RUNNING, SUCCEEDED, FAILED, CANCELED, LOST.
    state text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    duration_seconds double precision,
    phase text,
    bytes_done bigint,
    bytes_total bigint,
    error_code text,
    error text,
    warnings jsonb NOT NULL,
    phase_seconds jsonb NOT NULL,
    parameters jsonb NOT NULL,
    output jsonb,
    -- The backup that it made.
    backup_id text COLLATE "C",
    PRIMARY KEY (cluster, run_id)
);

CREATE INDEX jobs_by_end ON catalog.jobs (cluster, finished_at DESC);
CREATE INDEX jobs_by_kind ON catalog.jobs (cluster, kind, finished_at DESC);
CREATE INDEX jobs_open ON catalog.jobs (cluster, store) WHERE finished_at IS NULL;
CREATE INDEX jobs_by_backup ON catalog.jobs (cluster, backup_id) WHERE backup_id IS NOT NULL;

CREATE TABLE catalog.restores (
    cluster text NOT NULL,
    -- Of the recovery's report, or the run of a restore that was no recovery.
    restore_id text COLLATE "C" NOT NULL,
    store text NOT NULL,
    -- DISASTER_RECOVERY or RESTORE.
    mode text NOT NULL,
    database_name text NOT NULL,
    backup_id text COLLATE "C",
    -- The server; null: the database's own.
    target text,
    -- The point in time that was recovered to.
    target_time timestamptz,
    reason text,
    initiated_by text,
    started_at timestamptz NOT NULL,
    duration_seconds double precision NOT NULL,
    -- Bytes of ciphertext that were read.
    bytes bigint,
    rpo_seconds double precision,
    is_success boolean NOT NULL,
    -- Steps and warnings.
    report jsonb NOT NULL,
    PRIMARY KEY (cluster, restore_id)
);

CREATE INDEX restores_by_start ON catalog.restores (cluster, started_at DESC);

-- Every switch of target during a read, in order.
CREATE TABLE catalog.failovers (
    cluster text NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    backup_id text COLLATE "C",
    description text NOT NULL,
    PRIMARY KEY (cluster, run_id, number)
);

CREATE INDEX failovers_by_time ON catalog.failovers (cluster, at DESC);

CREATE TABLE catalog.target_checks (
    cluster text NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    target text NOT NULL,
    checked_at timestamptz NOT NULL,
    -- OK, WARN, FAIL.
    status text NOT NULL,
    latency_milliseconds double precision,
    free_bytes bigint,
    findings jsonb NOT NULL,
    PRIMARY KEY (cluster, run_id, target)
);

CREATE INDEX target_checks_by_target ON catalog.target_checks (cluster, target, checked_at DESC);

-- What single results of jobs say for or against an alert: alerts are made from these, in order of time.
CREATE TABLE catalog.alert_signals (
    cluster text NOT NULL,
    fingerprint text NOT NULL,
    at timestamptz NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    -- True: something is wrong; false: it was seen good.
    is_raised boolean NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    message text,
    PRIMARY KEY (cluster, fingerprint, at, run_id)
);

CREATE INDEX alert_signals_by_run ON catalog.alert_signals (cluster, run_id);

CREATE TABLE catalog.alerts (
    cluster text NOT NULL,
    -- What it is about: the same trouble again is the same alert.
    fingerprint text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    -- Results that told it.
    count integer NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    message text NOT NULL,
    -- ACTIVE, ACKNOWLEDGED, RESOLVED.
    state text NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    resolved_at timestamptz,
    -- The run that saw it good, or a person.
    resolved_by text,
    PRIMARY KEY (cluster, fingerprint, first_seen_at)
);

CREATE INDEX alerts_open ON catalog.alerts (cluster, last_seen_at DESC) WHERE state <> 'RESOLVED';
CREATE INDEX alerts_by_time ON catalog.alerts (cluster, last_seen_at DESC);

-- Copies as far as they are known now: of a target that is away, only what was known last.
CREATE VIEW catalog.current_copies AS
SELECT g.cluster, c.backup_id, c.target,
    CASE WHEN coalesce(t.is_reachable, false) THEN c.state ELSE 'UNKNOWN' END AS state,
    c.state AS last_known_state, c.verified_at, c.checked_at, c.tombstoned_at, c.deleted_at, c.manifest_sha256, c.error
FROM catalog.generations g
JOIN catalog.copies c ON c.generation = g.generation
LEFT JOIN catalog.targets t ON t.generation = c.generation AND t.target = c.target
WHERE g.is_current;

-- UNKNOWN: only targets that are away had it.
CREATE VIEW catalog.current_backups AS
SELECT g.cluster, b.*,
    CASE WHEN b.presence = 'PRESENT' AND NOT EXISTS (
        SELECT FROM catalog.copies c JOIN catalog.targets t ON t.generation = c.generation AND t.target = c.target AND t.is_reachable
        WHERE c.generation = b.generation AND c.backup_id = b.backup_id AND c.state NOT IN ('MISSING', 'DELETED'))
    THEN 'UNKNOWN' ELSE b.presence END AS current_presence
FROM catalog.generations g
JOIN catalog.backups b ON b.generation = g.generation
WHERE g.is_current;
