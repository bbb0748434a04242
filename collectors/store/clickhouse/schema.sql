-- borderflow's tables on one ClickHouse server, version 2; for 18.16 and later. See README.md.
-- Made by the first sensor that finds none. Statements end with a semicolon at the end of a line.

-- The version of these tables. A sensor refuses one that it does not know.
CREATE TABLE IF NOT EXISTS borderflow_schema
(
    version UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY version;

-- Rows of cells as they arrive, some of them perhaps twice, or of a window that never became whole.
-- Read the view `cells` instead.
CREATE TABLE IF NOT EXISTS cell_parts
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
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (sensor, run, window_start, sequence, batch, row);

-- One row a window, written when all its rows of cells are there. Of two batches for one window, the
-- later counts. Read the view `windows` instead.
CREATE TABLE IF NOT EXISTS window_parts
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
ENGINE = ReplacingMergeTree(written)
PARTITION BY toYYYYMM(day)
ORDER BY (sensor, run, window_start, sequence, batch);

CREATE VIEW IF NOT EXISTS windows AS
SELECT *
FROM window_parts FINAL
WHERE (sensor, run, window_start, sequence, batch) IN
(
    SELECT sensor, run, window_start, sequence, argMax(batch, written)
    FROM window_parts
    GROUP BY sensor, run, window_start, sequence
);

CREATE VIEW IF NOT EXISTS cells AS
SELECT *
FROM cell_parts FINAL
WHERE (sensor, run, window_start, sequence, batch) IN
(
    SELECT sensor, run, window_start, sequence, argMax(batch, written)
    FROM window_parts
    GROUP BY sensor, run, window_start, sequence
);

INSERT INTO borderflow_schema (version) VALUES (2);
