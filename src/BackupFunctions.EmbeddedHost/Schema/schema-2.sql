-- Large values stand apart and compressed, so that instances, histories and queues stay small. Where the value stood is @payload:<payload_id>.

CREATE TABLE durable.payloads (
    hub text NOT NULL,
    instance_id text NOT NULL,
    payload_id text NOT NULL,
    -- gzip of the UTF-8 text.
    data bytea NOT NULL,
    PRIMARY KEY (hub, instance_id, payload_id),
    FOREIGN KEY (hub, instance_id) REFERENCES durable.instances ON DELETE CASCADE
);

-- Compressed already.
ALTER TABLE durable.payloads ALTER COLUMN data SET STORAGE EXTERNAL;
