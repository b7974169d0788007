-- AlterTable
ALTER TABLE "sync_run" ADD COLUMN     "undo_pins" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "undo_reason" TEXT;

ALTER TABLE "sync_run"
  ADD CONSTRAINT "sync_run_undo_choices" CHECK ("kind" = 'undo' OR ("undo_reason" IS NULL AND NOT "undo_pins"));

-- A record stands once in a run for each direction, and once more where its Sync to CRM was turned on in the ERP: the
-- same run may have other fields of it to write there.
DROP INDEX "sync_item_once";
CREATE UNIQUE INDEX "sync_item_once" ON "sync_item"
  ("run_id", "type", "direction", "erp_key",
   (CASE WHEN "erp_key" = '' THEN "crm_id" WHEN "direction" = 'to_erp' AND "action" = 'map' THEN 'flag' ELSE '' END));

-- The pairs that a run added, for its undo.
CREATE INDEX "crm_mapping_added_in_run" ON "crm_mapping" ("created_in_run", "id")
  WHERE "created_in_run" IS NOT NULL AND "removed_at" IS NULL;
