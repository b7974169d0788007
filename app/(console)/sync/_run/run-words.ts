import type { RunKind, RunState, RunTrigger } from '#lib/store/runs'
import type { RunProgressView } from '#lib/store/views-runs'
import type { RunOptions } from '#lib/sync/eligibility'
import type { Outcome, OutcomeCounts } from '#lib/sync/outcome'
import { RECORD_TYPES } from '#lib/sync/records'
import type { Phase } from '#lib/sync/run-state'
import type { Tone } from '../../../_ui/tone.ts'

/** The words in which the screens speak of runs. Free of the store, so that the browser may hold it too. */

export interface SideNames {
  readonly erp: string
  readonly crm: string
}

export const STATE_WORDS: Readonly<Record<RunState, { readonly label: string; readonly tone: Tone }>> = {
  queued: { label: 'Queued', tone: 'info' },
  running: { label: 'Running', tone: 'info' },
  completed: { label: 'Completed', tone: 'ok' },
  completed_with_errors: { label: 'Completed with errors', tone: 'warn' },
  more_batches: { label: 'More batches remain', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'idle' },
  previewed: { label: 'Previewed', tone: 'info' },
}

const TRIGGER_WORDS: Readonly<Record<RunTrigger, string>> = {
  manual: 'Manual sync',
  automatic: 'Automatic sync',
  api: 'API sync',
  cli: 'Command line sync',
}

const KIND_WORDS: Readonly<Record<Exclude<RunKind, 'sync'>, string>> = {
  preview: 'Preview',
  apply: 'Apply plan',
  retry: 'Retry',
  undo: 'Undo',
  reconcile: 'Comparison',
}

/** What a run is called: by who started it where it is a sync, else by what it is for. */
export function runTitle(run: {
  readonly kind: RunKind
  readonly trigger: RunTrigger
  readonly sourceRunId: string | null
}): string {
  if (run.kind === 'retry' && run.sourceRunId === null) return 'Sync of one record'
  return run.kind === 'sync' ? TRIGGER_WORDS[run.trigger] : KIND_WORDS[run.kind]
}

/** What a run is, at the start of a sentence. */
export function runNoun(kind: RunKind): 'Sync' | 'Preview' | 'Undo' | 'Comparison' {
  if (kind === 'undo') return 'Undo'
  if (kind === 'reconcile') return 'Comparison'
  return kind === 'preview' ? 'Preview' : 'Sync'
}

export const OUTCOME_WORDS: Readonly<
  Record<Outcome, { readonly label: string; readonly tone: Tone; readonly striped?: true }>
> = {
  created: { label: 'Created', tone: 'info' },
  updated: { label: 'Updated', tone: 'ok' },
  unchanged: { label: 'Unchanged', tone: 'idle' },
  mapped: { label: 'Mapped', tone: 'ok', striped: true },
  skipped: { label: 'Skipped', tone: 'idle', striped: true },
  conflict: { label: 'Conflict', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  notReached: { label: 'Not reached', tone: 'idle' },
}

/** Outcomes in the order of the bar: what was done first, what was left alone after it. */
export const BAR_OUTCOMES = ['created', 'updated', 'mapped', 'conflict', 'failed', 'unchanged', 'skipped'] as const

export function isOpen(state: RunState): boolean {
  return state === 'queued' || state === 'running'
}

/** Whether failed records of a run can be sent again: what an undo could not put back is undone again, not synced. */
export function isRetryable(run: { readonly state: RunState; readonly kind: RunKind }): boolean {
  return !isOpen(run.state) && run.kind !== 'undo'
}

/** Runs that change nothing in either system: their counts say what would be done. */
export function isReadOnly(kind: RunKind): boolean {
  return kind === 'preview' || kind === 'reconcile'
}

export interface PhaseStep {
  readonly label: string
  readonly phases: readonly Phase[]
}

/** The steps of a run as people see them; some hold several phases of sync-rules §8. */
export function phaseSteps(names: SideNames, kind: RunKind): readonly PhaseStep[] {
  if (kind === 'undo') return undoSteps(names)
  if (isReadOnly(kind)) return readOnlySteps(names)
  return [
    { label: 'Check both systems', phases: ['preflight'] },
    { label: `Read ${names.erp}`, phases: ['read-erp'] },
    { label: `Read ${names.crm}`, phases: ['read-crm'] },
    { label: 'Match by name', phases: ['remove', 'match', 'preview'] },
    { label: 'Send people and clients', phases: ['send-people'] },
    { label: 'Read project totals', phases: ['totals'] },
    { label: 'Send projects', phases: ['plan-projects', 'send-projects'] },
    { label: `Create in ${names.crm}`, phases: ['create-projects'] },
    { label: `Take into ${names.erp}`, phases: ['take-back'] },
    { label: 'Finish', phases: ['closing'] },
  ]
}

/** Nothing is sent, so nothing is announced to be. */
function readOnlySteps(names: SideNames): readonly PhaseStep[] {
  return [
    { label: 'Check both systems', phases: ['preflight'] },
    { label: `Read ${names.erp}`, phases: ['read-erp'] },
    { label: `Read ${names.crm}`, phases: ['read-crm'] },
    { label: 'Work out the differences', phases: ['remove', 'match', 'preview'] },
    { label: 'Finish', phases: ['closing'] },
  ]
}

function undoSteps(names: SideNames): readonly PhaseStep[] {
  return [
    { label: 'Check both systems', phases: ['preflight'] },
    { label: 'Look up what was written', phases: ['undo-plan'] },
    { label: `Put ${names.erp} back`, phases: ['undo-erp'] },
    { label: `Put ${names.crm} back`, phases: ['undo-crm'] },
    { label: 'Finish', phases: ['closing'] },
  ]
}

/** Sums of all record types. */
export function totalCounts(counts: RunProgressView['counts']): OutcomeCounts {
  const sum = (key: keyof OutcomeCounts) => RECORD_TYPES.reduce((total, type) => total + counts[type][key], 0)
  return {
    considered: sum('considered'),
    created: sum('created'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    mapped: sum('mapped'),
    skipped: sum('skipped'),
    conflict: sum('conflict'),
    failed: sum('failed'),
    notReached: sum('notReached'),
  }
}

/** The options as short words for a cell; the form's own titles say more. */
export function optionLabels(options: RunOptions, names: SideNames): string[] {
  const labels: string[] = []
  if (options.mapUnsynced)
    labels.push(`Map unsynced (no match: ${options.whenNoMatch === 'create' ? `create in ${names.crm}` : 'leave out'})`)
  if (options.includeClosed) labels.push('Sync closed projects')
  if (options.allBatches) labels.push('Keep going')
  if (options.historicalConsultants) labels.push('Historical consultants')
  if (options.preview) labels.push('Preview only')
  return labels
}

/** What a person chose for a run. One for chosen records, for a plan, or a comparison keeps going by itself. */
export function runOptionLabels(run: { readonly kind: RunKind; readonly options: RunOptions }, names: SideNames) {
  const keepsGoing = run.kind === 'retry' || run.kind === 'apply' || run.kind === 'reconcile'
  const { allBatches, preview } = run.options
  return optionLabels(
    { ...run.options, allBatches: allBatches && !keepsGoing, preview: preview && run.kind !== 'reconcile' },
    names,
  )
}

/** `1 h 04 min`, `2 min 05 s`, `42 s`. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (count: number) => String(count).padStart(2, '0')
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${whole} s`
}

/** Seconds a finished run took; `null` while it goes or when it never began. */
export function runSeconds(run: Pick<RunProgressView, 'startedAt' | 'finishedAt'>): number | null {
  if (run.startedAt === null || run.finishedAt === null) return null
  return (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000
}

export function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 project`, `1,200 projects`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}
