-- AlterTable
ALTER TABLE "mail_server" ADD COLUMN     "password_ends_in" TEXT;

-- CreateIndex
CREATE INDEX "notification_alert_id_idx" ON "notification"("alert_id");

-- What is to be sent stays as quick to find as on the first day, however long the history.
CREATE INDEX "notification_waiting" ON "notification" ("due_at") WHERE "state" = 'waiting';
