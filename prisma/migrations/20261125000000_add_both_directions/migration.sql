-- CreateEnum
CREATE TYPE "run_kind" AS ENUM ('sync', 'preview', 'apply', 'retry', 'undo');

-- CreateEnum
CREATE TYPE "item_direction" AS ENUM ('to_crm', 'to_erp');

-- CreateEnum
CREATE TYPE "plan_state" AS ENUM ('open', 'approved', 'applied', 'discarded');

-- CreateEnum
CREATE TYPE "conflict_state" AS ENUM ('open', 'decided', 'closed');

-- CreateEnum
CREATE TYPE "field_owner" AS ENUM ('erp', 'crm', 'shared', 'create');

-- AlterEnum
ALTER TYPE "item_action" ADD VALUE 'map';
ALTER TYPE "item_action" ADD VALUE 'unmap';

-- AlterEnum
ALTER TYPE "record_type" ADD VALUE 'vendor' BEFORE 'contact';

-- DropIndex
DROP INDEX "sync_item_run_id_type_erp_key_key";

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "second_approver" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "sync_item" ADD COLUMN     "crm_hash" TEXT,
ADD COLUMN     "direction" "item_direction" NOT NULL DEFAULT 'to_crm',
ADD COLUMN     "erp_hash" TEXT,
ADD COLUMN     "included" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "pairing" JSONB,
ADD COLUMN     "prior_outcome" TEXT;

-- AlterTable
ALTER TABLE "sync_run" ADD COLUMN     "brake_reason" TEXT,
ADD COLUMN     "kind" "run_kind" NOT NULL DEFAULT 'sync',
ADD COLUMN     "plan_id" UUID,
ADD COLUMN     "scope" JSONB,
ADD COLUMN     "source_run_id" UUID;

-- AlterTable
ALTER TABLE "watermark" ADD COLUMN     "keys_read_at" TIMESTAMPTZ;

-- CreateTable
CREATE TABLE "vendor" (
    "connection_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "vendor_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "state" "plan_state" NOT NULL DEFAULT 'open',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ,
    "applied_run_id" UUID,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "field_conflict" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "erp_key" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "base" TEXT,
    "erp_value" TEXT,
    "crm_value" TEXT,
    "state" "conflict_state" NOT NULL DEFAULT 'open',
    "opened_in_run" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decision" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,

    CONSTRAINT "field_conflict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "field_map_entry" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "position" INTEGER NOT NULL,
    "erp" TEXT NOT NULL,
    "crm" TEXT NOT NULL,
    "owner" "field_owner" NOT NULL,
    "transform" JSONB NOT NULL,
    "label" TEXT NOT NULL,
    "role" TEXT,
    "only_if_empty" BOOLEAN NOT NULL DEFAULT false,
    "constant" TEXT,

    CONSTRAINT "field_map_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "value_map_entry" (
    "entry_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "from_value" TEXT NOT NULL,
    "to_value" TEXT NOT NULL,

    CONSTRAINT "value_map_entry_pkey" PRIMARY KEY ("entry_id","from_value")
);

-- CreateIndex
CREATE UNIQUE INDEX "plan_run_id_key" ON "plan"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_applied_run_id_key" ON "plan"("applied_run_id");

-- CreateIndex
CREATE INDEX "plan_connection_id_created_at_idx" ON "plan"("connection_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "field_map_entry_connection_id_type_crm_key" ON "field_map_entry"("connection_id", "type", "crm");

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "field_conflict" ADD CONSTRAINT "field_conflict_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "field_map_entry" ADD CONSTRAINT "field_map_entry_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "value_map_entry" ADD CONSTRAINT "value_map_entry_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "field_map_entry"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A record stands once in a run for each direction: by its ERP key, or, where it is new in the ERP, by its CRM id. The
-- id of a record that is new in the CRM is filled in later, so it takes no part.
CREATE UNIQUE INDEX "sync_item_once" ON "sync_item"
  ("run_id", "type", "direction", "erp_key", (CASE WHEN "erp_key" = '' THEN "crm_id" ELSE '' END));

-- One open question for each field of a pair; closed ones are its history.
CREATE UNIQUE INDEX "field_conflict_one_open" ON "field_conflict" ("connection_id", "type", "erp_key", "field")
  WHERE "state" <> 'closed';
CREATE INDEX "field_conflict_by_record" ON "field_conflict" ("connection_id", "type", "erp_key", "opened_at" DESC);

ALTER TABLE "plan"
  ADD CONSTRAINT "plan_approved" CHECK ("state" NOT IN ('approved', 'applied') OR "approved_by" IS NOT NULL),
  ADD CONSTRAINT "plan_applied" CHECK (("state" = 'applied') = ("applied_run_id" IS NOT NULL));
ALTER TABLE "field_conflict"
  ADD CONSTRAINT "field_conflict_decided" CHECK ("state" <> 'decided' OR "decided_by" IS NOT NULL),
  ADD CONSTRAINT "field_conflict_closed" CHECK (("state" = 'closed') = ("closed_at" IS NOT NULL));
ALTER TABLE "sync_run"
  ADD CONSTRAINT "sync_run_kind" CHECK (("kind" = 'apply') = ("plan_id" IS NOT NULL)
    AND ("kind" NOT IN ('undo', 'retry') OR "source_run_id" IS NOT NULL)),
  ADD CONSTRAINT "sync_run_brake_reason" CHECK ("brake_reason" IS NULL OR length(trim("brake_reason")) >= 3);
-- The runs that were made from a run: its undo, its retries.
CREATE INDEX "sync_run_by_source" ON "sync_run" ("source_run_id") WHERE "source_run_id" IS NOT NULL;
