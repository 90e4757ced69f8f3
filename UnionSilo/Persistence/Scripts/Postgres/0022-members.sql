-- Read models of the room Members. Names, numbers and phones stand here only masked, as keyed hashes, and sealed under the person's own key.
CREATE TABLE member_row
(
    member_id text COLLATE "C" NOT NULL,
    union_id text COLLATE "C",
    employer_id text COLLATE "C",
    status bigint,
    deemed_from date,
    qualified_until date,
    findings text COLLATE "C",
    sex bigint,
    birth_year bigint,
    document_type bigint,
    name_mask text COLLATE "C",
    document_mask text COLLATE "C",
    mobile_mask text COLLATE "C",
    document_hash text COLLATE "C",
    name_hash text COLLATE "C",
    mobile_hash text COLLATE "C",
    sealed text COLLATE "C",
    education bigint,
    employment bigint,
    joined_on date,
    begun_on date,
    left_on date,
    migrant boolean,
    card_consent boolean,
    transfer_to text COLLATE "C",
    transfer_until date,
    version bigint NOT NULL,
    PRIMARY KEY (member_id)
) WITH (fillfactor = 80);

-- A city writes this table by the million: there is an index for each way people are looked for, and no more.
-- Hashes are searched for only inside a subtree, so they stand behind the union: a roll that arrives union by union then writes the same few pages, not one at random for every hash.
CREATE INDEX member_row_employer ON member_row (employer_id, member_id);
CREATE INDEX member_row_document ON member_row (union_id, document_hash);
CREATE INDEX member_row_name ON member_row (union_id, name_hash);
CREATE INDEX member_row_mobile ON member_row (union_id, mobile_hash);
CREATE INDEX member_row_transfer ON member_row (transfer_to, member_id) WHERE transfer_to IS NOT NULL;

-- Looks at personal fields; few are written, and they are never changed.
CREATE TABLE member_look
(
    member_id text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    union_id text COLLATE "C",
    purpose text COLLATE "C",
    looked_by text COLLATE "C",
    looked_for text COLLATE "C",
    looked_on date,
    version bigint NOT NULL,
    PRIMARY KEY (member_id, n)
) WITH (fillfactor = 80);

CREATE INDEX member_look_union ON member_look (union_id, looked_on);
CREATE INDEX member_look_by ON member_look (looked_by, looked_on);
