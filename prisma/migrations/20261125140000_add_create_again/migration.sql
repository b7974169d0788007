-- A record whose CRM record is gone waits for a person, who may have it created again (docs/decisions/0010).
-- AlterTable
ALTER TABLE "crm_mapping" ADD COLUMN     "create_again_at" TIMESTAMPTZ,
ADD COLUMN     "create_again_by" TEXT;

ALTER TABLE "crm_mapping"
  ADD CONSTRAINT "crm_mapping_create_again" CHECK (("create_again_at" IS NULL) = ("create_again_by" IS NULL)
    AND ("create_again_at" IS NULL OR "removed_at" IS NOT NULL));

-- Which pairs a record was in before: shown beside it, and asked of every unpaired record in each run.
CREATE INDEX "crm_mapping_removed_by_key" ON "crm_mapping" ("connection_id", "type", "erp_key", "removed_at" DESC)
  WHERE "removed_at" IS NOT NULL;
