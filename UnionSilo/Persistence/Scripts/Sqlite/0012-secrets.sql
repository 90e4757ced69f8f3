-- Secrets that outlive every master key, each wrapped with the master key named: the keys under which commands and personal values are hashed.
-- Without them no stored hash can be compared again: they belong into every backup of the journal.
CREATE TABLE secret (
    purpose TEXT NOT NULL,
    id      TEXT NOT NULL,
    master  TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (purpose, id)
) STRICT, WITHOUT ROWID;

-- A silo asks at its start which master keys are in use: with the index that is one step for each of them, not one for each person.
CREATE INDEX person_key_master ON person_key (master);
