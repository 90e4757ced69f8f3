-- An epoch is told from those of every other file by its stamp, and its rows from those before by their positions.
CREATE TABLE epoch_told (
    number         INTEGER PRIMARY KEY,
    began_at       INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    stamp          TEXT    NOT NULL DEFAULT (lower(hex(randomblob(8)))),
    first_position INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO epoch_told (number, began_at) SELECT number, began_at FROM epoch;
DROP TABLE epoch;
ALTER TABLE epoch_told RENAME TO epoch;
