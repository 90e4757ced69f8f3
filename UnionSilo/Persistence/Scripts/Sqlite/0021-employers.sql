CREATE TABLE employer_row (
    employer_id    TEXT    NOT NULL,
    code           TEXT,
    name           TEXT,
    kind           INTEGER,
    industry       TEXT,
    area           TEXT,
    federation     TEXT,
    headcount      INTEGER,
    women          INTEGER,
    migrants       INTEGER,
    members_reported INTEGER,
    status         INTEGER,
    coverage_union TEXT,
    coverage_kind  INTEGER,
    covered_on     TEXT,
    registered_on  TEXT,
    closed_on      TEXT,
    version        INTEGER NOT NULL,
    PRIMARY KEY (employer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX employer_row_by_code ON employer_row (code);
CREATE INDEX employer_row_by_name ON employer_row (name);
CREATE INDEX employer_row_by_federation ON employer_row (federation);
CREATE INDEX employer_row_by_coverage_union ON employer_row (coverage_union) WHERE coverage_union IS NOT NULL;
