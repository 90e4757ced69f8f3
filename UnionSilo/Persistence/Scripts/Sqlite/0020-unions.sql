-- Dates are ISO text. Every index ends with the key of its table, so that a list comes in the order of its pages.
CREATE TABLE union_row (
    union_id       TEXT    NOT NULL,
    name           TEXT,
    level          INTEGER,
    kind           INTEGER,
    status         INTEGER,
    parent         TEXT,
    term_years     INTEGER,
    employees      INTEGER,
    members        INTEGER,
    applied_on     TEXT,
    elected_on     TEXT,
    established_on TEXT,
    closed_on      TEXT,
    merged_into    TEXT,
    merged_on      TEXT,
    version        INTEGER NOT NULL,
    PRIMARY KEY (union_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX union_row_by_parent ON union_row (parent);
CREATE INDEX union_row_by_name ON union_row (name);

CREATE TABLE union_parent (
    union_id   TEXT    NOT NULL,
    valid_from TEXT    NOT NULL,
    parent     TEXT,
    valid_to   TEXT,
    version    INTEGER NOT NULL,
    PRIMARY KEY (union_id, valid_from)
) STRICT, WITHOUT ROWID;

-- The tree is walked from the top; the index holds all that the walk needs.
CREATE INDEX union_parent_by_parent ON union_parent (parent, valid_from, valid_to);
