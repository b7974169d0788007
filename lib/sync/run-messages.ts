import { batchCompletedLine } from './batch.ts'
import { displayText } from './display-text.ts'
import type { RunOptions } from './eligibility.ts'
import { counted, type LogEntry, runEntry, TYPE_NAMES } from './log-entry.ts'
import type { SideNames } from './messages.ts'
import type { CheckFinding } from './ports.ts'
import { type ProblemCode, problemCodes, problemOfFailure } from './problems.ts'
import { RECORD_TYPES, type RecordType } from './records.ts'
import { closingMessage, PHASES, type Phase, type RunStatus } from './run-state.ts'

/** Lines about a run as a whole (sync-rules §6, §11), all with the method `Synchronize`. */

export type Trigger = 'manual' | 'automatic' | 'api' | 'cli'

const TRIGGER_WORDS: Readonly<Record<Trigger, string>> = {
  manual: 'from the Synchronize page',
  automatic: 'by the schedule',
  api: 'through the API',
  cli: 'from the command line',
}

/** Records by type: ERP keys, and CRM ids of those that are not in the ERP yet. */
export type ChosenRecords = Partial<
  Record<RecordType, { readonly erp: readonly string[]; readonly crm: readonly string[] }>
>

/** First line: who or what started the run and with which options. `startedBy` is null for the schedule. */
export function messageRunStarted(
  run: {
    readonly trigger: Trigger
    readonly startedBy: string | null
    readonly options: RunOptions
    readonly continuesBacklogOf: string | null
    /** The only records it is about; `null`: all. */
    readonly scope: ChosenRecords | null
    /** The run in which these had failed. */
    readonly sourceRunId: string | null
  },
  names: SideNames,
): LogEntry {
  const who = run.startedBy === null ? '' : ` by ${displayText(run.startedBy)}`
  if (run.scope !== null) {
    const it = countChosen(run.scope) === 1 ? 'It' : 'They'
    const again = run.sourceRunId === null ? '' : ` ${it} failed in run ${run.sourceRunId}.`
    const started = `The sync was started${who} for ${chosenWords(run.scope, names)} and no other record.`
    // It goes on until all of them are dealt with, which is no choice of the person's.
    return runEntry(`${started}${again} ${optionWords({ ...run.options, allBatches: false }, names)}`)
  }
  const backlog =
    run.continuesBacklogOf === null
      ? ''
      : ` It continues the backlog of run ${run.continuesBacklogOf} with the options of that run.`
  const started = `The sync was started${who} ${TRIGGER_WORDS[run.trigger]}.`
  return runEntry(`${started}${backlog} ${optionWords(run.options, names)}`)
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  preflight: 'checking both systems',
  'read-erp': 'reading the ERP',
  'read-crm': 'reading the CRM',
  remove: 'removing mappings',
  preview: 'working out what would be done',
  match: 'pairing by name',
  'send-people': 'sending employees, clients and contacts',
  totals: 'reading project totals',
  'plan-projects': 'comparing projects',
  'send-projects': 'sending projects',
  'create-projects': 'creating projects',
  'take-back': 'taking changes of the CRM into the ERP',
  'undo-plan': 'looking up what the run had written',
  'undo-erp': 'putting the ERP back',
  'undo-crm': 'putting the CRM back',
  closing: 'closing',
}

/** The run went on after the process that ran it had stopped, in this phase. */
export function messageRunResumed(phase: string, what: 'sync' | 'undo' = 'sync'): LogEntry {
  const where = PHASES.find((one) => one === phase)
  const words = where === undefined ? '' : ` while ${PHASE_WORDS[where]}`
  return runEntry(
    `The ${what} was taken up again after it had stopped unexpectedly${words}. Nothing is sent twice.`,
    problemCodes.resumed,
  )
}

/** The run waits for a system that is away, and goes on by itself (guide/reliability.md). `reason`: a sentence. */
export function messageRunWaiting(reason: string): LogEntry {
  return runEntry(
    `${reason} The sync waits and goes on by itself as soon as it answers again; nothing is sent twice.`,
    problemCodes.waiting,
  )
}

/** The system answered again after the run had waited for it so long. */
export function messageWaitOver(seconds: number): LogEntry {
  return runEntry(`It answers again: the sync goes on after ${durationWords(seconds)} of waiting.`)
}

export function messageRunPaused(by: string | null): LogEntry {
  return runEntry(`The sync was paused${by === null ? '' : ` by ${displayText(by)}`}. It goes on when it is resumed.`)
}

export function messageRunUnpaused(): LogEntry {
  return runEntry('The sync was resumed and goes on where it was paused.')
}

function durationWords(seconds: number): string {
  if (seconds < 90) return counted(Math.round(seconds), 'second')
  return seconds < 90 * 60 ? counted(Math.round(seconds / 60), 'minute') : counted(Math.round(seconds / 3600), 'hour')
}

const CHECK_CODES: Readonly<Record<CheckFinding['check'], ProblemCode>> = {
  reachable: problemCodes.unreachableAtCheck,
  'signed-in': problemCodes.signInRefusedAtCheck,
  permissions: problemCodes.permissionMissing,
  'external-key': problemCodes.externalKeyMissing,
  'custom-fields': problemCodes.customFieldMissing,
  clock: problemCodes.clocksDiffer,
}

/**
 * One finding of the preflight (sync-rules §2.4), with the severity the check gave it. A check that could not be made
 * says nothing about what it was to find: its code is that of the call that failed. Not being reachable is its own
 * finding.
 */
export function messagePreflightFinding(finding: CheckFinding, names: SideNames): LogEntry {
  const { check, level, reason } = finding
  const message = `${names[finding.side]}: ${finding.message}`
  if (level === 'ok') return runEntry(message)
  const isFound = reason === undefined || check === 'reachable'
  return runEntry(message, isFound ? CHECK_CODES[check] : problemOfFailure(reason, 'read'), level)
}

/** A finished batch of a run that keeps going (sync-rules §6.4, §13.12); `null` where the run has only one batch. */
export function messageBatchCompleted(n: number, of: number, projects: number): LogEntry | null {
  return of <= 1 ? null : runEntry(batchCompletedLine(n, of, projects))
}

/** The last line of a run: `closingMessage` with its severity and, where the run did not end well, its code. */
export function messageRunClosed(run: {
  readonly status: RunStatus
  readonly remainingProjects: number
  readonly batchSize: number
  readonly failure: string | null
  readonly failureCode: ProblemCode | null
  readonly cancelledBy: string | null
}): LogEntry {
  const message = closingMessage(run)
  if (run.status === 'failed') return runEntry(message, run.failureCode ?? problemCodes.runBroke, 'error')
  if (run.status === 'cancelled') return runEntry(message, problemCodes.cancelled)
  return runEntry(message)
}

function countChosen(chosen: ChosenRecords): number {
  return Object.values(chosen).reduce((sum, { erp, crm }) => sum + erp.length + crm.length, 0)
}

/** One record by its key, more of them by their number: `1 contact and 3 projects`. */
function chosenWords(chosen: ChosenRecords, names: SideNames): string {
  const groups = RECORD_TYPES.flatMap((type) => {
    const { erp = [], crm = [] } = chosen[type] ?? {}
    return erp.length + crm.length === 0 ? [] : [{ name: TYPE_NAMES[type].toLowerCase(), erp, crm }]
  })
  const [only] = groups
  const [key] = only?.erp ?? []
  const [id] = only?.crm ?? []
  if (only && countChosen(chosen) === 1) {
    return `the ${key === undefined ? names.crm : names.erp} ${only.name} ${displayText(key ?? id ?? '')}`
  }
  return groups.map(({ name, erp, crm }) => counted(erp.length + crm.length, name)).join(' and ')
}

/** The options of a run as the words of a sentence (sync-rules §2.2, §11). */
function optionWords(options: RunOptions, names: SideNames): string {
  const words = [
    options.mapUnsynced
      ? `map unsynced ${names.erp} projects to existing ${names.crm} projects (without a match: ${options.whenNoMatch === 'create' ? 'create it' : 'leave it'})`
      : null,
    options.includeClosed ? 'sync closed projects' : null,
    options.allBatches ? 'keep going until every batch is synced' : null,
    options.historicalConsultants ? `sync historical project consultants to ${names.crm}` : null,
    options.preview ? 'preview only' : null,
  ].filter((word) => word !== null)
  return words.length === 0 ? 'Options: none.' : `Options: ${words.join('; ')}.`
}
