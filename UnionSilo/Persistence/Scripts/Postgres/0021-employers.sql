-- Read models of the room Employers.
CREATE TABLE employer_row
(
    employer_id text COLLATE "C" NOT NULL,
    code text COLLATE "C",
    name text COLLATE "C",
    kind bigint,
    industry text COLLATE "C",
    area text COLLATE "C",
    federation text COLLATE "C",
    headcount bigint,
    women bigint,
    migrants bigint,
    members_reported bigint,
    status bigint,
    coverage_union text COLLATE "C",
    coverage_kind bigint,
    covered_on date,
    registered_on date,
    closed_on date,
    version bigint NOT NULL,
    PRIMARY KEY (employer_id)
) WITH (fillfactor = 80);

CREATE INDEX employer_row_code ON employer_row (code);
CREATE INDEX employer_row_name ON employer_row (name);
CREATE INDEX employer_row_federation ON employer_row (federation, employer_id);
CREATE INDEX employer_row_coverage ON employer_row (coverage_union, employer_id);
