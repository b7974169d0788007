import type { Prisma } from '#generated/client'
import type { Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import { isProblemCode } from '#lib/sync/problem-words'
import type { RecordType } from '#lib/sync/records'
import type { RunStatus } from '#lib/sync/run-state'
import type { WhyItem, WhyRun } from '#lib/sync/why'
import { database } from './database.ts'
import { findLastFinishedRun, findRun, type Run } from './runs.ts'

/** A record as items know it: by its ERP key, or by its CRM id while it is new in the ERP. */
export interface ItemSubject {
  readonly connectionId: string
  readonly type: RecordType
  readonly erpKey: string
  readonly crmId: string | null
}

/** The run that the question *why?* is about, with what it did with the record. */
export interface AskedRun {
  readonly run: Run
  readonly why: WhyRun
  readonly items: readonly WhyItem[]
}

/**
 * The last finished sync; or a later retry, applied plan or undo that dealt with this very record. `null`: no sync of the
 * connection has finished.
 */
export async function findAskedRun(subject: ItemSubject): Promise<AskedRun | null> {
  const sync = await findLastFinishedRun(subject.connectionId)
  const later = await findLaterRun(subject, sync)
  const run = later ?? sync
  if (!run) return null
  return { run, why: toWhyRun(run, subject.type), items: await findItems(run.id, subject) }
}

async function findLaterRun(subject: ItemSubject, sync: Run | null): Promise<Run | null> {
  const item = await database().syncItem.findFirst({
    where: {
      ...ofSubject(subject),
      run: {
        kind: { in: ['apply', 'retry', 'undo'] },
        finishedAt: { not: null },
        ...(sync ? { createdAt: { gt: sync.createdAt } } : {}),
      },
    },
    orderBy: { id: 'desc' },
    select: { runId: true },
  })
  return item ? findRun(item.runId) : null
}

async function findItems(runId: string, subject: ItemSubject): Promise<WhyItem[]> {
  const rows = await database().syncItem.findMany({
    where: { runId, ...ofSubject(subject) },
    select: { direction: true, outcome: true, problemCode: true, message: true, changes: true },
  })
  // The columns are written from the very types they are read back as.
  return rows.map((row) => ({
    direction: row.direction,
    outcome: row.outcome as Outcome | null,
    code: isProblemCode(row.problemCode) ? row.problemCode : null,
    message: row.message,
    changes: row.changes as unknown as readonly FieldChange[],
  }))
}

/** Where an item is about the record, in the columns of the index (connection, type, ERP key). */
export function ofSubject({ connectionId, type, erpKey, crmId }: ItemSubject): Prisma.SyncItemWhereInput {
  const own = erpKey === '' ? [] : [{ erpKey }]
  const asNew = crmId === null ? [] : [{ erpKey: '', crmId }]
  return { connectionId, type, OR: [...own, ...asNew] }
}

function toWhyRun(run: Run, type: RecordType): WhyRun {
  return {
    id: run.id,
    kind: run.kind === 'preview' || run.kind === 'reconcile' ? 'sync' : run.kind,
    status: run.state as RunStatus,
    options: run.options,
    firstTime: run.checkpoint.firstTime[type] === true,
    decidedType: run.checkpoint.done.includes(`plan:${type}`),
    remainingProjects: run.remainingProjects,
    remainingRuns: run.remainingRuns,
    message: run.message,
  }
}
