import type { RunStatus } from '#lib/sync/run-state'
import type { UndoFacts } from '#lib/sync/undo-rule'
import { type Database, database } from './database.ts'
import { leftToUndo, wroteOrCreated } from './undo.ts'

/** What decides whether a run can be undone; `null`: there is no such run. */
export async function findUndoFacts(runId: string): Promise<(UndoFacts & { readonly connectionId: string }) | null> {
  const run = await database().syncRun.findUnique({
    where: { id: runId },
    select: { connectionId: true, kind: true, finishedAt: true },
  })
  if (!run) return null
  const { connectionId, kind } = run
  const another = await database().syncRun.findFirst({
    where: { connectionId, finishedAt: null, id: { not: runId } },
    select: { id: true },
  })
  const undos = await findUndosOf(runId)
  return {
    connectionId,
    kind: kind === 'reconcile' ? 'preview' : kind,
    isOpen: run.finishedAt === null,
    isAnotherGoing: another !== null,
    undos: undos.map((undo) => undo.status),
    isAnythingLeft: await isAnythingLeft(runId),
  }
}

/** The undos of a run, newest first; one without a status is going. */
export async function findUndosOf(
  runId: string,
): Promise<{ readonly id: string; readonly status: RunStatus | null }[]> {
  const rows = await database().syncRun.findMany({
    where: { sourceRunId: runId, kind: 'undo' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, state: true },
  })
  return rows.map(({ id, state }) => ({ id, status: state === 'queued' || state === 'running' ? null : state }))
}

export async function hasCompletedUndo(tx: Database, sourceRunId: string): Promise<boolean> {
  const where = { sourceRunId, kind: 'undo', state: 'completed' } as const
  return (await tx.syncRun.findFirst({ where, select: { id: true } })) !== null
}

async function isAnythingLeft(runId: string): Promise<boolean> {
  const rows = await database().$queryRaw<{ found: boolean }[]>`
    SELECT (EXISTS (SELECT 1 FROM sync_item i WHERE ${leftToUndo(runId)})
         OR EXISTS (SELECT 1 FROM crm_mapping WHERE created_in_run = ${runId}::uuid AND removed_at IS NULL)) AS found`
  return rows[0]?.found === true
}

/** How much there is to undo of a run, for the person who is asked (sync-rules §12). */
export interface UndoScope {
  /** Records with fields written in the CRM, and in the ERP; one written on both sides counts in each. */
  readonly crmRecords: number
  readonly erpRecords: number
  /** Living pairs that the run added. */
  readonly pairs: number
  /** Records that the run created; they stay. */
  readonly crmCreated: number
  readonly erpCreated: number
}

export async function countUndoScope(runId: string): Promise<UndoScope> {
  const rows = await database().$queryRaw<Omit<UndoScope, 'pairs'>[]>`
    SELECT (count(DISTINCT (i.type, i.erp_key)) FILTER (WHERE i.direction = 'to_crm' AND ${wroteOrCreated('wrote')}))::int AS "crmRecords",
           (count(DISTINCT (i.type, i.erp_key)) FILTER (WHERE i.direction = 'to_erp' AND ${wroteOrCreated('wrote')}))::int AS "erpRecords",
           (count(*) FILTER (WHERE i.direction = 'to_crm' AND ${wroteOrCreated('created')}))::int AS "crmCreated",
           (count(*) FILTER (WHERE i.direction = 'to_erp' AND ${wroteOrCreated('created')}))::int AS "erpCreated"
      FROM sync_item i WHERE ${leftToUndo(runId)}`
  const pairs = await database().crmMapping.count({ where: { createdInRun: runId, removedAt: null } })
  return { crmRecords: 0, erpRecords: 0, crmCreated: 0, erpCreated: 0, ...rows[0], pairs }
}
