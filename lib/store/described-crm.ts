import type { Prisma } from '#generated/client'
import type { CrmDescription } from '#lib/sync/ports'
import { type Database, database } from './database.ts'

/** What the CRM of a connection said of itself when a run last checked it: screens decide by it without asking again. */
export interface DescribedCrm {
  readonly description: CrmDescription
  readonly describedAt: Date
}

export async function storeDescribedCrm(
  tx: Database,
  connectionId: string,
  description: CrmDescription,
): Promise<void> {
  const content = { description: description as unknown as Prisma.InputJsonValue, describedAt: new Date() }
  await tx.describedCrm.upsert({
    where: { connectionId },
    create: { connectionId, ...content },
    update: content,
  })
}

/** `null`: no run has got as far as asking yet. */
export async function findDescribedCrm(connectionId: string, tx: Database = database()): Promise<DescribedCrm | null> {
  const row = await tx.describedCrm.findUnique({ where: { connectionId } })
  // The JSON is written by this module alone, from the very type it is read back as.
  return row && { description: row.description as unknown as CrmDescription, describedAt: row.describedAt }
}
