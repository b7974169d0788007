import type { RunDocument } from '#lib/engine/run-document'
import type { RunState } from '#lib/store/runs'
import { OUTCOMES, type Outcome } from '#lib/sync/outcome'
import { exitStatus } from '#lib/sync/run-state'
import { type Column, formatCount, formatDuration, localTime, textTable } from './output.ts'

/** Runs as a person reads them at a terminal. */

const STATE_WORDS: Readonly<Record<RunState, string>> = {
  queued: 'waiting',
  running: 'running',
  completed: 'completed',
  completed_with_errors: 'completed with record errors',
  more_batches: 'more batches remain',
  failed: 'failed',
  cancelled: 'cancelled',
  previewed: 'previewed',
}

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  mapped: 'mapped',
  skipped: 'skipped',
  conflict: 'conflict',
  failed: 'failed',
  notReached: 'not reached',
}

const TYPE_WORDS = {
  employee: 'employees',
  client: 'clients',
  vendor: 'consultants',
  contact: 'contacts',
  project: 'projects',
} as const

export function stateWords(state: RunState): string {
  return STATE_WORDS[state]
}

/** The exit status of a run that has ended (product.md §3); 1 for one that has not: it did not complete. */
export function runExitStatus(state: RunState): number {
  return state === 'queued' || state === 'running' ? 1 : exitStatus(state)
}

/** Message, id, options, times and the outcomes per record type. */
export function runSummary(run: RunDocument): string {
  const lines = [
    run.message ?? `The run is ${stateWords(run.status)}.`,
    '',
    `Run      ${run.runId}`,
    `Status   ${stateWords(run.status)}`,
    `Options  ${optionWords(run)}`,
    ...timeLines(run),
    `Batches  ${formatCount(run.batches.done)} of at most ${formatCount(run.batches.size)} projects each`,
    '',
    outcomeTable(run),
  ]
  if (run.outcomes.project.failed + peopleFailed(run) > 0) {
    lines.push(`What failed, and why: crosswalk log --run ${run.runId} --severity error`, '')
  }
  return lines.join('\n')
}

export function optionWords(run: RunDocument): string {
  const { mapUnsynced, whenNoMatch, includeClosed, allBatches, historicalConsultants, preview } = run.options
  const words = [
    mapUnsynced ? `map unsynced projects (no match: ${whenNoMatch === 'create' ? 'create it' : 'leave it'})` : '',
    includeClosed ? 'closed projects too' : '',
    allBatches ? 'all batches' : '',
    historicalConsultants ? 'historical consultants' : '',
    preview ? 'preview only' : '',
  ].filter((word) => word !== '')
  return words.length > 0 ? words.join(', ') : 'none'
}

const OUTCOME_COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'considered', align: 'right' },
  ...OUTCOMES.map((outcome): Column => ({ title: OUTCOME_WORDS[outcome], align: 'right' })),
]

function outcomeTable(run: RunDocument): string {
  const rows = (['employee', 'client', 'vendor', 'contact', 'project'] as const).flatMap((type) => {
    const counts = run.outcomes[type]
    if (!counts) return []
    const row = [
      TYPE_WORDS[type],
      formatCount(counts.considered),
      ...OUTCOMES.map((outcome) => formatCount(counts[outcome])),
    ]
    return [row]
  })
  return textTable(OUTCOME_COLUMNS, rows)
}

function timeLines(run: RunDocument): string[] {
  if (run.startedAt === null) return []
  if (run.finishedAt === null) return [`Started  ${localTime(run.startedAt)}`]
  const took = Date.parse(run.finishedAt) - Date.parse(run.startedAt)
  return [`Started  ${localTime(run.startedAt)}, took ${formatDuration(took)}`]
}

function peopleFailed(run: RunDocument): number {
  const { client, vendor, contact, employee } = run.outcomes
  return client.failed + (vendor?.failed ?? 0) + contact.failed + employee.failed
}
