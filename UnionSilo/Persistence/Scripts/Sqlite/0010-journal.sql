-- The journal is the truth; every other table can be rebuilt from it.
-- Dates are ISO text, instants whole microseconds since 1970, command ids 16 bytes in the order of the text.
CREATE TABLE journal (
    position     INTEGER PRIMARY KEY,
    stream       TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    type         TEXT    NOT NULL,
    schema       INTEGER NOT NULL,
    command_id   BLOB    NOT NULL,
    command_hash INTEGER NOT NULL,
    operator     TEXT    NOT NULL,
    reason       TEXT,
    document_ref TEXT,
    business_on  TEXT    NOT NULL,
    recorded_at  INTEGER NOT NULL,
    data         TEXT    NOT NULL,
    UNIQUE (stream, version)
) STRICT;

-- A key has at most one holder in the whole federation.
CREATE TABLE claim (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- Commands for other aggregates; one source's commands for one target lie together in their order.
CREATE TABLE outbox (
    source      TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    schema      INTEGER NOT NULL,
    command     TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (source, target, version, n)
) STRICT, WITHOUT ROWID;

-- Effects a stream has judged and whose source has not confirmed it yet.
CREATE TABLE effect_seen (
    target TEXT NOT NULL,
    id     BLOB NOT NULL,
    PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;

-- What the report counts, summed by subject (the thing that distinct counts count once; empty: none) and the day on which it counts.
CREATE TABLE fact (
    measure     TEXT    NOT NULL,
    union_id    TEXT    NOT NULL,
    subject     TEXT    NOT NULL DEFAULT '',
    business_on TEXT    NOT NULL,
    closing     INTEGER NOT NULL,
    writer      INTEGER NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (measure, union_id, subject, business_on, closing, writer)
) STRICT, WITHOUT ROWID;

-- Insert-only. Its key is the order in which a figure is opened.
CREATE TABLE fact_line (
    measure     TEXT    NOT NULL,
    union_id    TEXT    NOT NULL,
    business_on TEXT    NOT NULL,
    stream      TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    subject     TEXT    NOT NULL DEFAULT '',
    closing     INTEGER NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (measure, union_id, business_on, stream, version, n)
) STRICT, WITHOUT ROWID;

-- Frozen periods; facts are stamped with the newest number. Number 0 is the time before the first of them.
CREATE TABLE closing (
    number         INTEGER PRIMARY KEY,
    closed_through TEXT,
    closed_at      INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    CHECK ((number = 0) = (closed_through IS NULL))
) STRICT;

INSERT INTO closing (number) VALUES (0);

-- A restored file begins a new epoch, so that no reader of the feed goes on where other events stood.
CREATE TABLE epoch (
    number   INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER))
) STRICT;

INSERT INTO epoch (number) VALUES (1);
