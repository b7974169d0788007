import type { RunContext } from '#lib/engine/context'
import { type LoadedPair, loadLookups, loadPairs, planPair, toErp } from '#lib/engine/pairs'
import { type ErpCreates, planErpCreates, type TakeSources } from '#lib/engine/phases/take-plan-creates'
import { database } from '#lib/store/database'
import { replaceSuggestions } from '#lib/store/findings'
import { findItemOutcomes, insertDoneItems, type NewItem, replacePlannedItems } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { findPairStates, type PairState } from '#lib/store/mappings'
import { findApprovedItems } from '#lib/store/plans'
import { type SettledSwitch, settleSwitchedOff } from '#lib/store/switches'
import { sendEligibility } from '#lib/sync/eligibility'
import { emptyCounts, type Outcome } from '#lib/sync/outcome'
import type { FieldChange, UpdatePlan } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

const COMPARED_TOGETHER = 500

/**
 * Decides for every record of a type what the ERP takes of the CRM in this run (sync-rules §8 step 9), and stores the
 * items to carry out. Calls neither system. From here on the counters hold the records that are new in the ERP as well:
 * what is still to be created counts as not reached.
 */
export async function planTakes(context: RunContext, type: RecordType, sources: TakeSources): Promise<void> {
  const step = `plan-take:${type}`
  if (context.isDone(step)) return
  const { connectionId, id: runId, planId, scope } = context.run
  if (planId !== null) return planApprovedTakes(context, { type, planId, step })
  const lookups = await loadLookups(context)
  const updates = await planUpdates(context, type, lookups)
  const creates = await planErpCreates(context, type, { lookups, sources, after: updates.length })
  const counters = { ...context.counters, [type]: withCreates(context, type, creates) }
  await context.commit(
    async (tx) => {
      const of = { runId, connectionId, type, direction: 'to_erp' } as const
      await replacePlannedItems(tx, of, [...updates, ...creates.items])
      await insertDoneItems(tx, of, creates.refused)
      // A run for chosen records has not looked at the others that there are suggestions for.
      await replaceSuggestions(tx, { connectionId, type, runId }, creates.suggestions, () => scope === null)
      await appendLog(tx, { connectionId, runId }, creates.lines)
    },
    { ...context.withDone(step), counters },
  )
  context.counters[type] = counters[type]
}

/** Takes over the plan's items for the ERP as those of this run, each with what its record has come to here. */
async function planApprovedTakes(
  context: RunContext,
  { type, planId, step }: { readonly type: RecordType; readonly planId: string; readonly step: string },
): Promise<void> {
  const { connectionId, id: runId } = context.run
  const of = { runId, type, direction: 'to_erp' } as const
  const outcomes = await findItemOutcomes({ ...of, direction: 'to_crm' })
  const approved = (await findApprovedItems(planId, of)).filter(
    ({ action }) => action === 'update' || action === 'create',
  )
  const items = approved.map((item) => ({ ...item, priorOutcome: outcomes.get(item.erpKey) ?? null }))
  const added = items.filter((item) => item.priorOutcome === null).length
  const counts = context.counters[type] ?? emptyCounts()
  const counters = {
    ...context.counters,
    [type]: { ...counts, considered: counts.considered + added, notReached: counts.notReached + added },
  }
  await context.commit((tx) => replacePlannedItems(tx, { ...of, connectionId }, items), {
    ...context.withDone(step),
    counters,
  })
  context.counters[type] = counters[type]
}

function withCreates(context: RunContext, type: RecordType, creates: ErpCreates) {
  const counts = { ...(context.counters[type] ?? emptyCounts()) }
  const { items, refused, skipped } = creates
  return {
    ...counts,
    considered: counts.considered + items.length + refused.length + skipped,
    notReached: counts.notReached + items.length,
    failed: counts.failed + refused.length,
    skipped: counts.skipped + skipped,
  }
}

/** Living pairs whose CRM side has something for the ERP; the closed ones wait in both directions (§13.15). */
async function planUpdates(context: RunContext, type: RecordType, lookups: Lookups): Promise<NewItem[]> {
  const { connectionId, id: runId } = context.run
  const states = await findPairStates(database(), connectionId, type)
  const outcomes = await findItemOutcomes({ runId, type, direction: 'to_crm' })
  const compare = states.filter((state) => state.differs && takesPart(context, type, state))
  const items: NewItem[] = []
  for (let from = 0; from < compare.length; from += COMPARED_TOGETHER) {
    context.stopIfAsked()
    await context.report(`Comparing ${type} records with ${context.names.crm}`, from, compare.length)
    const chunk = compare.slice(from, from + COMPARED_TOGETHER)
    const planned = await planChunk(context, type, chunk, lookups)
    for (const { state, pair, changes } of planned) {
      items.push({
        erpKey: state.erpKey,
        erpName: pair.erp.record.name,
        crmId: state.crmId,
        action: 'update',
        batch: 1,
        position: items.length + 1,
        changes,
        erpHash: pair.erp.hash,
        crmHash: pair.crm?.hash ?? null,
        priorOutcome: outcomes.get(state.erpKey) ?? quietOutcome(context, type, state),
      })
    }
  }
  return items
}

/** A project whose switch is off is looked at as well: the CRM may turn it on (§9). */
function takesPart(context: RunContext, type: RecordType, state: PairState): boolean {
  if (!context.selects(type, state.erpKey)) return false
  return sendEligibility({ type, ...state, syncOn: true }, context.run.options) === 'eligible'
}

/** What a record counts as that the other direction had nothing to do for. */
function quietOutcome(context: RunContext, type: RecordType, state: PairState): Outcome {
  const { id: runId, drainId } = context.run
  if (state.createdInRun === runId) return 'mapped'
  const isSkipped = type === 'project' && (!state.syncOn || state.failedInDrain === drainId)
  return isSkipped ? 'skipped' : 'unchanged'
}

interface PlannedTake {
  readonly state: PairState
  readonly pair: LoadedPair
  readonly changes: readonly FieldChange[]
}

async function planChunk(
  context: RunContext,
  type: RecordType,
  chunk: readonly PairState[],
  lookups: Lookups,
): Promise<PlannedTake[]> {
  const { connectionId } = context.run
  const keys = chunk.map((state) => state.erpKey)
  const pairs = await loadPairs(connectionId, type, keys)
  const takes: PlannedTake[] = []
  const switchedOff: SettledSwitch[] = []
  for (const state of chunk) {
    const pair = pairs.get(state.erpKey)
    if (!pair?.crm) continue
    const plan = planPair(context, pair, pair.crm, lookups)
    if (Object.keys(plan.erpWrite).length > 0) takes.push({ state, pair, changes: toErp(plan) })
    else if (!pair.syncOn) switchedOff.push(settledSwitch(context, pair, pair.crm.hash, plan))
  }
  // The others were settled where they were compared for the CRM.
  if (switchedOff.length > 0) await context.commit((tx) => settleSwitchedOff(tx, connectionId, switchedOff))
  return takes
}

function settledSwitch(context: RunContext, pair: LoadedPair, crmHash: string, plan: UpdatePlan): SettledSwitch {
  const flags = context.ports.fieldMap.project.filter((entry) => entry.role === 'sync-flag')
  const base = flags.flatMap(({ crm }) => (crm in plan.base ? [[crm, plan.base[crm] ?? null] as const] : []))
  return { erpKey: pair.erp.record.key, base: Object.fromEntries(base), erpHash: pair.erp.hash, crmHash }
}
