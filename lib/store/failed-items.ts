import { Prisma } from '#generated/client'
import { problemCodes } from '#lib/sync/problems'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import type { RunScope } from './runs.ts'

/** Which of a run's failed records are meant; every part that is given must hold. */
export interface FailedChoice {
  readonly code?: string
  readonly record?: RecordName
}

/** One record by the key of the side that has it; `crm`: it is not in the ERP yet. */
export interface RecordName {
  readonly type: RecordType
  readonly side: 'erp' | 'crm'
  readonly key: string
}

export interface FailedTally {
  readonly code: string
  readonly records: number
}

// A create that its run ended without an answer to has failed for that run; it has no code of its own in its row.
const FAILED = Prisma.sql`(outcome = 'failed' OR state = 'sending')`
const CODE = Prisma.sql`coalesce(problem_code, ${problemCodes.answerLost})`

/** The records of a finished run that failed, as the scope of a run that sends them again. `records`: how many. */
export async function findFailedRecords(
  runId: string,
  choice: FailedChoice = {},
): Promise<{ readonly scope: RunScope; readonly records: number }> {
  const { code, record } = choice
  const rows = await database().$queryRaw<{ type: RecordType; erpKey: string; crmId: string | null }[]>`
    SELECT DISTINCT type::text AS type, erp_key AS "erpKey", CASE WHEN erp_key = '' THEN crm_id END AS "crmId"
      FROM sync_item
     WHERE run_id = ${runId}::uuid AND ${FAILED}
       ${code === undefined ? Prisma.empty : Prisma.sql`AND ${CODE} = ${code}`}
       ${record === undefined ? Prisma.empty : isRecord(record)}
     ORDER BY 1, 2, 3`
  return { scope: toScope(rows), records: rows.length }
}

/** How many records of a finished run failed, by problem. */
export async function tallyFailedRecords(runId: string): Promise<FailedTally[]> {
  return database().$queryRaw<FailedTally[]>`
    SELECT ${CODE} AS code, count(DISTINCT (type, erp_key, CASE WHEN erp_key = '' THEN crm_id END))::int AS records
      FROM sync_item WHERE run_id = ${runId}::uuid AND ${FAILED} GROUP BY 1 ORDER BY 1`
}

function isRecord({ type, side, key }: RecordName): Prisma.Sql {
  return side === 'erp'
    ? Prisma.sql`AND type = ${type}::record_type AND erp_key = ${key}`
    : Prisma.sql`AND type = ${type}::record_type AND erp_key = '' AND crm_id = ${key}`
}

function toScope(rows: readonly { type: RecordType; erpKey: string; crmId: string | null }[]): RunScope {
  const types = RECORD_TYPES.filter((type) => rows.some((row) => row.type === type))
  return Object.fromEntries(
    types.map((type) => {
      const ofType = rows.filter((row) => row.type === type)
      const erp = ofType.filter((row) => row.erpKey !== '').map((row) => row.erpKey)
      return [type, { erp, crm: ofType.flatMap((row) => row.crmId ?? []) }]
    }),
  )
}
