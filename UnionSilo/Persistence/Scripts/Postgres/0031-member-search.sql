-- Document, name and phone are searched for in one index instead of three: every change of a member that is not the shortest wrote all three anew, and a roll filled them.
-- A document is still found at once in its union. For a name or a phone the entries of each union of the subtree are read, without their rows: a tenth of a microsecond for each member in it.
DROP INDEX member_row_document;
DROP INDEX member_row_name;
DROP INDEX member_row_mobile;
CREATE INDEX member_row_search ON member_row (union_id, document_hash, name_hash, mobile_hash);
