-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "list_lag_milliseconds" INTEGER;
