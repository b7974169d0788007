import type { RunContext } from '#lib/engine/context'
import type { Transaction } from '#lib/store/database'
import type { ItemDirection } from '#lib/store/items'
import { type RunCounters, touchRun } from '#lib/store/runs'
import {
  findAddedPairs,
  findWrittenItems,
  insertUndoItems,
  type NewUndoItem,
  placeOf,
  type WrittenItem,
} from '#lib/store/undo'
import { emptyCounts } from '#lib/sync/outcome'
import type { RecordType, Side } from '#lib/sync/records'
import { undoneChanges } from '#lib/sync/undo'

const PLANNED_TOGETHER = 200

/**
 * Writes down what there is to put back of the source run, a part of it at a time (sync-rules §12): from here on the
 * counters add up, since what is still to be put back counts as not reached.
 */
export async function planUndoItems(context: RunContext): Promise<void> {
  const runId = context.run.id
  const sourceRunId = sourceOf(context)
  for (const direction of ['to_erp', 'to_crm'] as const) {
    await planInParts(context, `undo-plan:${direction}`, async (after) => {
      const written = await findWrittenItems({ sourceRunId, direction }, after, PLANNED_TOGETHER)
      const last = written.at(-1)
      return { items: written.map(toUndoItem), last: last ? placeOf(last) : null }
    })
  }
  await planInParts(context, 'undo-plan:pairs', async (after) => {
    const pairs = await findAddedPairs({ sourceRunId, runId }, after, PLANNED_TOGETHER)
    return { items: pairs.map(toUnmapItem), last: pairs.at(-1)?.id ?? null }
  })
}

/** The run that an undo puts back. */
export function sourceOf(context: RunContext): string {
  const { sourceRunId } = context.run
  if (sourceRunId === null) throw new Error('An undo without the run that it undoes.')
  return sourceRunId
}

async function planInParts(
  context: RunContext,
  step: string,
  findPart: (after: string | null) => Promise<{ items: readonly NewUndoItem[]; last: string | null }>,
): Promise<void> {
  if (context.isDone(step)) return
  for (;;) {
    context.stopIfAsked()
    await context.report('Looking up what the run wrote', countOf(context.counters), null)
    const { items, last } = await findPart(context.place())
    if (last === null) break
    const counters = await context.commit((tx) => storePart(tx, context, items), context.withPlace(last))
    Object.assign(context.counters, counters)
  }
  await context.commit(async () => undefined, context.withDone(step))
}

/** Stores a part with its counters in one transaction; answers the counters. */
async function storePart(tx: Transaction, context: RunContext, items: readonly NewUndoItem[]): Promise<RunCounters> {
  const { id: runId, connectionId, epoch } = context.run
  const added = await insertUndoItems(tx, { runId, connectionId }, items)
  const counters = { ...context.counters }
  for (const [type, count] of added) {
    const before = counters[type] ?? emptyCounts()
    counters[type] = {
      ...before,
      considered: before.considered + count,
      notReached: before.notReached + count,
    }
  }
  await touchRun(tx, { runId, epoch }, { counters, gotFurther: true })
  return counters
}

function countOf(counters: RunCounters): number {
  return Object.values(counters).reduce((sum, counts) => sum + counts.considered, 0)
}

const SIDES: Readonly<Record<ItemDirection, Side>> = { to_crm: 'crm', to_erp: 'erp' }

/** A record that the run created stays: all that there is to undo of it is its mapping. */
function toUndoItem({ id: _, ...written }: WrittenItem): NewUndoItem {
  if (written.action === 'create') return { ...written, action: 'unmap', changes: [] }
  return { ...written, changes: undoneChanges(written.changes, SIDES[written.direction]) }
}

function toUnmapItem(pair: { type: RecordType; erpKey: string; erpName: string; crmId: string }): NewUndoItem {
  const { type, erpKey, erpName, crmId } = pair
  return { type, erpKey, erpName, crmId, direction: 'to_crm', action: 'unmap', position: 0, changes: [] }
}
