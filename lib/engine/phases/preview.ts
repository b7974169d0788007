import type { RunContext } from '#lib/engine/context'
import { matchAll } from '#lib/engine/phases/match'
import { planType } from '#lib/engine/phases/plan'
import { decideRemovals, storeRemovals, type TypeRemovals } from '#lib/engine/phases/remove'
import { createProjects, sendPeople, sendProjects } from '#lib/engine/phases/send'
import { readTakeSources, takeBack } from '#lib/engine/phases/take-back'
import type { TakeSources } from '#lib/engine/phases/take-plan-creates'
import { readTotalsOfNew, wantsTotals } from '#lib/engine/phases/totals'
import { rehearsalContext } from '#lib/engine/rehearsal'
import { rehearse } from '#lib/store/database'
import { insertDriftPoints } from '#lib/store/drift'
import { findProjectsWantingTotals } from '#lib/store/erp-records'
import { findPlannedKeys } from '#lib/store/items'
import {
  findRehearsedItems,
  findRehearsedPairs,
  findRehearsedRemovals,
  insertPlan,
  type PlanItem,
  type RehearsedPair,
} from '#lib/store/plans'
import type { RunCounters } from '#lib/store/runs'
import { markKeysRead } from '#lib/store/watermarks'
import { remainingRuns } from '#lib/sync/batch'

const STEP = 'preview'

/** Longer than any firm's comparison takes; a database does not keep a transaction open for a process that died. */
const REHEARSAL_MILLISECONDS = 30 * 60_000

interface Rehearsed {
  readonly items: PlanItem[]
  readonly counters: RunCounters
  readonly remainingProjects: number
}

/**
 * Stores what the run would do (sync-rules §2.2, §13.16): its own steps, rehearsed in a transaction that is undone, so
 * that a preview and the sync after it cannot differ. Neither system and none of our tables but the plan is written.
 */
export async function previewRun(context: RunContext): Promise<void> {
  if (context.isDone(STEP)) return
  const { connectionId, id: runId, kind, startedBy, batchSize, options } = context.run
  const removals = await decideRemovals(context)
  if (wantsTotals(context)) await readTotalsOfNew(context, await rehearseWantedTotals(context))
  context.stopIfAsked()
  await context.report('Working out what would be done', 0, null)
  const read: ReadBefore = { removals, sources: await readTakeSources(context) }
  const rehearsed = await rehearse(() => rehearseSteps(rehearsalContext(context), read), REHEARSAL_MILLISECONDS)
  const { items, counters, remainingProjects } = rehearsed
  Object.assign(context.counters, counters)
  // A list in which something is missing is read again by the run that removes it.
  const agreed = removals.filter(
    ({ gone, vanished, returned }) => gone.length + vanished.length + returned.length === 0,
  )
  await context.commit(
    async (tx) => {
      await insertPlan(tx, { connectionId, runId, createdBy: startedBy }, items)
      await markKeysRead(
        tx,
        connectionId,
        agreed.map(({ type }) => type),
      )
      if (kind === 'reconcile') {
        await insertDriftPoints(tx, { connectionId, runId, includeClosed: options.includeClosed }, context.types)
      }
    },
    {
      ...context.withDone(STEP),
      counters,
      remainingProjects,
      remainingRuns: remainingRuns(remainingProjects, batchSize),
    },
  )
}

/** The projects whose totals the run would read once it had paired them; reading them is no change. */
async function rehearseWantedTotals(context: RunContext): Promise<string[]> {
  const { connectionId, id: runId, options, startedAt, createdAt } = context.run
  const want = { includeClosed: options.includeClosed, before: startedAt ?? createdAt }
  return rehearse(async () => {
    const trial = rehearsalContext(context)
    await matchAll(trial)
    await planType(trial, 'project')
    const created = await findPlannedKeys({ runId, type: 'project', direction: 'to_crm' }, 'create')
    return [...(await findProjectsWantingTotals(connectionId, want)), ...created]
  }, REHEARSAL_MILLISECONDS)
}

/** What the steps need to know of the two systems, asked for before the rehearsal begins. */
interface ReadBefore {
  readonly removals: readonly TypeRemovals[]
  readonly sources: TakeSources
}

async function rehearseSteps(trial: RunContext, { removals, sources }: ReadBefore): Promise<Rehearsed> {
  await trial.commit((tx) => storeRemovals(tx, trial, removals))
  await matchAll(trial)
  await sendPeople(trial)
  await sendProjects(trial)
  await createProjects(trial)
  await takeBack(trial, sources)
  const items = await findRehearsedItems(trial.run.id)
  const pairs: RehearsedPair[] = []
  for (const type of trial.types) pairs.push(...(await findRehearsedPairs(trial.run.connectionId, trial.run.id, type)))
  return {
    items: [...(await rehearsedRemovals(trial)), ...withPairs(items, pairs)],
    counters: trial.counters,
    remainingProjects: trial.counters.project?.notReached ?? 0,
  }
}

/**
 * A mapping that ends is an item of its own. It writes to neither side; among those to the ERP it can stand beside one
 * that pairs or creates the same record anew.
 */
async function rehearsedRemovals(trial: RunContext): Promise<PlanItem[]> {
  const removed = await findRehearsedRemovals(trial.run.connectionId)
  return removed.map(({ crmName, ...pair }) => ({
    ...pair,
    direction: 'to_erp',
    action: 'unmap',
    batch: 1,
    position: 0,
    outcome: 'skipped',
    problemCode: null,
    message: null,
    changes: [],
    erpHash: null,
    crmHash: null,
    pairing: { crmName, turnSyncOn: false },
  }))
}

/** A pair is made by the item that writes it; one that writes nothing is an item of its own. */
function withPairs(items: readonly Omit<PlanItem, 'pairing'>[], pairs: readonly RehearsedPair[]): PlanItem[] {
  const keyOf = (one: { readonly type: string; readonly erpKey: string }) => `${one.type} ${one.erpKey}`
  const waiting = new Map(pairs.map((pair) => [keyOf(pair), pair]))
  const planned = items.map((item): PlanItem => {
    const pair = item.direction === 'to_crm' ? waiting.get(keyOf(item)) : undefined
    if (!pair) return { ...item, pairing: null }
    waiting.delete(keyOf(item))
    return { ...item, pairing: { crmName: pair.crmName, turnSyncOn: pair.turnSyncOn } }
  })
  const alone = [...waiting.values()].map(
    ({ crmName, turnSyncOn, ...pair }): PlanItem => ({
      ...pair,
      direction: 'to_crm',
      action: 'map',
      batch: 1,
      position: 0,
      outcome: 'mapped',
      problemCode: null,
      message: null,
      changes: [],
      pairing: { crmName, turnSyncOn },
    }),
  )
  return [...planned, ...alone]
}
