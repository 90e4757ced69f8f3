-- The key of each person's data, closed with the master key named. It goes when the person is erased, and with it everything it sealed.
-- Back this table up apart from the journal, and keep those copies only as long as an erasure may take:
--     pg_dump --exclude-table-data=person_key …   the journal and all that follows from it
--     pg_dump --data-only --table=person_key …    the keys
-- Who restores an old copy of the keys restores erased people: restore the newest copy, then erase again whom `union-silo verify` names.
-- A deleted row is gone for every query at once; its bytes stay in the page and in the log until vacuum and later writes take their place,
-- closed with the master key. Rows are deleted seldom, so few of them are enough to call autovacuum.
CREATE TABLE person_key
(
    stream text COLLATE "C" NOT NULL PRIMARY KEY,
    master text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100);
