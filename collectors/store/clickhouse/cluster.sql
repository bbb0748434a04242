-- borderflow's tables on a ClickHouse cluster, version 2; for 18.16 and later. See README.md.
--
-- Run once, by an administrator, in the database that the sensors name. `borderflow` is the cluster's
-- name in remote_servers; {shard} and {replica} are macros of each server. Sensors then write to any
-- node. All rows of a sensor lie in one shard, so that FINAL there removes what came twice.
-- The columns of the local tables, and their order, are those of schema.sql; a test compares.

CREATE TABLE IF NOT EXISTS cell_parts_local ON CLUSTER borderflow
(
    sensor String,
    run UInt64,
    window_start UInt64,
    sequence UInt64,
    batch UInt64,
    row UInt32,
    day Date DEFAULT toDate(toDateTime(intDiv(window_start, 1000000000))),
    src String,
    dst String,
    src_registered String,
    dst_registered String,
    src_as UInt32,
    dst_as UInt32,
    src_operator String,
    dst_operator String,
    role String,
    category String,
    evidence String,
    confidence UInt8,
    protection String,
    entity UInt16,
    crossing String,
    frames UInt64,
    bytes UInt64,
    payload_bytes UInt64,
    flows UInt64,
    clients UInt64,
    verdicts Nested(pack String, version String, verdict String)
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/borderflow/cell_parts', '{replica}')
PARTITION BY toYYYYMM(day)
ORDER BY (sensor, run, window_start, sequence, batch, row);

CREATE TABLE IF NOT EXISTS cell_parts ON CLUSTER borderflow AS cell_parts_local
ENGINE = Distributed(borderflow, currentDatabase(), cell_parts_local, cityHash64(sensor));

CREATE TABLE IF NOT EXISTS window_parts_local ON CLUSTER borderflow
(
    sensor String,
    run UInt64,
    window_start UInt64,
    sequence UInt64,
    batch UInt64,
    written UInt64,
    window_end UInt64,
    day Date DEFAULT toDate(toDateTime(intDiv(window_start, 1000000000))),
    vantage String,
    groups_digest String,
    rules_digest String,
    entities_digest String,
    geo_digests Array(String),
    pack_digests Array(String),
    min_cell UInt64,
    captured_frames UInt64,
    captured_bytes UInt64,
    non_ip_frames UInt64,
    non_ip_bytes UInt64,
    malformed_frames UInt64,
    malformed_bytes UInt64,
    dropped_frames UInt64,
    cells UInt64,
    frames UInt64,
    bytes UInt64,
    flows UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/borderflow/window_parts', '{replica}', written)
PARTITION BY toYYYYMM(day)
ORDER BY (sensor, run, window_start, sequence, batch);

CREATE TABLE IF NOT EXISTS window_parts ON CLUSTER borderflow AS window_parts_local
ENGINE = Distributed(borderflow, currentDatabase(), window_parts_local, cityHash64(sensor));

CREATE TABLE IF NOT EXISTS borderflow_schema_local ON CLUSTER borderflow
(
    version UInt32
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/borderflow/schema', '{replica}')
ORDER BY version;

CREATE TABLE IF NOT EXISTS borderflow_schema ON CLUSTER borderflow AS borderflow_schema_local
ENGINE = Distributed(borderflow, currentDatabase(), borderflow_schema_local, version);

CREATE VIEW IF NOT EXISTS windows ON CLUSTER borderflow AS
SELECT *
FROM window_parts FINAL
WHERE (sensor, run, window_start, sequence, batch) GLOBAL IN
(
    SELECT sensor, run, window_start, sequence, argMax(batch, written)
    FROM window_parts
    GROUP BY sensor, run, window_start, sequence
);

CREATE VIEW IF NOT EXISTS cells ON CLUSTER borderflow AS
SELECT *
FROM cell_parts FINAL
WHERE (sensor, run, window_start, sequence, batch) GLOBAL IN
(
    SELECT sensor, run, window_start, sequence, argMax(batch, written)
    FROM window_parts
    GROUP BY sensor, run, window_start, sequence
);

INSERT INTO borderflow_schema (version) VALUES (2);
