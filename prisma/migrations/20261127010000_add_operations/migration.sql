-- CreateEnum
CREATE TYPE "alert_kind" AS ENUM ('run_failed', 'finished_with_errors', 'backlog_waiting', 'nothing_ran', 'brake_pulled', 'credentials_refused', 'drift', 'waiting_for_system');

-- CreateEnum
CREATE TYPE "channel_kind" AS ENUM ('email', 'webhook');

-- CreateEnum
CREATE TYPE "delivery_mode" AS ENUM ('each', 'digest');

-- CreateEnum
CREATE TYPE "message_kind" AS ENUM ('broken', 'recovered', 'digest', 'test');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('waiting', 'sent', 'failed');

-- AlterEnum
ALTER TYPE "run_kind" ADD VALUE 'reconcile';

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "crm_daily_calls" INTEGER,
ADD COLUMN     "drift_percent" INTEGER NOT NULL DEFAULT 5,
ADD COLUMN     "erp_daily_calls" INTEGER;

-- AlterTable
ALTER TABLE "sync_run" ADD COLUMN     "park_reason" TEXT,
ADD COLUMN     "parked_since" TIMESTAMPTZ,
ADD COLUMN     "parkings" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "pause_requested_at" TIMESTAMPTZ,
ADD COLUMN     "pause_requested_by" TEXT;

-- CreateTable
CREATE TABLE "schedule" (
    "connection_id" UUID NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "cadence" JSONB NOT NULL,
    "time_zone" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "quiet_hours" JSONB NOT NULL DEFAULT '[]',
    "maintenance" JSONB NOT NULL DEFAULT '[]',
    "next_at" TIMESTAMPTZ,
    "last_fired_at" TIMESTAMPTZ,
    "last_run_id" UUID,
    "reconcile_time" TEXT,
    "reconcile_next_at" TIMESTAMPTZ,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "api_usage" (
    "connection_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "day" DATE NOT NULL,
    "calls" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "api_usage_pkey" PRIMARY KEY ("connection_id","side","day")
);

-- CreateTable
CREATE TABLE "drift_point" (
    "run_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "type" "record_type" NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "compared" INTEGER NOT NULL,
    "differing" INTEGER NOT NULL,
    "missing" INTEGER NOT NULL,

    CONSTRAINT "drift_point_pkey" PRIMARY KEY ("run_id","type")
);

-- CreateTable
CREATE TABLE "mail_server" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "secure" BOOLEAN NOT NULL,
    "username" TEXT,
    "sealed_password" TEXT,
    "sender" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "mail_server_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_channel" (
    "id" UUID NOT NULL,
    "kind" "channel_kind" NOT NULL,
    "target" TEXT NOT NULL,
    "sealed_secret" TEXT,
    "alert_kinds" "alert_kind"[],
    "mode" "delivery_mode" NOT NULL DEFAULT 'each',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "kind" "alert_kind" NOT NULL,
    "run_id" UUID,
    "message" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recovered_at" TIMESTAMPTZ,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "alert_id" UUID,
    "kind" "message_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "drift_point_connection_id_at_idx" ON "drift_point"("connection_id", "at" DESC);

-- CreateIndex
CREATE INDEX "alert_connection_id_opened_at_idx" ON "alert"("connection_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "notification_created_at_idx" ON "notification"("created_at" DESC);

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_usage" ADD CONSTRAINT "api_usage_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drift_point" ADD CONSTRAINT "drift_point_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "notification_channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What is wrong is told once, until it recovers.
CREATE UNIQUE INDEX "alert_one_open_per_kind" ON "alert" ("connection_id", "kind") WHERE "recovered_at" IS NULL;

-- One mail server per installation.
ALTER TABLE "mail_server" ADD CONSTRAINT "mail_server_one_row" CHECK ("id" = 1);
