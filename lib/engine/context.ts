import { noteRunGoesOn } from '#lib/engine/alerts'
import { openSelection, type Selection } from '#lib/engine/selection'
import { addApiUsage } from '#lib/store/api-usage'
import { database, type Transaction } from '#lib/store/database'
import { appendLog, type LogLine } from '#lib/store/log'
import { type Run, type RunChange, type RunCheckpoint, type RunCounters, type Touched, touchRun } from '#lib/store/runs'
import type { FieldMap } from '#lib/sync/field-map'
import type { ConflictPolicy } from '#lib/sync/merge'
import type { SideNames } from '#lib/sync/messages'
import type { Crm, CrmDescription, Erp } from '#lib/sync/ports'
import type { ProblemCode } from '#lib/sync/problems'
import type { RecordType, Side } from '#lib/sync/records'

/** What a run works with; built by a composition root, so that the engine knows no product and no environment. */
export interface Ports {
  readonly erp: Erp
  readonly crm: Crm
  readonly fieldMap: FieldMap
  readonly settings: {
    readonly erpConcurrency: number
    readonly crmConcurrency: number
    readonly graceSeconds: number
    readonly projectTotals: 'each_run' | 'nightly' | 'never'
    readonly fullReadEvery: number
    readonly conflictPolicy: ConflictPolicy
    /** Description of the ERP template that new projects are made from where the CRM project names none. */
    readonly defaultTemplate: string | null
  }
  /** How long a run waits for a system that is away before it tries again, doubling up to the longest wait. */
  readonly waitSeconds: { readonly first: number; readonly longest: number }
  readonly installationId: string
  /** Calls made so far by these ports. */
  callCounts(): { readonly erp: number; readonly crm: number }
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
  /** Tests: told of each place where a process could die between two steps that belong together. */
  atPoint?(point: CrashPoint): void
}

/** The places of guide/reliability.md, "Layers", at which a death must do no harm. */
export type CrashPoint =
  | 'before-intent'
  | 'after-intent-commit'
  | 'during-send'
  | 'after-send-before-commit'
  | 'after-mapping-commit'
  | 'after-batch-before-watermark'
  | 'after-watermark'
  | 'during-cancel'

/** Throws {@link RunBroken} with its sentence where a person can mend what is in the way. */
export type OpenPorts = (connectionId: string) => Promise<Ports>

/** Another process has taken this run: nothing may be written any more. */
export class LostRun extends Error {}

/** A person asked the run to stop (sync-rules §10.5). */
export class RunCancelled extends Error {}

/** A person asked the run to wait: it goes on when it is resumed. */
export class RunPaused extends Error {}

/** The process is going down: the run goes on elsewhere or later. */
export class RunYielded extends Error {}

/** A boundary is broken (a system is down, signs nobody in, answers nonsense): the run ends as failed. */
export class RunBroken extends Error {
  readonly problemCode: ProblemCode
  /** Where a system is merely away: a run that had begun waits for it, at least so long where it asked for that. */
  readonly outage: Outage | null

  constructor(problemCode: ProblemCode, message: string, outage: Outage | null = null) {
    super(message)
    this.problemCode = problemCode
    this.outage = outage
  }
}

export interface Outage {
  readonly side: Side
  readonly retryAfterSeconds: number | null
}

export interface RunContext extends Selection {
  readonly run: Run
  readonly ports: Ports
  readonly names: SideNames
  readonly description: CrmDescription
  /** The record types that take part, in the order of sync-rules §3.1. */
  readonly types: readonly RecordType[]
  readonly counters: RunCounters
  readonly signal: AbortSignal
  /** Nothing may be sent: what would be is settled as if it had been (engine/rehearsal.ts). */
  readonly isRehearsal: boolean
  /** Runs `work` in one transaction that only commits while this process holds the run. */
  commit<T>(work: (tx: Transaction) => Promise<T>, change?: RunChange): Promise<T>
  log(lines: readonly LogLine[]): Promise<void>
  /** Tells watchers what is being done; written at most twice a second. */
  report(label: string, done: number, of: number | null): Promise<void>
  isDone(step: string): boolean
  /** The checkpoint with `step` added: to be stored in the commit that finishes the step. */
  withDone(step: string, firstTime?: { type: RecordType; value: boolean }): RunChange
  firstTime(type: RecordType): boolean
  /** How far the present step has come through a long list; `null`: it has not begun. */
  place(): string | null
  /** The checkpoint with the present step's place: to be stored in the commit that comes so far. */
  withPlace(place: string): RunChange
  /**
   * Throws {@link RunCancelled}, {@link RunPaused} or {@link RunYielded} when the run has to stop. To be called before
   * each record.
   */
  stopIfAsked(): void
  /**
   * Before anything is sent: a process that was frozen may have lost its run to another one, which sends the same. Throws
   * {@link LostRun} then.
   */
  assertHeld(): Promise<void>
  /** Gives a sign of life, learns what a person has asked for meanwhile, and counts the calls made since the last one. */
  beat(): Promise<void>
}

const REPORT_EVERY_MILLISECONDS = 400
/** Well within the time after which a silent process loses its run (engine/advance.ts). */
const SURELY_HELD_MILLISECONDS = 10_000

/** One run held by this process. `description` is filled by the preflight. */
export function openContext(input: {
  run: Run
  ports: Ports
  types: readonly RecordType[]
  signal: AbortSignal
  description: () => CrmDescription
}): RunContext {
  const { run, ports, signal } = input
  const held = { runId: run.id, epoch: run.epoch }
  const counters: RunCounters = structuredClone(run.counters)
  let checkpoint: RunCheckpoint = run.checkpoint
  let cancelRequested = run.cancelRequestedBy !== null
  let pauseRequested = false
  let counted = { erp: 0, crm: 0 }
  let reportedAt = 0
  let heldAt = performance.now()
  let phase: string | undefined
  // Not yet when a system answers, which may fail again at the next call: when something is stored that had to wait.
  let waits = run.parkedSince !== null
  const earlierCalls = run.apiCalls

  function apiCalls() {
    const now = ports.callCounts()
    return { erp: earlierCalls.erp + now.erp, crm: earlierCalls.crm + now.crm }
  }

  /** @param askedAt before it was asked: a process that was frozen in between finds an answer that is long out of date. */
  function note(touched: Touched, askedAt: number): void {
    if (!touched.held) throw new LostRun('Another process has taken this run.')
    heldAt = askedAt
    cancelRequested ||= touched.cancelRequested
    pauseRequested = touched.pauseRequested
  }

  const context: RunContext = {
    run,
    ports,
    names: { erp: ports.erp.name, crm: ports.crm.name },
    types: input.types,
    counters,
    signal,
    isRehearsal: false,
    ...openSelection(run.scope),
    get description() {
      return input.description()
    },
    async commit(work, change = {}) {
      const { gotFurther = true } = change
      const result = await database().$transaction(
        async (tx) => {
          const askedAt = performance.now()
          note(await touchRun(tx, held, { apiCalls: apiCalls(), ...change, gotFurther }), askedAt)
          if (waits && gotFurther) await noteRunGoesOn(tx, run)
          return work(tx)
        },
        { timeout: 120_000, maxWait: 30_000 },
      )
      if (gotFurther) waits = false
      if (change.checkpoint) checkpoint = change.checkpoint
      return result
    },
    log: (lines) =>
      context.commit((tx) => appendLog(tx, { connectionId: run.connectionId, runId: run.id }, lines), {
        gotFurther: false,
      }),
    async report(label, done, of) {
      const now = Date.now()
      const changedPhase = phase !== label
      if (!changedPhase && now - reportedAt < REPORT_EVERY_MILLISECONDS) return
      reportedAt = now
      phase = label
      await context.commit(async () => undefined, { progress: { label, done, of }, gotFurther: false })
    },
    isDone: (step) => checkpoint.done.includes(step),
    withDone(step, firstTime) {
      return {
        checkpoint: {
          done: [...checkpoint.done, step],
          firstTime: firstTime ? { ...checkpoint.firstTime, [firstTime.type]: firstTime.value } : checkpoint.firstTime,
          place: null,
        },
      }
    },
    place: () => checkpoint.place,
    withPlace: (place) => ({ checkpoint: { ...checkpoint, place } }),
    firstTime: (type) => checkpoint.firstTime[type] === true,
    stopIfAsked() {
      if (signal.aborted) throw new RunYielded('This process is stopping.')
      if (cancelRequested) throw new RunCancelled('A person cancelled the run.')
      if (pauseRequested) throw new RunPaused('A person paused the run.')
    },
    async assertHeld() {
      if (performance.now() - heldAt > SURELY_HELD_MILLISECONDS) await context.beat()
    },
    async beat() {
      // First: the calls have been made, whoever holds the run now.
      const now = ports.callCounts()
      const since = { erp: now.erp - counted.erp, crm: now.crm - counted.crm }
      counted = now
      await addApiUsage(run.connectionId, since)
      const askedAt = performance.now()
      note(await touchRun(database(), held, { apiCalls: apiCalls() }), askedAt)
    },
  }
  return context
}
