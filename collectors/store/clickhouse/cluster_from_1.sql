-- Brings borderflow's tables on a ClickHouse cluster from version 1 to version 2: windows say by which
-- entity lists their entities are numbered. Run once, by an administrator, as cluster.sql is; sensors
-- of the older version keep their windows in the spool from then on.

ALTER TABLE window_parts_local ON CLUSTER borderflow ADD COLUMN entities_digest String AFTER rules_digest;

ALTER TABLE window_parts ON CLUSTER borderflow ADD COLUMN entities_digest String AFTER rules_digest;

DROP TABLE IF EXISTS windows ON CLUSTER borderflow;

CREATE VIEW IF NOT EXISTS windows ON CLUSTER borderflow AS
SELECT *
FROM window_parts FINAL
WHERE (sensor, run, window_start, sequence, batch) GLOBAL IN
(
    SELECT sensor, run, window_start, sequence, argMax(batch, written)
    FROM window_parts
    GROUP BY sensor, run, window_start, sequence
);

INSERT INTO borderflow_schema (version) VALUES (2);
