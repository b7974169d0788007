import type { Prisma } from '#generated/client'
import type { RunOptions } from '#lib/sync/eligibility'
import { emptyCounts, type OutcomeCounts } from '#lib/sync/outcome'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import {
  OPEN_STATES,
  type RunCheckpoint,
  type RunKind,
  type RunProgress,
  type RunState,
  type RunTrigger,
} from './runs.ts'

export interface RunBatches {
  /** Projects a batch may hold. */
  readonly size: number
  readonly done: number
  readonly planned: number
  /** What was left for later runs; 0 when nothing was. */
  readonly remainingProjects: number
  readonly remainingRuns: number
}

/** A run that waits for a system, as people read it. */
export interface RunWaitView {
  /** A complete sentence. */
  readonly reason: string
  /** ISO 8601 UTC. */
  readonly since: string
  readonly nextTryAt: string
}

/** What changes while a run goes, and nothing else: cheap to read, safe to send as JSON. */
export interface RunProgressView {
  readonly id: string
  readonly kind: RunKind
  readonly state: RunState
  readonly phase: string
  readonly progress: RunProgress | null
  readonly counts: Readonly<Record<RecordType, OutcomeCounts>>
  readonly batches: RunBatches
  readonly apiCalls: { readonly erp: number; readonly crm: number }
  readonly cancelRequested: boolean
  readonly pausedBy: string | null
  /** Set while it waits for a system that is away. */
  readonly waiting: RunWaitView | null
  readonly message: string | null
  /** ISO 8601 UTC. */
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** All facts of one run that its page shows. */
export interface RunView extends RunProgressView {
  readonly connectionId: string
  readonly connectionName: string
  readonly erpName: string
  readonly crmName: string
  readonly sourceRunId: string | null
  readonly planId: string | null
  readonly brakeReason: string | null
  /** An undo: why a person wanted it, and whether the fields it put back were pinned (sync-rules §12). */
  readonly undoReason: string | null
  readonly undoPins: boolean
  readonly trigger: RunTrigger
  readonly startedBy: string
  readonly options: RunOptions
  readonly continuesRunId: string | null
  readonly cancelRequestedBy: string | null
  /** Types whose records were all matched by name, because the mapping table held none of them (sync-rules §4.1). */
  readonly firstTimeTypes: readonly RecordType[]
}

export interface BacklogView {
  readonly runId: string
  readonly projects: number
  readonly runs: number
  /** The sentence the run ended with. */
  readonly message: string | null
  /** The options the next run continues with (sync-rules §2.3). */
  readonly options: RunOptions
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Whether a run in this state still works or waits to; every other state is final. */
export function isOpenState(state: RunState): boolean {
  return OPEN_STATES.includes(state)
}

/** One run by id; `null` when there is none or when the text is no id at all. */
export async function findRunView(id: string): Promise<RunView | null> {
  if (!UUID.test(id)) return null
  const row = await database().syncRun.findUnique({ where: { id }, select: viewColumns })
  return row ? toRunView(row) : null
}

/** The latest runs of a connection, newest first. */
export async function lastRuns(connectionId: string, limit = 10): Promise<RunView[]> {
  const rows = await database().syncRun.findMany({
    where: { connectionId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: viewColumns,
  })
  return rows.map(toRunView)
}

/** The run of a connection that is queued or running; the database allows one at most (sync-rules §2.1). */
export async function findOpenRunView(connectionId: string): Promise<RunView | null> {
  const row = await database().syncRun.findFirst({
    where: { connectionId, state: { in: OPEN_STATES } },
    select: viewColumns,
  })
  return row ? toRunView(row) : null
}

/** The moving part of a run for the live stream: one look-up by primary key, a few hundred bytes. */
export async function runProgress(id: string): Promise<RunProgressView | null> {
  if (!UUID.test(id)) return null
  const row = await database().syncRun.findUnique({ where: { id }, select: progressColumns })
  return row ? toProgress(row) : null
}

/**
 * The projects that the newest finished sync left for the next one; `null` when it left none. Previews, plans, retries
 * and undos leave no backlog.
 */
export async function findBacklog(connectionId: string): Promise<BacklogView | null> {
  const row = await database().syncRun.findFirst({
    where: { connectionId, kind: 'sync', state: { notIn: OPEN_STATES } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, remainingProjects: true, remainingRuns: true, message: true, options: true },
  })
  if (!row || row.remainingProjects === 0) return null
  return {
    runId: row.id,
    projects: row.remainingProjects,
    runs: row.remainingRuns,
    message: row.message,
    options: toOptions(row.options),
  }
}

const progressColumns = {
  id: true,
  kind: true,
  state: true,
  phase: true,
  progress: true,
  counters: true,
  apiCalls: true,
  batchSize: true,
  batchesDone: true,
  batchesPlanned: true,
  remainingProjects: true,
  remainingRuns: true,
  cancelRequestedAt: true,
  pauseRequestedBy: true,
  resumeAt: true,
  parkedSince: true,
  parkReason: true,
  message: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
} satisfies Prisma.SyncRunSelect

const viewColumns = {
  ...progressColumns,
  connectionId: true,
  sourceRunId: true,
  planId: true,
  brakeReason: true,
  undoReason: true,
  undoPins: true,
  trigger: true,
  startedBy: true,
  options: true,
  continuesRunId: true,
  cancelRequestedBy: true,
  checkpoint: true,
  connection: { select: { name: true, erpName: true, crmName: true } },
} satisfies Prisma.SyncRunSelect

// The JSON columns are written by runs.ts alone; a run that has not begun has `{}` in each of them.
function toProgress(row: Prisma.SyncRunGetPayload<{ select: typeof progressColumns }>): RunProgressView {
  const apiCalls = row.apiCalls as { erp?: number; crm?: number }
  const progress = row.progress as Partial<RunProgress>
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    phase: row.phase,
    progress: progress.label ? { label: progress.label, done: progress.done ?? 0, of: progress.of ?? null } : null,
    counts: toCounts(row.counters),
    batches: {
      size: row.batchSize,
      done: row.batchesDone,
      planned: row.batchesPlanned,
      remainingProjects: row.remainingProjects,
      remainingRuns: row.remainingRuns,
    },
    apiCalls: { erp: apiCalls.erp ?? 0, crm: apiCalls.crm ?? 0 },
    cancelRequested: row.cancelRequestedAt !== null,
    pausedBy: row.pauseRequestedBy,
    waiting: toWait(row),
    message: row.message,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

function toWait(row: Prisma.SyncRunGetPayload<{ select: typeof progressColumns }>): RunWaitView | null {
  const { state, resumeAt, parkedSince, parkReason } = row
  if (state !== 'queued' || resumeAt === null || parkedSince === null) return null
  return {
    reason: parkReason ?? 'A system does not answer.',
    since: parkedSince.toISOString(),
    nextTryAt: resumeAt.toISOString(),
  }
}

function toRunView(row: Prisma.SyncRunGetPayload<{ select: typeof viewColumns }>): RunView {
  const firstTime = (row.checkpoint as Partial<RunCheckpoint>).firstTime ?? {}
  return {
    ...toProgress(row),
    connectionId: row.connectionId,
    connectionName: row.connection.name,
    erpName: row.connection.erpName,
    crmName: row.connection.crmName,
    sourceRunId: row.sourceRunId,
    planId: row.planId,
    brakeReason: row.brakeReason,
    undoReason: row.undoReason,
    undoPins: row.undoPins,
    trigger: row.trigger,
    startedBy: row.startedBy,
    options: toOptions(row.options),
    continuesRunId: row.continuesRunId,
    cancelRequestedBy: row.cancelRequestedBy,
    firstTimeTypes: RECORD_TYPES.filter((type) => firstTime[type] === true),
  }
}

function toOptions(json: Prisma.JsonValue): RunOptions {
  const stored = json as Partial<RunOptions>
  return {
    mapUnsynced: stored.mapUnsynced === true,
    whenNoMatch: stored.whenNoMatch === 'create' ? 'create' : 'leave',
    includeClosed: stored.includeClosed === true,
    allBatches: stored.allBatches === true,
    ...(stored.historicalConsultants === true ? { historicalConsultants: true } : {}),
    preview: stored.preview === true,
  }
}

/** Counters of every type, zeros for what the run has not come to. */
function toCounts(json: Prisma.JsonValue): Record<RecordType, OutcomeCounts> {
  const stored = json as Partial<Record<RecordType, OutcomeCounts>>
  return {
    employee: stored.employee ?? emptyCounts(),
    client: stored.client ?? emptyCounts(),
    vendor: stored.vendor ?? emptyCounts(),
    contact: stored.contact ?? emptyCounts(),
    project: stored.project ?? emptyCounts(),
  }
}
