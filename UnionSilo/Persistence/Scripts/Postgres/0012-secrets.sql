-- Secrets that outlive every master key, each wrapped with the master key named: the keys under which commands and personal values are hashed.
-- Without them no stored hash can be compared again: they belong into every backup of the journal.
CREATE TABLE secret
(
    purpose text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    master text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (purpose, id)
);

-- A silo asks at its start which master keys are in use: with the index that is one step for each of them, not one for each person.
CREATE INDEX person_key_master ON person_key (master);
