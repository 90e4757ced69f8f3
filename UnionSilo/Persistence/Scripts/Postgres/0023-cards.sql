-- The card of each member who ever applied for one. The number stands here only masked and as a keyed hash.
CREATE TABLE member_card
(
    member_id text COLLATE "C" NOT NULL,
    union_id text COLLATE "C",
    employer_id text COLLATE "C",
    standing bigint,
    deemed_from date,
    order_status bigint,
    card_status bigint,
    batch_id text COLLATE "C",
    line bigint,
    result bigint,
    card_mask text COLLATE "C",
    card_hash text COLLATE "C",
    produced_on date,
    version bigint NOT NULL,
    PRIMARY KEY (member_id)
) WITH (fillfactor = 80);

CREATE INDEX member_card_union ON member_card (union_id, member_id);
CREATE INDEX member_card_number ON member_card (card_hash) WHERE card_hash IS NOT NULL;
CREATE INDEX member_card_batch ON member_card (batch_id, member_id) WHERE batch_id IS NOT NULL;

-- Read models of the room CardBatches: batches, and who stands on which line. A line is written once and never changed.
CREATE TABLE card_batch
(
    batch_id text COLLATE "C" NOT NULL,
    union_id text COLLATE "C",
    status bigint,
    line_limit bigint,
    former_id text COLLATE "C",
    lines bigint,
    voided bigint,
    produced bigint,
    rejected bigint,
    untold bigint,
    sent_on date,
    replied_on date,
    version bigint NOT NULL,
    PRIMARY KEY (batch_id)
) WITH (fillfactor = 80);

CREATE INDEX card_batch_union ON card_batch (union_id, batch_id);

CREATE TABLE card_batch_line
(
    batch_id text COLLATE "C" NOT NULL,
    line bigint NOT NULL,
    member_id text COLLATE "C",
    version bigint NOT NULL,
    PRIMARY KEY (batch_id, line)
);

CREATE INDEX card_batch_line_member ON card_batch_line (member_id);
