-- The state of one grain is one row. The hashes are computed by the provider; the clear values behind them settle collisions.
CREATE TABLE OrleansStorage
(
    GrainIdHash integer NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    GrainTypeHash integer NOT NULL,
    GrainTypeString varchar(512) NOT NULL,
    GrainIdExtensionString varchar(512) NULL,
    ServiceId varchar(150) NOT NULL,
    PayloadBinary bytea NULL,
    ModifiedOn timestamptz NOT NULL DEFAULT now(),
    Version integer NOT NULL
);

-- Two activations may write a grain's first state at the same instant. Without a unique key both would insert, and a grain
-- with two rows can never be read again. An absent key extension is no value of its own, hence the last column; the digest
-- keeps long extensions within the size of an index entry.
CREATE UNIQUE INDEX OrleansStorage_Key ON OrleansStorage
    (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, ServiceId, GrainTypeString,
     md5(coalesce(GrainIdExtensionString, '')), (GrainIdExtensionString IS NULL));

-- Answers the new version, or the version it was given when nothing was written; the provider reads the latter as a conflict.
CREATE FUNCTION WriteToStorage(
    _GrainIdHash integer,
    _GrainIdN0 bigint,
    _GrainIdN1 bigint,
    _GrainTypeHash integer,
    _GrainTypeString varchar,
    _GrainIdExtensionString varchar,
    _ServiceId varchar,
    _GrainStateVersion integer,
    _PayloadBinary bytea)
RETURNS TABLE (NewGrainStateVersion integer)
LANGUAGE plpgsql AS
$function$
BEGIN
    IF _GrainStateVersion IS NULL THEN
        INSERT INTO OrleansStorage AS s
            (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, Version)
        VALUES
            (_GrainIdHash, _GrainIdN0, _GrainIdN1, _GrainTypeHash, _GrainTypeString, _GrainIdExtensionString, _ServiceId, _PayloadBinary, 1)
        ON CONFLICT DO NOTHING
        RETURNING s.Version INTO NewGrainStateVersion;
    ELSE
        UPDATE OrleansStorage AS s SET PayloadBinary = _PayloadBinary, ModifiedOn = now(), Version = s.Version + 1
        WHERE s.GrainIdHash = _GrainIdHash AND s.GrainTypeHash = _GrainTypeHash
            AND s.GrainIdN0 = _GrainIdN0 AND s.GrainIdN1 = _GrainIdN1
            AND s.ServiceId = _ServiceId AND s.GrainTypeString = _GrainTypeString
            AND s.GrainIdExtensionString IS NOT DISTINCT FROM _GrainIdExtensionString
            AND s.Version = _GrainStateVersion
        RETURNING s.Version INTO NewGrainStateVersion;
    END IF;

    NewGrainStateVersion := coalesce(NewGrainStateVersion, _GrainStateVersion);
    RETURN NEXT;
END
$function$;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('WriteToStorageKey', $query$
    SELECT NewGrainStateVersion FROM WriteToStorage(@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString,
        @GrainIdExtensionString, @ServiceId, @GrainStateVersion, @PayloadBinary)
$query$),
('ReadFromStorageKey', $query$
    SELECT PayloadBinary, Version FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
$query$),
-- A cleared state keeps its row, so that a late writer with the old version still meets a conflict.
('ClearStorageKey', $query$
    UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$query$),
('DeleteStorageKey', $query$
    DELETE FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion
$query$);
