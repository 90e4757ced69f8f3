-- The key of each person's data, closed with the master key named. It goes when the person is erased, and with it everything it sealed:
-- the writer overwrites the row (secure_delete) and empties the log behind it.
-- A copy of the file holds the keys of its day: who restores an old copy restores people erased since. Back the keys up apart from the rest,
-- and keep those copies only as long as an erasure may take:
--     sqlite3 union.db "VACUUM INTO 'rest.db'"; sqlite3 rest.db "PRAGMA secure_delete = ON; DELETE FROM person_key"    all but the keys
--     sqlite3 union.db ".dump person_key"                                                                             the keys
-- After a restore erase again whom `union-silo verify` names.
CREATE TABLE person_key (
    stream  TEXT NOT NULL PRIMARY KEY,
    master  TEXT NOT NULL,
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
