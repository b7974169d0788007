-- CreateTable
CREATE TABLE "described_crm" (
    "connection_id" UUID NOT NULL,
    "description" JSONB NOT NULL,
    "described_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "described_crm_pkey" PRIMARY KEY ("connection_id")
);

-- AddForeignKey
ALTER TABLE "described_crm" ADD CONSTRAINT "described_crm_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;
