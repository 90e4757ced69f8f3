-- Names, numbers and phones stand here only masked, as keyed hashes, and sealed under the person's own key. The rows are too wide for a table without rowid.
CREATE TABLE member_row (
    member_id       TEXT    NOT NULL,
    union_id        TEXT,
    employer_id     TEXT,
    status          INTEGER,
    deemed_from     TEXT,
    qualified_until TEXT,
    findings        TEXT,
    sex             INTEGER,
    birth_year      INTEGER,
    document_type   INTEGER,
    name_mask       TEXT,
    document_mask   TEXT,
    mobile_mask     TEXT,
    document_hash   TEXT,
    name_hash       TEXT,
    mobile_hash     TEXT,
    sealed          TEXT,
    education       INTEGER,
    employment      INTEGER,
    joined_on       TEXT,
    begun_on        TEXT,
    left_on         TEXT,
    migrant         INTEGER,
    card_consent    INTEGER,
    transfer_to     TEXT,
    transfer_until  TEXT,
    version         INTEGER NOT NULL,
    PRIMARY KEY (member_id)
) STRICT;

-- A city writes this table by the million: there is an index for each way people are looked for, and no more.
-- Hashes are searched for only inside a subtree, so they stand behind the union: a roll that arrives union by union then writes the same few pages, not one at random for every hash.
CREATE INDEX member_row_by_employer ON member_row (employer_id, member_id);
CREATE INDEX member_row_by_document ON member_row (union_id, document_hash);
CREATE INDEX member_row_by_name ON member_row (union_id, name_hash);
CREATE INDEX member_row_by_mobile ON member_row (union_id, mobile_hash);
CREATE INDEX member_row_by_transfer ON member_row (transfer_to, member_id) WHERE transfer_to IS NOT NULL;

-- Looks at personal fields; few are written, and they are never changed.
CREATE TABLE member_look (
    member_id  TEXT    NOT NULL,
    n          INTEGER NOT NULL,
    union_id   TEXT,
    purpose    TEXT,
    looked_by  TEXT,
    looked_for TEXT,
    looked_on  TEXT,
    version    INTEGER NOT NULL,
    PRIMARY KEY (member_id, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_look_by_union ON member_look (union_id, looked_on);
CREATE INDEX member_look_by_account ON member_look (looked_by, looked_on);
