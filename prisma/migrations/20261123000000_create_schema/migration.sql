-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('viewer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "record_type" AS ENUM ('employee', 'client', 'contact', 'project');

-- CreateEnum
CREATE TYPE "side" AS ENUM ('erp', 'crm');

-- CreateEnum
CREATE TYPE "connection_origin" AS ENUM ('sandbox', 'environment', 'screen');

-- CreateEnum
CREATE TYPE "totals_policy" AS ENUM ('each_run', 'nightly', 'never');

-- CreateEnum
CREATE TYPE "no_match_policy" AS ENUM ('leave', 'create');

-- CreateEnum
CREATE TYPE "conflict_policy" AS ENUM ('erp_wins', 'crm_wins', 'newest_wins', 'ask');

-- CreateEnum
CREATE TYPE "numbering" AS ENUM ('detect', 'on', 'off');

-- CreateEnum
CREATE TYPE "run_trigger" AS ENUM ('manual', 'automatic', 'api', 'cli');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('queued', 'running', 'completed', 'completed_with_errors', 'more_batches', 'failed', 'cancelled', 'previewed');

-- CreateEnum
CREATE TYPE "item_action" AS ENUM ('create', 'update');

-- CreateEnum
CREATE TYPE "item_state" AS ENUM ('planned', 'sending', 'done', 'failed', 'left');

-- CreateEnum
CREATE TYPE "matched_by" AS ENUM ('name', 'person', 'created', 'adopted');

-- CreateEnum
CREATE TYPE "finding_kind" AS ENUM ('no_match', 'ambiguous', 'suggested');

-- CreateEnum
CREATE TYPE "severity" AS ENUM ('info', 'warning', 'error');

-- CreateTable
CREATE TABLE "installation" (
    "id" UUID NOT NULL,
    "setup_token_hash" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "origin" "connection_origin" NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "is_current" BOOLEAN NOT NULL DEFAULT false,
    "erp_name" TEXT NOT NULL DEFAULT 'Ajera',
    "crm_name" TEXT NOT NULL DEFAULT 'Vantagepoint',
    "credentials" JSONB NOT NULL DEFAULT '{}',
    "batch_size" INTEGER NOT NULL DEFAULT 500,
    "no_match_policy" "no_match_policy" NOT NULL DEFAULT 'leave',
    "conflict_policy" "conflict_policy" NOT NULL DEFAULT 'erp_wins',
    "project_totals" "totals_policy" NOT NULL DEFAULT 'each_run',
    "erp_rate" DECIMAL(8,2) DEFAULT 9,
    "crm_rate" DECIMAL(8,2),
    "erp_concurrency" INTEGER NOT NULL DEFAULT 4,
    "crm_concurrency" INTEGER NOT NULL DEFAULT 4,
    "grace_seconds" INTEGER NOT NULL DEFAULT 120,
    "external_key_field" TEXT NOT NULL DEFAULT 'CustAjeraKey',
    "default_template" TEXT,
    "auto_numbering" "numbering" NOT NULL DEFAULT 'detect',
    "full_read_every" INTEGER NOT NULL DEFAULT 24,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "watermark" (
    "connection_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "type" "record_type" NOT NULL,
    "value" TIMESTAMPTZ(6),
    "runs_since_full" INTEGER NOT NULL DEFAULT 0,
    "full_read_at" TIMESTAMPTZ,

    CONSTRAINT "watermark_pkey" PRIMARY KEY ("connection_id","side","type")
);

-- CreateTable
CREATE TABLE "project" (
    "connection_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "totals" JSONB,
    "totals_hash" TEXT NOT NULL DEFAULT '',
    "totals_read_at" TIMESTAMPTZ,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "closed" BOOLEAN NOT NULL DEFAULT false,
    "sync_to_crm" BOOLEAN NOT NULL,
    "create_in_crm" BOOLEAN NOT NULL DEFAULT false,
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateTable
CREATE TABLE "client" (
    "connection_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "client_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateTable
CREATE TABLE "contact" (
    "connection_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateTable
CREATE TABLE "employee" (
    "connection_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "employee_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateTable
CREATE TABLE "crm_record" (
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "long_name" TEXT,
    "external_key" TEXT,
    "sync_flag" BOOLEAN NOT NULL DEFAULT false,
    "fields" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "modified_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6),
    "seen_in_run" UUID,
    "read_at" TIMESTAMPTZ NOT NULL,
    "gone_at" TIMESTAMPTZ,

    CONSTRAINT "crm_record_pkey" PRIMARY KEY ("connection_id","type","id")
);

-- CreateTable
CREATE TABLE "crm_mapping" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "erp_key" TEXT NOT NULL,
    "erp_name" TEXT NOT NULL,
    "crm_id" TEXT NOT NULL,
    "crm_name" TEXT NOT NULL,
    "matched_by" "matched_by" NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_in_run" UUID,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "base" JSONB,
    "pins" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "settled_erp_hash" TEXT,
    "settled_crm_hash" TEXT,
    "sync_override" BOOLEAN,
    "overridden_flag" BOOLEAN,
    "external_key_sent" BOOLEAN NOT NULL DEFAULT false,
    "last_synced_at" TIMESTAMPTZ,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_problem" TEXT,
    "warned" JSONB NOT NULL DEFAULT '{}',
    "failed_in_drain" UUID,
    "removed_at" TIMESTAMPTZ,
    "removed_by" TEXT,
    "removed_cause" TEXT,

    CONSTRAINT "crm_mapping_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "match_finding" (
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "erp_key" TEXT NOT NULL,
    "erp_name" TEXT NOT NULL,
    "kind" "finding_kind" NOT NULL,
    "crm_ids" TEXT[],
    "erp_keys" TEXT[],
    "first_run_id" UUID NOT NULL,
    "last_run_id" UUID NOT NULL,
    "found_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "match_finding_pkey" PRIMARY KEY ("connection_id","type","erp_key")
);

-- CreateTable
CREATE TABLE "never_match" (
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "erp_key" TEXT NOT NULL,
    "crm_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "never_match_pkey" PRIMARY KEY ("connection_id","type","erp_key","crm_id")
);

-- CreateTable
CREATE TABLE "sync_run" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "trigger" "run_trigger" NOT NULL,
    "started_by" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "drain_id" UUID NOT NULL,
    "continues_run_id" UUID,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "phase" TEXT NOT NULL DEFAULT 'preflight',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "heartbeat_at" TIMESTAMPTZ,
    "got_further_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resume_at" TIMESTAMPTZ,
    "cancel_requested_at" TIMESTAMPTZ,
    "cancel_requested_by" TEXT,
    "counters" JSONB NOT NULL DEFAULT '{}',
    "checkpoint" JSONB NOT NULL DEFAULT '{}',
    "progress" JSONB NOT NULL DEFAULT '{}',
    "batch_size" INTEGER NOT NULL,
    "batches_done" INTEGER NOT NULL DEFAULT 0,
    "batches_planned" INTEGER NOT NULL DEFAULT 0,
    "remaining_projects" INTEGER NOT NULL DEFAULT 0,
    "remaining_runs" INTEGER NOT NULL DEFAULT 0,
    "api_calls" JSONB NOT NULL DEFAULT '{}',
    "message" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "sync_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_item" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "erp_key" TEXT NOT NULL,
    "erp_name" TEXT NOT NULL,
    "crm_id" TEXT,
    "action" "item_action" NOT NULL,
    "state" "item_state" NOT NULL DEFAULT 'planned',
    "batch" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL,
    "intent_key" TEXT,
    "intent_at" TIMESTAMPTZ,
    "sends" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "problem_code" TEXT,
    "message" TEXT,
    "changes" JSONB NOT NULL DEFAULT '[]',
    "settled_at" TIMESTAMPTZ,

    CONSTRAINT "sync_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration_log_entry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "connection_id" UUID NOT NULL,
    "run_id" UUID,
    "severity" "severity" NOT NULL,
    "code" TEXT,
    "method" TEXT NOT NULL,
    "type" "record_type",
    "erp_key" TEXT,
    "erp_name" TEXT,
    "crm_id" TEXT,
    "message" TEXT NOT NULL,
    "details" JSONB,

    CONSTRAINT "integration_log_entry_pkey" PRIMARY KEY ("at","id")
) PARTITION BY RANGE ("at");

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "role" "role" NOT NULL,
    "disabled_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ,

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "prev_hash" TEXT,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "throttle_counter" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "throttle_counter_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "connection_fingerprint_key" ON "connection"("fingerprint");

-- CreateIndex
CREATE INDEX "crm_mapping_connection_id_type_erp_name_id_idx" ON "crm_mapping"("connection_id", "type", "erp_name", "id");

-- CreateIndex
CREATE INDEX "crm_mapping_connection_id_type_crm_name_id_idx" ON "crm_mapping"("connection_id", "type", "crm_name", "id");

-- CreateIndex
CREATE INDEX "crm_mapping_connection_id_type_last_synced_at_id_idx" ON "crm_mapping"("connection_id", "type", "last_synced_at", "id");

-- CreateIndex
CREATE INDEX "sync_run_connection_id_created_at_idx" ON "sync_run"("connection_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "sync_item_run_id_type_position_idx" ON "sync_item"("run_id", "type", "position");

-- CreateIndex
CREATE INDEX "sync_item_connection_id_type_erp_key_id_idx" ON "sync_item"("connection_id", "type", "erp_key", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sync_item_run_id_type_erp_key_key" ON "sync_item"("run_id", "type", "erp_key");

-- CreateIndex
CREATE INDEX "integration_log_entry_connection_id_at_id_idx" ON "integration_log_entry"("connection_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "integration_log_entry_run_id_at_id_idx" ON "integration_log_entry"("run_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE INDEX "user_session_user_id_idx" ON "user_session"("user_id");

-- AddForeignKey
ALTER TABLE "watermark" ADD CONSTRAINT "watermark_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crm_mapping" ADD CONSTRAINT "crm_mapping_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_run" ADD CONSTRAINT "sync_run_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_item" ADD CONSTRAINT "sync_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- One open run per connection, held by the database and not by code (sync-rules §2.1).
CREATE UNIQUE INDEX "sync_run_one_open" ON "sync_run" ("connection_id") WHERE "state" IN ('queued', 'running');

-- Living pairs are one to one (sync-rules §4.7); removed ones stay as history.
CREATE UNIQUE INDEX "crm_mapping_living_erp" ON "crm_mapping" ("connection_id", "type", "erp_key") WHERE "removed_at" IS NULL;
CREATE UNIQUE INDEX "crm_mapping_living_crm" ON "crm_mapping" ("connection_id", "type", "crm_id") WHERE "removed_at" IS NULL;

CREATE UNIQUE INDEX "connection_one_current" ON "connection" ("is_current") WHERE "is_current";

-- Creates whose answer is not known yet: the next run asks for them first.
CREATE INDEX "sync_item_open_intents" ON "sync_item" ("connection_id") WHERE "state" = 'sending';

ALTER TABLE "connection"
  ADD CONSTRAINT "connection_batch_size" CHECK ("batch_size" BETWEEN 1 AND 10000),
  ADD CONSTRAINT "connection_concurrency" CHECK ("erp_concurrency" BETWEEN 1 AND 16 AND "crm_concurrency" BETWEEN 1 AND 16),
  ADD CONSTRAINT "connection_rates" CHECK (("erp_rate" IS NULL OR "erp_rate" > 0) AND ("crm_rate" IS NULL OR "crm_rate" > 0)),
  ADD CONSTRAINT "connection_grace" CHECK ("grace_seconds" BETWEEN 0 AND 3600);
ALTER TABLE "sync_run"
  ADD CONSTRAINT "sync_run_finished" CHECK (("state" IN ('queued', 'running')) = ("finished_at" IS NULL));
ALTER TABLE "crm_mapping"
  ADD CONSTRAINT "crm_mapping_removed" CHECK (("removed_at" IS NULL) = ("removed_cause" IS NULL));
ALTER TABLE "user_account"
  ADD CONSTRAINT "user_account_email_lower" CHECK ("email" = lower("email"));

-- The Integration Log, a partition a month. Lines outside every month land in the default partition.
CREATE TABLE "integration_log_default" PARTITION OF "integration_log_entry" DEFAULT;
CREATE FUNCTION ensure_log_partition(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  name text := 'integration_log_' || to_char(first, 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF integration_log_entry FOR VALUES FROM (%L) TO (%L)',
      name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  END IF;
EXCEPTION WHEN check_violation THEN
  -- Lines of that month lie in the default partition already: it goes on serving the month.
  NULL;
END $$;

-- The audit trail is append-only.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit trail is append-only.';
END $$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
