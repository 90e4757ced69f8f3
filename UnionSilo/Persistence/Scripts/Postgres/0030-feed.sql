-- The feed reads the journal in the order of its transactions. One group's rows share one key, so that few entries are kept for many rows.
CREATE INDEX journal_feed ON journal (xid);

-- An epoch is told from those of every other database by its stamp, and its rows from those before by their positions.
-- Life is what the database is in: a restore gives it another server, timeline, database or table.
ALTER TABLE epoch
    ADD COLUMN stamp text COLLATE "C" NOT NULL DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 16),
    ADD COLUMN first_position bigint NOT NULL DEFAULT 0,
    ADD COLUMN life text COLLATE "C";
