import { counted } from './log-entry.ts'
import type { SideNames } from './messages.ts'
import { type ProblemCode, problemCodes, problemOfFailure } from './problems.ts'
import type { RecordType } from './records.ts'
import type { RunStatus } from './run-state.ts'

/**
 * What people are told of without asking. One message when something breaks, none while it stays broken, one when it
 * is over: this module decides what a run's end says of that; who is told, and how, is decided elsewhere.
 */
export const ALERT_KINDS = [
  'run_failed',
  'finished_with_errors',
  'backlog_waiting',
  'nothing_ran',
  'brake_pulled',
  'credentials_refused',
  'drift',
  'waiting_for_system',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** What a run that has ended says of its connection. */
export interface EndedRun {
  readonly kind: 'sync' | 'preview' | 'apply' | 'retry' | 'undo' | 'reconcile'
  readonly status: RunStatus
  /** Why it could not go on; `null` where it did. `message`: a sentence. */
  readonly failure: { readonly code: ProblemCode; readonly message: string } | null
  /** Both systems answered, signed in and had what the sync needs. */
  readonly preflightPassed: boolean
  /** Records that failed. */
  readonly recordErrors: number
  readonly remainingProjects: number
  /** Of a comparison: what it found of each type; otherwise empty. */
  readonly drift: readonly { readonly type: RecordType; readonly compared: number; readonly differing: number }[]
  /** More than so many per cent of a type's pairs must differ. */
  readonly driftPercent: number
}

export interface OpenedAlert {
  readonly kind: AlertKind
  /** What happened, as a complete sentence. */
  readonly message: string
  /** Of the catalogue, where it says more than the kind does. */
  readonly code: ProblemCode | null
}

export interface RecoveredAlert {
  readonly kind: AlertKind
  /** What shows that it is over, as a complete sentence. */
  readonly message: string
}

export interface AlertChange {
  readonly opened: readonly OpenedAlert[]
  readonly recovered: readonly RecoveredAlert[]
}

const NOTHING: AlertChange = { opened: [], recovered: [] }

const SIGN_IN_REFUSED: ReadonlySet<ProblemCode> = new Set([
  problemCodes.signInRefusedAtCheck,
  problemOfFailure('sign-in-refused', 'read'),
])

/**
 * What breaks and what is over once a run has ended. Recovering what is not open changes nothing, so this need not
 * know what is.
 *
 * - A **cancelled** run says nothing, whatever it was.
 * - A run that **failed** opens exactly one alert, the most telling: the brake, refused credentials, or the failure.
 * - A **preview** is watched by the person who started it: it opens nothing. Like every run it shows by its preflight
 *   that the systems let it in.
 * - A **retry** and an **undo** touch chosen records, with somebody watching: their failing opens an alert, their
 *   succeeding ends that of a failed run; about all the records, or the backlog, they say nothing.
 * - A **comparison** writes nothing: it opens and ends `drift`, and its failing is told like that of a sync. Its
 *   succeeding does not end the alert of a failed sync, which may fail again where the comparison never comes to.
 * - Whether records failed, whether a backlog waits and whether the brake is off, only a **sync** shows to be over;
 *   an **apply** can open what it can come to.
 */
export function alertsAfterRun(run: EndedRun, names: SideNames): AlertChange {
  if (run.status === 'cancelled') return NOTHING
  if (run.failure !== null) return afterFailure(run, run.failure)
  return {
    opened: [...brokenRecords(run), ...waitingBacklog(run), ...foundDrift(run, names)],
    recovered: [
      ...systemsAnswer(names),
      ...(run.kind === 'preview' || run.kind === 'reconcile'
        ? []
        : [over('run_failed', 'A run has ended well again.')]),
      ...(run.kind === 'sync' ? shownBySync(run) : []),
      ...driftOver(run),
    ],
  }
}

function afterFailure(run: EndedRun, { code, message }: NonNullable<EndedRun['failure']>): AlertChange {
  const isRefused = SIGN_IN_REFUSED.has(code)
  const isLetIn = run.preflightPassed && !isRefused
  const recovered = isLetIn ? [over('credentials_refused', 'Both systems accept the sign-in again.')] : []
  if (run.kind === 'preview') return { opened: [], recovered }
  const kind = code === problemCodes.brakePulled ? 'brake_pulled' : isRefused ? 'credentials_refused' : 'run_failed'
  return { opened: [{ kind, message, code }], recovered }
}

function systemsAnswer({ erp, crm }: SideNames): RecoveredAlert[] {
  return [
    over('credentials_refused', `${erp} and ${crm} accept the sign-in again.`),
    over('waiting_for_system', `${erp} and ${crm} answer again.`),
  ]
}

function brokenRecords({ kind, recordErrors }: EndedRun): OpenedAlert[] {
  if (recordErrors === 0 || (kind !== 'sync' && kind !== 'apply')) return []
  const message = `The sync finished, but ${counted(recordErrors, 'record')} could not be sent.`
  return [{ kind: 'finished_with_errors', message, code: null }]
}

function waitingBacklog({ kind, remainingProjects }: EndedRun): OpenedAlert[] {
  if (remainingProjects === 0 || kind !== 'sync') return []
  const are = remainingProjects === 1 ? 'is' : 'are'
  const message = `The sync has sent its batch; ${counted(remainingProjects, 'project')} ${are} still to be sent.`
  return [{ kind: 'backlog_waiting', message, code: null }]
}

function shownBySync({ status, recordErrors }: EndedRun): RecoveredAlert[] {
  const isDrained = status !== 'more_batches'
  return [
    over('brake_pulled', 'A sync went through without the brake.'),
    ...(isDrained ? [over('backlog_waiting', 'All projects that were waiting have been sent.')] : []),
    // A batch without errors says nothing of those that failed in an earlier batch of the same backlog.
    ...(isDrained && recordErrors === 0 ? [over('finished_with_errors', 'A sync finished without errors.')] : []),
  ]
}

function foundDrift(run: EndedRun, names: SideNames): OpenedAlert[] {
  const worst = worstDrift(run)
  if (worst === null || worst.percent <= run.driftPercent) return []
  const pairs = `${counted(worst.differing, `${worst.type} pair`)} of ${worst.compared}`
  const message = `${names.erp} and ${names.crm} differ in ${pairs} (${worst.percent.toFixed(1)} %); the limit is ${run.driftPercent} %.`
  return [{ kind: 'drift', message, code: null }]
}

function driftOver(run: EndedRun): RecoveredAlert[] {
  const worst = worstDrift(run)
  if (worst === null || worst.percent > run.driftPercent) return []
  return [over('drift', `A comparison found no type in which more than ${run.driftPercent} % of the pairs differ.`)]
}

/** The type that differs most; `null`: the run was no comparison, or there was nothing to compare. */
function worstDrift({ kind, drift }: EndedRun) {
  if (kind !== 'reconcile') return null
  const [worst] = drift
    .filter(({ compared }) => compared > 0)
    .map((point) => ({ ...point, percent: (point.differing / point.compared) * 100 }))
    .sort((a, b) => b.percent - a.percent)
  return worst ?? null
}

/** A run has been parked until a system that is away answers again. `reason`: a sentence. */
export function alertsWhenParked(reason: string): AlertChange {
  return { opened: [{ kind: 'waiting_for_system', message: reason, code: problemCodes.waiting }], recovered: [] }
}

/** A run that had waited has got further. */
export function alertsWhenGoingOn(names: SideNames): AlertChange {
  return { opened: [], recovered: systemsAnswer(names) }
}

/** The schedule has started a run by itself. */
export function alertsAfterAutomaticStart(): AlertChange {
  return { opened: [], recovered: [over('nothing_ran', 'The schedule has started a sync again.')] }
}

function over(kind: AlertKind, message: string): RecoveredAlert {
  return { kind, message }
}
