-- The card of each member who ever applied for one. The number stands here only masked and as a keyed hash.
CREATE TABLE member_card (
    member_id    TEXT    NOT NULL,
    union_id     TEXT,
    employer_id  TEXT,
    standing     INTEGER,
    deemed_from  TEXT,
    order_status INTEGER,
    card_status  INTEGER,
    batch_id     TEXT,
    line         INTEGER,
    result       INTEGER,
    card_mask    TEXT,
    card_hash    TEXT,
    produced_on  TEXT,
    version      INTEGER NOT NULL,
    PRIMARY KEY (member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_card_by_union ON member_card (union_id, member_id);
CREATE INDEX member_card_by_number ON member_card (card_hash) WHERE card_hash IS NOT NULL;
CREATE INDEX member_card_by_batch ON member_card (batch_id, member_id) WHERE batch_id IS NOT NULL;

-- Batches, and who stands on which line. A line is written once and never changed.
CREATE TABLE card_batch (
    batch_id   TEXT    NOT NULL,
    union_id   TEXT,
    status     INTEGER,
    line_limit INTEGER,
    former_id  TEXT,
    lines      INTEGER,
    voided     INTEGER,
    produced   INTEGER,
    rejected   INTEGER,
    untold     INTEGER,
    sent_on    TEXT,
    replied_on TEXT,
    version    INTEGER NOT NULL,
    PRIMARY KEY (batch_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX card_batch_by_union ON card_batch (union_id, batch_id);

CREATE TABLE card_batch_line (
    batch_id  TEXT    NOT NULL,
    line      INTEGER NOT NULL,
    member_id TEXT,
    version   INTEGER NOT NULL,
    PRIMARY KEY (batch_id, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX card_batch_line_by_member ON card_batch_line (member_id);
