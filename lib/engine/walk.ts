import { RunBroken, type RunContext } from '#lib/engine/context'
import { readTotalsOfApproved } from '#lib/engine/phases/apply'
import { removeApproved } from '#lib/engine/phases/apply-removals'
import { writeFlags } from '#lib/engine/phases/flags'
import { matchAll } from '#lib/engine/phases/match'
import { preflightDone } from '#lib/engine/phases/preflight'
import { previewRun } from '#lib/engine/phases/preview'
import { readSide } from '#lib/engine/phases/read'
import { removeGone } from '#lib/engine/phases/remove'
import { createProjects, sendPeople, sendProjects } from '#lib/engine/phases/send'
import { takeBack } from '#lib/engine/phases/take-back'
import { readTotals } from '#lib/engine/phases/totals'
import { putBackCrm, putBackErp } from '#lib/engine/phases/undo'
import { planUndoItems } from '#lib/engine/phases/undo-plan'
import { resolveEarlierRuns } from '#lib/engine/resolve'
import { resolveEarlierErpCreates } from '#lib/engine/resolve-erp'
import { database } from '#lib/store/database'
import { hasAnyMapping } from '#lib/store/mappings'
import type { Run } from '#lib/store/runs'
import { problemCodes } from '#lib/sync/problems'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { Phase } from '#lib/sync/run-state'

/**
 * A run that makes no new checkpoint in so many attempts ends as failed, and the connection is free again. Not sooner
 * than after this time: a process killed a few times within seconds of its start says nothing about the run (§10.4).
 */
const MOST_ATTEMPTS = 5
const STUCK_AFTER_MILLISECONDS = 60_000

/** Consultant vendors take part when the run asks for them, and from then on as long as one of them is mapped. */
export async function typesOf(run: Run): Promise<readonly RecordType[]> {
  const vendors =
    run.options.historicalConsultants === true || (await hasAnyMapping(database(), run.connectionId, 'vendor'))
  return RECORD_TYPES.filter((type) => type !== 'vendor' || vendors)
}

type Step = readonly [Phase, () => Promise<void>]

/**
 * The order of a run (sync-rules §8), by its kind. Every step knows by its checkpoints what an earlier attempt has done.
 */
export async function walk(context: RunContext, runPreflight: () => Promise<void>): Promise<void> {
  const begin: Step = [
    'preflight',
    async () => {
      await runPreflight()
      await preflightDone(context)
      await countAttempt(context)
    },
  ]
  for (const [phase, step] of [begin, ...stepsOf(context)]) {
    await context.commit(async () => undefined, { phase, gotFurther: false })
    context.stopIfAsked()
    await step()
  }
}

function stepsOf(context: RunContext): Step[] {
  const { kind, planId } = context.run
  if (kind === 'undo') return undoSteps(context)
  if (kind === 'preview' || kind === 'reconcile') return previewSteps(context)
  return planId === null ? syncSteps(context) : applySteps(context, planId)
}

/** Totals first: they are part of what an item was planned on (sync-rules §5.1). */
function applySteps(context: RunContext, planId: string): Step[] {
  return [
    ['read-erp', () => readSide(context, 'erp')],
    ['read-crm', () => readSide(context, 'crm')],
    ['remove', () => removeApproved(context, planId)],
    ['totals', () => readTotalsOfApproved(context, planId)],
    [
      'match',
      async () => {
        await resolveEarlierRuns(context)
        await resolveEarlierErpCreates(context)
        await matchAll(context)
        await writeFlags(context)
      },
    ],
    ['send-people', () => sendPeople(context)],
    ['send-projects', () => sendProjects(context)],
    ['create-projects', () => createProjects(context)],
    ['take-back', () => takeBack(context)],
  ]
}

function previewSteps(context: RunContext): Step[] {
  return [
    ['read-erp', () => readSide(context, 'erp')],
    ['read-crm', () => readSide(context, 'crm')],
    ['preview', () => previewRun(context)],
  ]
}

function syncSteps(context: RunContext): Step[] {
  return [
    ['read-erp', () => readSide(context, 'erp')],
    ['read-crm', () => readSide(context, 'crm')],
    // A mapping ends in a sync, which looks at all of them: a run for chosen records leaves the others alone.
    ...(context.run.scope === null ? [['remove', () => removeGone(context)] as const] : []),
    [
      'match',
      async () => {
        await resolveEarlierRuns(context)
        await resolveEarlierErpCreates(context)
        await matchAll(context)
        await writeFlags(context)
      },
    ],
    ['send-people', () => sendPeople(context)],
    ['totals', () => readTotals(context)],
    ['send-projects', () => sendProjects(context)],
    ['create-projects', () => createProjects(context)],
    ['take-back', () => takeBack(context)],
  ]
}

/** An undo reads nothing but the records that it puts back, newest writes first (sync-rules §12). */
function undoSteps(context: RunContext): Step[] {
  return [
    ['undo-plan', () => planUndoItems(context)],
    ['undo-erp', () => putBackErp(context)],
    ['undo-crm', () => putBackCrm(context)],
  ]
}

/** Counted once both systems have answered: a process that never got that far says nothing about the run. */
async function countAttempt(context: RunContext): Promise<void> {
  const { attempts, heartbeatAt, gotFurtherAt } = context.run
  const stuckMilliseconds = (heartbeatAt?.getTime() ?? 0) - gotFurtherAt.getTime()
  if (attempts >= MOST_ATTEMPTS && stuckMilliseconds >= STUCK_AFTER_MILLISECONDS) {
    const message = `The run was taken up ${attempts} times without getting any further.`
    throw new RunBroken(problemCodes.noProgress, message)
  }
  await context.commit(async () => undefined, { attempt: true, gotFurther: false })
}
