-- A project that was paired in a run has its switch turned on in the ERP (`map`), and may have fields written there in
-- the same run (`update`): two items of one record in one direction.
DROP INDEX "sync_item_once";
CREATE UNIQUE INDEX "sync_item_once" ON "sync_item"
  ("run_id", "type", "direction", "action", "erp_key", (CASE WHEN "erp_key" = '' THEN "crm_id" ELSE '' END));
