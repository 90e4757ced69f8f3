-- Names and keys are compared as bytes (COLLATE "C"): cheaper than a language's order, and the order the program sorts them in.

-- The truth. Rows are only ever inserted. One sequence for all partitions; a session takes numbers in blocks, so
-- positions rise inside a transaction, and the order between transactions is that of xid.
CREATE SEQUENCE journal_position CACHE 1000;

CREATE TABLE journal
(
    position bigint NOT NULL DEFAULT nextval('journal_position'),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    schema int NOT NULL,
    command_id uuid NOT NULL,
    command_hash bigint NOT NULL,
    operator text COLLATE "C" NOT NULL,
    reason text,
    document_ref text,
    business_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    data text NOT NULL,
    UNIQUE (stream, version)
) PARTITION BY HASH (stream);

CREATE TABLE journal_0 PARTITION OF journal FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE journal_1 PARTITION OF journal FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE journal_2 PARTITION OF journal FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE journal_3 PARTITION OF journal FOR VALUES WITH (MODULUS 4, REMAINDER 3);

-- A key that one stream of the federation holds.
CREATE TABLE claim
(
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, key)
);

-- Commands that must still reach another stream. The row goes when that stream has answered.
CREATE TABLE outbox
(
    source text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    n int NOT NULL,
    target text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    schema int NOT NULL,
    command text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (source, version, n)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Effects a stream has journalled and whose source has not yet confirmed it.
CREATE TABLE effect_seen
(
    target text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (target, id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- What the report counts, summed by subject (the thing that distinct counts count once; empty: none) and the day on which it counts. Every writer session adds to rows of its own number, so that none waits for another; a reader sums them.
-- Half of each page stays free: the same few rows change in every group, and then no index entry is written.
CREATE TABLE fact
(
    measure text COLLATE "C" NOT NULL,
    union_id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL DEFAULT '',
    business_on date NOT NULL,
    closing int NOT NULL,
    writer int NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (measure, union_id, subject, business_on, closing, writer)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- The records behind every figure. Rows are only ever inserted. The index is not unique: many equal keys share one entry of it.
CREATE TABLE fact_line
(
    union_id text COLLATE "C" NOT NULL,
    measure text COLLATE "C" NOT NULL,
    business_on date NOT NULL,
    closing int NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    n int NOT NULL,
    subject text COLLATE "C" NOT NULL DEFAULT '',
    value bigint NOT NULL
);

CREATE INDEX fact_line_figure ON fact_line (measure, union_id, business_on);

-- Frozen periods. Number 0 is the time before the first of them.
CREATE TABLE closing
(
    number int NOT NULL PRIMARY KEY,
    closed_through date,
    closed_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((number = 0) = (closed_through IS NULL))
);

INSERT INTO closing (number) VALUES (0);

-- One life of this database. A restore begins a new one, so that nobody resumes the feed from a future that was lost.
CREATE TABLE epoch
(
    number int NOT NULL PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO epoch (number) VALUES (1);
