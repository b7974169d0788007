import type { RunContext } from '#lib/engine/context'
import { boundaryGuard, type Guarded } from '#lib/engine/failures'
import { sourceOf } from '#lib/engine/phases/undo-plan'
import { forEachConcurrently } from '#lib/engine/pool'
import { openSettler } from '#lib/engine/settle'
import { type Loaded, settlePutBack, settleUnmapped } from '#lib/engine/undo-settlements'
import { countPlannedItems, findPlannedItems, type Item, type ItemAction, type ItemDirection } from '#lib/store/items'
import { findCreatedKeys, findSettledRecords, findUndoPairs } from '#lib/store/undo'
import type { RemoteFailure } from '#lib/sync/ports'
import { type ErpRecord, RECORD_TYPES, type RecordType } from '#lib/sync/records'

/** So few that what was read of them is moments old when it is written. */
const LOADED_TOGETHER = 25

/** Newest first: what a run takes into the ERP comes after what it sends, and its switches come first of all. */
const ERP_ACTIONS: readonly ItemAction[] = ['update', 'map', 'unmap']
const CRM_ACTIONS: readonly ItemAction[] = ['update', 'unmap']

/** Puts back what the source run wrote into the ERP (sync-rules §12). */
export function putBackErp(context: RunContext): Promise<void> {
  return putBackAll(context, 'to_erp', ERP_ACTIONS)
}

/** Puts back what the source run wrote into the CRM, and ends the pairs it added (sync-rules §12). */
export function putBackCrm(context: RunContext): Promise<void> {
  return putBackAll(context, 'to_crm', CRM_ACTIONS)
}

async function putBackAll(
  context: RunContext,
  direction: ItemDirection,
  actions: readonly ItemAction[],
): Promise<void> {
  const report = await reporter(context, direction)
  for (const type of RECORD_TYPES.toReversed()) {
    for (const action of actions) await putBackType(context, { type, direction, action }, report)
  }
}

interface Part {
  readonly type: RecordType
  readonly direction: ItemDirection
  readonly action: ItemAction
}

/** Putting back is idempotent, so a resumed undo just goes on with what is still planned. */
async function putBackType(context: RunContext, part: Part, report: () => Promise<void>): Promise<void> {
  const { erpConcurrency, crmConcurrency } = context.ports.settings
  const concurrency = part.direction === 'to_erp' ? erpConcurrency : crmConcurrency
  const settler = openSettler(context, part.type)
  const guard = boundaryGuard(context)
  for (;;) {
    context.stopIfAsked()
    const runId = context.run.id
    const items = await findPlannedItems({ runId, ...part, batch: 1, limit: LOADED_TOGETHER })
    if (items.length === 0) return
    const loadedOf = await load(context, part, items)
    const readErp = part.direction === 'to_erp' && part.action !== 'unmap' ? erpReader(context, guard, items) : null
    try {
      await forEachConcurrently(items, concurrency, async (item) => {
        context.stopIfAsked()
        const loaded = loadedOf(item)
        await settler.add(
          part.action === 'unmap'
            ? settleUnmapped(context, loaded)
            : await settlePutBack(context, loaded, { guard, readErp: readErp ?? noReading }),
        )
        await report()
      })
    } finally {
      await settler.flush()
    }
  }
}

async function load(context: RunContext, part: Part, items: readonly Item[]): Promise<(item: Item) => Loaded> {
  const { id: runId, connectionId } = context.run
  const sourceRunId = sourceOf(context)
  const keys = items.map((item) => item.erpKey)
  const pairs = await findUndoPairs(connectionId, part.type, keys)
  const settledOf = await findSettledRecords({ runId, sourceRunId, type: part.type }, keys)
  const created = await findCreatedKeys({ sourceRunId, type: part.type, direction: part.direction }, keys)
  return (item) => {
    const pair = pairs.get(item.erpKey)
    const settled = settledOf(item.erpKey)
    return {
      item: { ...item, priorOutcome: settled.outcome },
      // Paired with another record since: that pair is none of this run's.
      pair: pair && pair.crmId === item.crmId ? pair : null,
      putBackBefore: settled.putBack,
      wasCreated: created.has(item.erpKey),
    }
  }
}

type Guard = ReturnType<typeof boundaryGuard>

/** The ERP's records as they stand now, in one call for all of them, made when the first is asked for. */
function erpReader(
  context: RunContext,
  guard: Guard,
  items: readonly Item[],
): (item: Item) => Promise<Guarded<ErpRecord | null>> {
  let reading: Promise<Guarded<ErpRecord[]>> | null = null
  return async (item) => {
    const keys = items.map((one) => one.erpKey)
    reading ??= guard(() => context.ports.erp.read(item.type, keys, { signal: context.signal }))
    const read = await reading
    return read.ok ? { ok: true, value: read.value.find((record) => record.key === item.erpKey) ?? null } : read
  }
}

function noReading(): Promise<{ ok: false; failure: RemoteFailure }> {
  throw new Error('Only what is put back in the ERP is read there.')
}

async function reporter(context: RunContext, direction: ItemDirection): Promise<() => Promise<void>> {
  const of = await countPlannedItems(context.run.id, direction)
  const name = direction === 'to_erp' ? context.names.erp : context.names.crm
  let done = 0
  return async () => {
    done += 1
    await context.report(`Putting ${name} back`, done, of)
  }
}
