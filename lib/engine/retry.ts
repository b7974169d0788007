import { type Started, type StartInput, startRun } from '#lib/engine/start'
import { findCrmRecords } from '#lib/store/crm-records'
import { database } from '#lib/store/database'
import { findErpRecords } from '#lib/store/erp-records'
import { type FailedChoice, findFailedRecords, type RecordName } from '#lib/store/failed-items'
import { hasAnyMapping } from '#lib/store/mappings'
import { findOpenRun, findRun, type Run, type RunScope, type RunTrigger } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'

/** `message`: a sentence for the person, where there is nothing that could be started. */
export type RetryStarted =
  | Started
  | {
      readonly ok: false
      readonly reason: 'unknown-run' | 'nothing-failed' | 'not-retryable' | 'unknown-record' | 'never-synced'
      readonly message: string
    }

interface By {
  readonly trigger: RunTrigger
  readonly startedBy: string
}

/**
 * Sends the records that failed in a finished run once more, and no others: all of them, those of one problem, or one
 * (product.md §1). With the options of that run, whatever its number of batches, since a retry leaves no backlog.
 * Where a run is going, it answers with that one (sync-rules §2.1).
 */
export async function startRetry(runId: string, choice: FailedChoice, by: By): Promise<RetryStarted> {
  const source = await findRun(runId)
  if (!source) return refused('unknown-run', 'There is no such run, so there is nothing to retry.')
  const open = await findOpenRun(source.connectionId)
  if (open) return { ok: false, reason: 'already-running', runId: open.id }
  if (source.kind === 'undo') {
    return refused('not-retryable', 'An undo is not retried record by record. Undo the run again instead.')
  }
  const { scope, records } = await findFailedRecords(runId, choice)
  if (records === 0) return refused('nothing-failed', nothingFailed(choice))
  return startScoped(source, scope, source.options, { ...by, sourceRunId: runId })
}

/**
 * Syncs one record that a person has chosen, and no other. A closed project is sent too: choosing it is asking for it.
 * Before the first sync of a type nothing is known to be unmatched, so one record alone could only be created twice.
 */
export async function startOne(connectionId: string, record: RecordName, by: By): Promise<RetryStarted> {
  const open = await findOpenRun(connectionId)
  if (open) return { ok: false, reason: 'already-running', runId: open.id }
  if (!(await isKnown(connectionId, record))) {
    return refused('unknown-record', 'This record is not known here. Synchronize once, so that new records are read.')
  }
  if (!(await hasAnyMapping(database(), connectionId, record.type))) {
    return refused(
      'never-synced',
      'No record of this type is paired yet. Synchronize once as a whole: the first sync compares all names on both sides.',
    )
  }
  const scope: RunScope = { [record.type]: { erp: [], crm: [], [record.side]: [record.key] } }
  const options: RunOptions = {
    mapUnsynced: false,
    whenNoMatch: 'leave',
    includeClosed: true,
    allBatches: true,
    ...(record.type === 'vendor' ? { historicalConsultants: true } : {}),
    preview: false,
  }
  return startScoped({ connectionId }, scope, options, { ...by, sourceRunId: null })
}

function startScoped(
  { connectionId }: Pick<Run, 'connectionId'>,
  scope: RunScope,
  options: RunOptions,
  { sourceRunId, ...by }: By & { readonly sourceRunId: string | null },
): Promise<Started> {
  const purpose: StartInput['purpose'] = { kind: 'retry', sourceRunId, scope }
  return startRun({ connectionId, ...by, options: { ...options, allBatches: true, preview: false }, purpose })
}

async function isKnown(connectionId: string, { type, side, key }: RecordName): Promise<boolean> {
  const find = side === 'erp' ? findErpRecords : findCrmRecords
  return (await find(connectionId, type, [key])).has(key)
}

function nothingFailed({ code, record }: FailedChoice): string {
  if (record) return 'This record did not fail in that run, so there is nothing to retry.'
  return code ? `No record of that run failed with ${code}.` : 'No record of that run failed.'
}

function refused<Reason extends string>(reason: Reason, message: string) {
  return { ok: false, reason, message } as const
}
