-- Orleans' ADO.NET providers keep no SQL of their own: they read the text of every statement from this table at start.
-- What binds a statement is its key, its parameter names and its column names, nothing else.
CREATE TABLE OrleansQuery
(
    QueryKey varchar(64) NOT NULL CONSTRAINT OrleansQuery_Key PRIMARY KEY,
    QueryText text NOT NULL
);
