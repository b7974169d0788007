import { randomUUIDv7 } from 'node:crypto'
import { Prisma } from '#generated/client'
import type { RunOptions } from '#lib/sync/eligibility'
import type { OutcomeCounts } from '#lib/sync/outcome'
import type { RecordType } from '#lib/sync/records'
import type { RunStatus } from '#lib/sync/run-state'
import { type Database, database, type Transaction } from './database.ts'

export type RunTrigger = 'manual' | 'automatic' | 'api' | 'cli'
/** `retry` also stands for a single record that a person sends again. Only a `sync` leaves or drains a backlog. */
export type RunKind = 'sync' | 'preview' | 'apply' | 'retry' | 'undo' | 'reconcile'

/** The only records a run touches, by type: ERP keys, and CRM ids of records that are not in the ERP yet. */
export type RunScope = Partial<Record<RecordType, { readonly erp: readonly string[]; readonly crm: readonly string[] }>>

export type RunState = 'queued' | 'running' | RunStatus
export type RunCounters = Partial<Record<RecordType, OutcomeCounts>>

/** What a resumed run must not decide or do a second time. */
export interface RunCheckpoint {
  /** Steps that are finished, e.g. `read-erp:project`, `match:client`, `plan:project`. */
  readonly done: readonly string[]
  /** sync-rules §4.1, decided once per run and type. */
  readonly firstTime: Partial<Record<RecordType, boolean>>
  /** How far the step that is going has come through a long list, in its own form. */
  readonly place: string | null
}

export interface RunProgress {
  /** A sentence fragment for people, e.g. "Reading projects from Ajera". */
  readonly label: string
  readonly done: number
  readonly of: number | null
}

export interface Run {
  readonly id: string
  readonly connectionId: string
  readonly kind: RunKind
  readonly trigger: RunTrigger
  readonly startedBy: string
  readonly options: RunOptions
  /** An undo: the run it puts back. A retry: the run whose failed records it sends again. */
  readonly sourceRunId: string | null
  /** An apply: the approved plan it carries out. */
  readonly planId: string | null
  readonly scope: RunScope | null
  /** Why a person lets this one run remove more mappings than the brake allows (sync-rules §8 step 4). */
  readonly brakeReason: string | null
  /** An undo: why a person wants it, and whether the fields it puts back are pinned. */
  readonly undoReason: string | null
  readonly undoPins: boolean
  readonly drainId: string
  readonly continuesRunId: string | null
  readonly state: RunState
  readonly phase: string
  readonly epoch: number
  readonly attempts: number
  /** Both by the database's clock. */
  readonly heartbeatAt: Date | null
  readonly gotFurtherAt: Date
  readonly counters: RunCounters
  readonly checkpoint: RunCheckpoint
  readonly batchSize: number
  readonly batchesDone: number
  readonly batchesPlanned: number
  readonly remainingProjects: number
  readonly remainingRuns: number
  readonly apiCalls: { readonly erp: number; readonly crm: number }
  readonly message: string | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly cancelRequestedBy: string | null
  readonly pauseRequestedBy: string | null
  /** Nobody goes on with it before this. */
  readonly resumeAt: Date | null
  /** Since when it waits for a system without getting further, and how often it has tried. */
  readonly parkedSince: Date | null
  readonly parkings: number
  /** Why it waits, as a sentence. */
  readonly parkReason: string | null
}

/** A run in one of these works or waits; every other state is final. */
export const OPEN_STATES: RunState[] = ['queued', 'running']

/** The run that is queued or running for a connection: at most one, held by a partial unique index. */
export async function findOpenRun(connectionId: string, tx: Database = database()): Promise<Run | null> {
  const row = await tx.syncRun.findFirst({ where: { connectionId, state: { in: OPEN_STATES } } })
  return row ? toRun(row) : null
}

/** Open runs that can be gone on with now: neither paused nor waiting, or asked to end. By the database's clock. */
export async function findDueRunIds(): Promise<string[]> {
  const rows = await database().$queryRaw<{ id: string }[]>`
    SELECT id FROM sync_run WHERE state IN ('queued', 'running') AND (${mayGoOn})`
  return rows.map((row) => row.id)
}

/** What keeps an open run from being taken; a person who wants its end need not wait for it. */
const mayGoOn = Prisma.sql`cancel_requested_at IS NOT NULL
  OR (pause_requested_at IS NULL AND (resume_at IS NULL OR resume_at <= now()))`

export async function isOpenRun(id: string): Promise<boolean> {
  return (await database().syncRun.count({ where: { id, state: { in: OPEN_STATES } } })) > 0
}

export async function findRun(id: string): Promise<Run | null> {
  const row = await database().syncRun.findUnique({ where: { id } })
  return row ? toRun(row) : null
}

/** The newest finished sync: it says whether a backlog waits (sync-rules §2.3). Other kinds of run leave none. */
export async function findLastFinishedRun(connectionId: string, tx: Database = database()): Promise<Run | null> {
  const row = await tx.syncRun.findFirst({
    where: { connectionId, kind: 'sync', state: { notIn: OPEN_STATES } },
    orderBy: { createdAt: 'desc' },
  })
  return row ? toRun(row) : null
}

export interface NewRun {
  readonly connectionId: string
  readonly trigger: RunTrigger
  readonly startedBy: string
  readonly options: RunOptions
  readonly batchSize: number
  readonly continues: Run | null
  readonly kind: RunKind
  readonly sourceRunId: string | null
  readonly planId: string | null
  readonly scope: RunScope | null
  readonly brakeReason: string | null
  readonly undo: UndoChoices | null
}

/** What a person chooses at the start of an undo (sync-rules §12). */
export interface UndoChoices {
  readonly reason: string | null
  /** Later syncs leave the fields alone that are put back. */
  readonly pins: boolean
}

/** Inserts a queued run. Answers `null` when the connection already has an open one (unique violation). */
export async function insertRun(input: NewRun, tx: Transaction): Promise<string | null> {
  const id = randomUUIDv7()
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO sync_run (id, connection_id, kind, source_run_id, plan_id, scope, brake_reason, undo_reason, undo_pins,
                          trigger, started_by, options, drain_id, continues_run_id, batch_size, remaining_projects, remaining_runs)
    VALUES (${id}::uuid, ${input.connectionId}::uuid, ${input.kind}::run_kind, ${input.sourceRunId}::uuid,
            ${input.planId}::uuid, ${input.scope === null ? null : JSON.stringify(input.scope)}::jsonb,
            ${input.brakeReason}, ${input.undo?.reason ?? null}, ${input.undo?.pins ?? false}, ${input.trigger}::run_trigger, ${input.startedBy},
            ${JSON.stringify(input.options)}::jsonb, ${input.continues?.drainId ?? id}::uuid,
            ${input.continues?.id ?? null}::uuid, ${input.batchSize},
            ${input.continues?.remainingProjects ?? 0}, ${input.continues?.remainingRuns ?? 0})
    ON CONFLICT (connection_id) WHERE state IN ('queued', 'running') DO NOTHING
    RETURNING id`
  return rows[0]?.id ?? null
}

export interface TakenRun extends Run {
  /** The process that had it stopped in the middle; otherwise it is new, or was handed back on purpose. */
  readonly wasInterrupted: boolean
}

/**
 * Takes a run for this process: raises its epoch, so that every commit of an earlier holder finds no row.
 * Answers `null` when the run is finished, paused, or waits for a system that is away.
 */
export async function takeRun(id: string): Promise<TakenRun | null> {
  const rows = await database().$queryRaw<{ was: RunState }[]>`
    UPDATE sync_run
       SET epoch = epoch + 1, state = 'running', resume_at = NULL,
           started_at = coalesce(started_at, now()), heartbeat_at = now()
      FROM (SELECT id AS taken, state AS was FROM sync_run WHERE id = ${id}::uuid FOR UPDATE) AS before
     WHERE id = taken AND state IN ('queued', 'running') AND (${mayGoOn})
     RETURNING was`
  const run = rows[0] ? await findRun(id) : null
  return run && { ...run, wasInterrupted: rows[0]?.was === 'running' }
}

/** Parts of the run row that a commit may change; a part left out stays. */
export interface RunChange {
  /** This commit stores work that need not be done again: attempts are counted anew from here. */
  readonly gotFurther?: boolean
  /** An attempt begins that may come to nothing. */
  readonly attempt?: boolean
  readonly phase?: string
  readonly progress?: RunProgress
  readonly counters?: RunCounters
  readonly checkpoint?: RunCheckpoint
  readonly apiCalls?: { readonly erp: number; readonly crm: number }
  readonly batchesDone?: number
  readonly batchesPlanned?: number
  readonly remainingProjects?: number
  readonly remainingRuns?: number
}

/**
 * The fence of every commit (guide/reliability.md): changes the run row only while this process still holds it.
 * `held: false` means that another process has taken the run and nothing may be written.
 */
export async function touchRun(
  tx: Database,
  held: { readonly runId: string; readonly epoch: number },
  change: RunChange,
): Promise<Touched> {
  const rows = await tx.$queryRaw<{ cancel: boolean; pause: boolean }[]>`
    UPDATE sync_run
       SET heartbeat_at = now(),
           got_further_at = CASE WHEN ${change.gotFurther ?? false} THEN now() ELSE got_further_at END,
           attempts = CASE WHEN ${change.gotFurther ?? false} THEN 0 ELSE attempts + ${change.attempt ? 1 : 0} END,
           parked_since = CASE WHEN ${change.gotFurther ?? false} THEN NULL ELSE parked_since END,
           parkings = CASE WHEN ${change.gotFurther ?? false} THEN 0 ELSE parkings END,
           phase = coalesce(${change.phase ?? null}, phase),
           progress = coalesce(${json(change.progress)}::jsonb, progress),
           counters = coalesce(${json(change.counters)}::jsonb, counters),
           checkpoint = coalesce(${json(change.checkpoint)}::jsonb, checkpoint),
           api_calls = coalesce(${json(change.apiCalls)}::jsonb, api_calls),
           batches_done = coalesce(${change.batchesDone ?? null}::int, batches_done),
           batches_planned = coalesce(${change.batchesPlanned ?? null}::int, batches_planned),
           remaining_projects = coalesce(${change.remainingProjects ?? null}::int, remaining_projects),
           remaining_runs = coalesce(${change.remainingRuns ?? null}::int, remaining_runs)
     WHERE id = ${held.runId}::uuid AND epoch = ${held.epoch} AND state = 'running'
     RETURNING cancel_requested_at IS NOT NULL AS cancel, pause_requested_at IS NOT NULL AS pause`
  return { held: rows.length > 0, cancelRequested: rows[0]?.cancel === true, pauseRequested: rows[0]?.pause === true }
}

/** What a process learns of its run whenever it stores something. */
export interface Touched {
  readonly held: boolean
  readonly cancelRequested: boolean
  readonly pauseRequested: boolean
}

export async function finishRun(
  tx: Database,
  held: { readonly runId: string; readonly epoch: number },
  end: { readonly status: RunStatus; readonly message: string; readonly counters: RunCounters },
): Promise<boolean> {
  const changed = await tx.syncRun.updateMany({
    where: { id: held.runId, epoch: held.epoch, state: 'running' },
    data: {
      state: end.status,
      message: end.message,
      counters: end.counters as unknown as Prisma.InputJsonValue,
      // Where a run stopped is what a person wants to know of it.
      ...(end.status === 'failed' || end.status === 'cancelled' ? {} : { phase: 'closing' }),
      finishedAt: new Date(),
    },
  })
  return changed.count === 1
}

/** Asks an open run to stop at its next record (sync-rules §10.5). False when it is not open. */
export async function markCancelRequested(id: string, by: string): Promise<boolean> {
  const changed = await database().syncRun.updateMany({
    where: { id, state: { in: OPEN_STATES } },
    data: { cancelRequestedAt: new Date(), cancelRequestedBy: by },
  })
  return changed.count === 1
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

type RunRow = Prisma.SyncRunGetPayload<object>

// The JSON columns are written by this module alone, from the very types they are read back as.
function toRun(row: RunRow): Run {
  const checkpoint = row.checkpoint as Partial<RunCheckpoint>
  const apiCalls = row.apiCalls as { erp?: number; crm?: number }
  return {
    ...row,
    options: row.options as unknown as RunOptions,
    scope: row.scope as RunScope | null,
    counters: row.counters as unknown as RunCounters,
    checkpoint: { done: checkpoint.done ?? [], firstTime: checkpoint.firstTime ?? {}, place: checkpoint.place ?? null },
    apiCalls: { erp: apiCalls.erp ?? 0, crm: apiCalls.crm ?? 0 },
  }
}
