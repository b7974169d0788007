-- A run for chosen records: those that failed in an earlier run, or one that a person picked, which has no such run.
ALTER TABLE "sync_run"
  DROP CONSTRAINT "sync_run_kind",
  ADD CONSTRAINT "sync_run_kind" CHECK (("kind" = 'apply') = ("plan_id" IS NOT NULL)
    AND ("kind" = 'retry') = ("scope" IS NOT NULL)
    AND ("kind" <> 'undo' OR "source_run_id" IS NOT NULL));
