import type { Fields, RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import type { MatchedBy } from './views-mapping.ts'

/** A record as a person asks for it: by the key of either side. */
export type RecordKey = { readonly erpKey: string } | { readonly crmId: string }

/** A pair that a record is or was in. */
export interface RecordPair {
  readonly id: string
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
  readonly matchedBy: MatchedBy
  readonly createdBy: string
  readonly createdAt: Date
  readonly createdInRun: string | null
  readonly lastSyncedAt: Date | null
  readonly attempts: number
  readonly lastProblem: string | null
  readonly failedInDrain: string | null
  readonly base: Fields | null
  readonly pins: readonly string[]
  readonly syncOverride: boolean | null
  readonly overriddenFlag: boolean | null
  readonly removedAt: Date | null
  readonly removedBy: string | null
  readonly removedCause: string | null
  /** A person wants the record created again in the CRM (docs/decisions/0010). */
  readonly createAgainAt: Date | null
}

const MOST_SHOWN = 50

/** Every pair of a record, the living one first, then the latest; of very many the latest fifty. */
export async function findRecordPairs(connectionId: string, type: RecordType, key: RecordKey): Promise<RecordPair[]> {
  const rows = await database().crmMapping.findMany({
    where: { connectionId, type, ...key },
    orderBy: [{ removedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    take: MOST_SHOWN,
    select: {
      id: true,
      erpKey: true,
      erpName: true,
      crmId: true,
      crmName: true,
      matchedBy: true,
      createdBy: true,
      createdAt: true,
      createdInRun: true,
      lastSyncedAt: true,
      attempts: true,
      lastProblem: true,
      failedInDrain: true,
      base: true,
      pins: true,
      syncOverride: true,
      overriddenFlag: true,
      removedAt: true,
      removedBy: true,
      removedCause: true,
      createAgainAt: true,
    },
  })
  // The base is written by lib/store/mappings.ts alone, from the very type it is read back as.
  return rows.map((row) => ({ ...row, base: row.base as Record<string, string | null> | null }))
}
