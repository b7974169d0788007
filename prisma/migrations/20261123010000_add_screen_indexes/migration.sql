-- What /mapping, /log and their exports read by: keyset order of every sortable column, filters, text search.
-- Text is ordered by its lower case, byte by byte, so that every database orders alike whatever its locale; only its
-- first 120 characters, because an index refuses an entry of 3,000.
-- lib/store/mapping-order.ts, mapping-sources.ts and log-where.ts repeat these expressions to the letter.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Replaced by the orders below; three indexes fewer to maintain on every update of a pair.
DROP INDEX "crm_mapping_connection_id_type_erp_name_id_idx";
DROP INDEX "crm_mapping_connection_id_type_crm_name_id_idx";
DROP INDEX "crm_mapping_connection_id_type_last_synced_at_id_idx";

CREATE INDEX "crm_mapping_by_erp_name" ON "crm_mapping"
  ("connection_id", "type", (left(lower("erp_name"), 120) COLLATE "C"), "id") WHERE "removed_at" IS NULL;
-- ERP keys are integers as text: padded, so that 9 comes before 10.
CREATE INDEX "crm_mapping_by_erp_key" ON "crm_mapping"
  ("connection_id", "type", (lpad("erp_key", greatest(20, length("erp_key")), '0') COLLATE "C"), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_by_crm_name" ON "crm_mapping"
  ("connection_id", "type", (left(lower("crm_name"), 120) COLLATE "C"), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_by_crm_id" ON "crm_mapping"
  ("connection_id", "type", (left(lower("crm_id"), 120) COLLATE "C"), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_by_matched_by" ON "crm_mapping"
  ("connection_id", "type", (CASE "matched_by" WHEN 'adopted' THEN 1 WHEN 'created' THEN 2 WHEN 'name' THEN 3 ELSE 4 END), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_by_last_synced" ON "crm_mapping"
  ("connection_id", "type", (coalesce("last_synced_at", '-infinity'::timestamptz)), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_by_person" ON "crm_mapping"
  ("connection_id", "type", (left(lower("created_by"), 120) COLLATE "C"), "id") WHERE "removed_at" IS NULL;
CREATE INDEX "crm_mapping_removed_rows" ON "crm_mapping"
  ("connection_id", "type", (left(lower("erp_name"), 120) COLLATE "C"), "id") WHERE "removed_at" IS NOT NULL;
CREATE INDEX "crm_mapping_search" ON "crm_mapping" USING gin
  (("erp_name" || ' ' || "erp_key" || ' ' || "crm_name" || ' ' || "crm_id") gin_trgm_ops);

CREATE INDEX "match_finding_by_erp_name" ON "match_finding"
  ("connection_id", "type", "kind", (left(lower("erp_name"), 120) COLLATE "C"), ("erp_key" COLLATE "C"));
CREATE INDEX "match_finding_search" ON "match_finding" USING gin
  (("erp_name" || ' ' || "erp_key") gin_trgm_ops);

-- Pairing by hand searches the CRM side.
CREATE INDEX "crm_record_search" ON "crm_record" USING gin
  (("name" || ' ' || coalesce("long_name", '') || ' ' || "id") gin_trgm_ops) WHERE "gone_at" IS NULL;

-- A filter that few lines pass must not walk millions of others.
CREATE INDEX "integration_log_by_method" ON "integration_log_entry" ("connection_id", "method", "at" DESC, "id" DESC);
CREATE INDEX "integration_log_by_severity" ON "integration_log_entry" ("connection_id", "severity", "at" DESC, "id" DESC)
  WHERE "severity" <> 'info';
CREATE INDEX "integration_log_by_type" ON "integration_log_entry" ("connection_id", "type", "at" DESC, "id" DESC)
  WHERE "type" IS NOT NULL;
CREATE INDEX "integration_log_by_code" ON "integration_log_entry" ("connection_id", "code", "at" DESC, "id" DESC)
  WHERE "code" IS NOT NULL;
CREATE INDEX "integration_log_by_record" ON "integration_log_entry" ("connection_id", "erp_key", "at" DESC, "id" DESC)
  WHERE "erp_key" IS NOT NULL;
CREATE INDEX "integration_log_search" ON "integration_log_entry" USING gin
  ((coalesce("erp_name", '') || ' ' || coalesce("erp_key", '') || ' ' || coalesce("crm_id", '') || ' ' || "message") gin_trgm_ops);
