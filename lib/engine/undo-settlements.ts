import { crmContentHash, erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import type { boundaryGuard, Guarded } from '#lib/engine/failures'
import type { Settlement } from '#lib/engine/settle'
import type { Item } from '#lib/store/items'
import type { UndoPair } from '#lib/store/undo'
import type { UndonePair } from '#lib/store/undo-pairs'
import type { Subject } from '#lib/sync/log-entry'
import type { RemoteFailure } from '#lib/sync/ports'
import { problemCodes, problemOfFailure } from '#lib/sync/problems'
import type { CrmRecord, ErpRecord, Side } from '#lib/sync/records'
import { confirmUndo, planUndo, type UndoInput, type UndoPlan } from '#lib/sync/undo'
import {
  createdStaysMessage,
  keptMessage,
  keptSentence,
  notPutBackMessage,
  putBackMessage,
  unmappedMessage,
} from '#lib/sync/undo-messages'

/** One item of an undo with what the store knows of its record. */
export interface Loaded {
  /** Its `priorOutcome` is what the record counts as already. */
  readonly item: Item
  /** The living pair of the two records; `null`: there is none any more. */
  readonly pair: UndoPair | null
  /** CRM field names of what was put back of the record already, on either side. */
  readonly putBackBefore: readonly string[]
  /** The run that is undone created it on the side of the item. */
  readonly wasCreated: boolean
}

export interface UndoTools {
  readonly guard: ReturnType<typeof boundaryGuard>
  readonly readErp: (item: Item) => Promise<Guarded<ErpRecord | null>>
}

type AnyRecord = ErpRecord | CrmRecord

/** Puts the fields of one item back and answers what to store of it (sync-rules §12). */
export async function settlePutBack(context: RunContext, loaded: Loaded, tools: UndoTools): Promise<Settlement> {
  const { item } = loaded
  const side: Side = item.direction === 'to_erp' ? 'erp' : 'crm'
  const read = await readNow(context, item, side, tools)
  if (!read.ok) return failed(context, item, side, read.failure)
  const input = undoInput(context, loaded, side, read.value)
  const plan = planUndo(input)
  if (Object.keys(plan.write).length === 0) return settled(context, loaded, side, { plan, record: read.value })
  const written = await tools.guard(() => write(context, item, side, plan))
  if (!written.ok) return failed(context, item, side, written.failure)
  const confirmed = confirmUndo(input, plan, written.value)
  return settled(context, loaded, side, { plan: confirmed, record: written.value })
}

function undoInput(context: RunContext, loaded: Loaded, side: Side, record: AnyRecord | null): UndoInput {
  const { item, pair, putBackBefore } = loaded
  return {
    type: item.type,
    side,
    changes: item.changes,
    record,
    entries: context.ports.fieldMap[item.type],
    description: context.description,
    // What this undo has pinned itself while it put the other side back is no person's word.
    pins: (pair?.pins ?? []).filter((field) => !putBackBefore.includes(field)),
    explain: (kept) => keptSentence(kept, context.names),
  }
}

async function readNow(
  context: RunContext,
  item: Item,
  side: Side,
  tools: UndoTools,
): Promise<Guarded<AnyRecord | null>> {
  if (side === 'erp') return tools.readErp(item)
  const { crmId } = item
  if (crmId === null) return { ok: true, value: null }
  const read = await tools.guard(() => context.ports.crm.read(item.type, [crmId], { signal: context.signal }))
  return read.ok ? { ok: true, value: read.value[0] ?? null } : read
}

function write(context: RunContext, item: Item, side: Side, plan: UndoPlan): Promise<AnyRecord> {
  const { erp, crm } = context.ports
  const options = { signal: context.signal }
  return side === 'erp'
    ? erp.update(item.type, item.erpKey, plan.write, options)
    : crm.update(item.type, item.crmId ?? '', plan.write, null, options)
}

function settled(
  context: RunContext,
  loaded: Loaded,
  side: Side,
  done: { readonly plan: UndoPlan; readonly record: AnyRecord | null },
): Settlement {
  const { names } = context
  const { item } = loaded
  const { changes, putBack, base } = done.plan
  const subject = subjectOf(item)
  const kept = changes.filter((change) => change.kept !== undefined)
  const back = changes.filter((change) => change.kept === undefined)
  const isEnded = side === 'crm' && isAdded(context, loaded.pair)
  const keptLine = kept.length > 0 ? keptMessage(names, subject, side, kept) : null
  const unmapped = isEnded ? unmappedMessage(names, subject) : null
  return {
    item,
    state: 'done',
    outcome: putBack.length > 0 || isEnded ? 'updated' : 'skipped',
    ...(keptLine ? { problemCode: problemCodes.undoKept } : {}),
    ...(unmapped ? { message: unmapped.message } : {}),
    changes,
    ...recordOf(done.record),
    undone: {
      ...pairKeys(item),
      ...base,
      pins: context.run.undoPins ? putBack : [],
      isEnded,
    },
    log: [...(back.length > 0 ? [putBackMessage(names, subject, side, back)] : []), keptLine, unmapped].filter(
      (line) => line !== null,
    ),
  }
}

/** Ends the pair of a record that the run created, which itself stays, or only paired (sync-rules §12). */
export function settleUnmapped(context: RunContext, { item, pair, wasCreated }: Loaded): Settlement {
  const { names } = context
  const subject = subjectOf(item)
  const created = wasCreated ? createdStaysMessage(names, subject, item.direction === 'to_erp' ? 'erp' : 'crm') : null
  const unmapped = isAdded(context, pair) ? unmappedMessage(names, subject) : null
  const lines = [created, unmapped].filter((line) => line !== null)
  return {
    item,
    state: 'done',
    outcome: created ? 'skipped' : unmapped ? 'updated' : 'unchanged',
    ...(created ? { problemCode: problemCodes.undoCreatedStays } : {}),
    ...(lines.length > 0 ? { message: lines.map((line) => line.message).join(' ') } : {}),
    undone: { ...pairKeys(item), restore: {}, forget: [], pins: [], isEnded: true },
    log: lines,
  }
}

function isAdded(context: RunContext, pair: UndoPair | null): boolean {
  return pair !== null && pair.createdInRun === context.run.sourceRunId
}

function failed(context: RunContext, item: Item, side: Side, failure: RemoteFailure): Settlement {
  const code = problemOfFailure(failure.reason, 'update')
  const line = notPutBackMessage(context.names, subjectOf(item), side, { code, reason: failure.message })
  return { item, state: 'failed', outcome: 'failed', problemCode: code, message: line.message, log: [line] }
}

function recordOf(record: AnyRecord | null): Pick<Settlement, 'crm' | 'erp'> {
  if (!record) return {}
  return 'key' in record
    ? { erp: { record, contentHash: erpContentHash(record) } }
    : { crm: { record, contentHash: crmContentHash(record) } }
}

function pairKeys(item: Item): Pick<UndonePair, 'erpKey' | 'crmId'> {
  return { erpKey: item.erpKey, crmId: item.crmId ?? '' }
}

function subjectOf({ type, erpKey, erpName, crmId }: Item): Subject {
  return { type, erpKey, erpName, crmId }
}
