-- Read models of the room Unions. Text is compared as bytes: the order of pages, and the order an index needs to find the beginning of a name.
-- A fifth of each page stays free, so that a changed row finds room beside its former version.

-- The tree in time: one edge per union and stretch of days. It is walked from the top down.
CREATE TABLE union_parent
(
    union_id text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    parent text COLLATE "C",
    valid_to date,
    version bigint NOT NULL,
    PRIMARY KEY (union_id, valid_from)
) WITH (fillfactor = 80);

CREATE INDEX union_parent_under ON union_parent (parent, union_id);

CREATE TABLE union_row
(
    union_id text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    level bigint,
    kind bigint,
    status bigint,
    parent text COLLATE "C",
    term_years bigint,
    employees bigint,
    members bigint,
    applied_on date,
    elected_on date,
    established_on date,
    closed_on date,
    merged_into text COLLATE "C",
    merged_on date,
    version bigint NOT NULL,
    PRIMARY KEY (union_id)
) WITH (fillfactor = 80);

CREATE INDEX union_row_parent ON union_row (parent, union_id);
CREATE INDEX union_row_name ON union_row (name);
CREATE INDEX union_row_established ON union_row (established_on);
