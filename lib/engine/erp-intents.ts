import type { RunContext } from '#lib/engine/context'
import type { boundaryGuard } from '#lib/engine/failures'
import { waitFor } from '#lib/engine/intents'
import { database } from '#lib/store/database'
import { findNeverMatches } from '#lib/store/findings'
import type { Item } from '#lib/store/items'
import { findPairIds } from '#lib/store/mappings'
import { nameKey } from '#lib/sync/name-rule'
import type { ErpRecord, RecordType } from '#lib/sync/records'

/** What became of a create in the ERP whose answer never came (guide/reliability.md, "Creating exactly one", K2). */
export type ErpResolution =
  | { readonly found: 'one'; readonly record: ErpRecord }
  /** It was not executed: it may be sent again. */
  | { readonly found: 'none' }
  /** Several records could be it: a person decides. */
  | { readonly found: 'several'; readonly records: readonly ErpRecord[] }
  /** The look-up itself failed: still unknown. */
  | { readonly found: 'unknown'; readonly reason: string }

/** How far the ERP's clock may be behind ours when "changed since the intent" is asked (invariant 11). */
const CLOCK_TOLERANCE_MILLISECONDS = 10 * 60 * 1000

/**
 * Looks unanswered creates of one type up (sync-rules §10.1). The ERP keeps no key of the caller's, so it gets the grace
 * period to finish what it may still be doing, and what changed there since the intents is read twice, half a period
 * apart. Answers one resolution per item, by item id.
 */
export async function resolveErpIntents(
  context: RunContext,
  type: RecordType,
  items: readonly Item[],
  guard: ReturnType<typeof boundaryGuard>,
): Promise<Map<string, ErpResolution>> {
  const graceMilliseconds = context.ports.settings.graceSeconds * 1000
  const latest = Math.max(...items.map((item) => item.intentAt?.getTime() ?? Date.now()))
  await waitFor(context, Math.min(Math.max(latest + graceMilliseconds - Date.now(), 0), graceMilliseconds))
  const first = await lookUp(context, type, items, guard)
  const missing = items.filter((item) => first.get(item.id)?.found === 'none')
  if (missing.length === 0) return first
  await waitFor(context, graceMilliseconds / 2)
  return new Map([...first, ...(await lookUp(context, type, missing, guard))])
}

async function lookUp(
  context: RunContext,
  type: RecordType,
  items: readonly Item[],
  guard: ReturnType<typeof boundaryGuard>,
): Promise<Map<string, ErpResolution>> {
  const earliest = Math.min(...items.map((item) => item.intentAt?.getTime() ?? Date.now()))
  const since = new Date(earliest - CLOCK_TOLERANCE_MILLISECONDS).toISOString()
  const answer = await guard(async () => {
    const records: ErpRecord[] = []
    for await (const page of context.ports.erp.readChanged(type, since, { signal: context.signal })) {
      records.push(...page.records)
    }
    return records
  })
  if (!answer.ok) {
    const unknown: ErpResolution = { found: 'unknown', reason: answer.failure.message }
    return new Map(items.map((item) => [item.id, unknown]))
  }
  const isFree = await loadFree(context, type)
  return new Map(
    items.map((item) => [
      item.id,
      among(
        context,
        item,
        answer.value.filter((one) => isFree(item, one)),
      ),
    ]),
  )
}

/** Of the records read, those that no pair has and that nobody has ruled out for this CRM record (§4.7, §4.10). */
async function loadFree(context: RunContext, type: RecordType): Promise<(item: Item, record: ErpRecord) => boolean> {
  const { connectionId } = context.run
  const mapped = await findPairIds(connectionId, type)
  const never = await findNeverMatches(database(), connectionId, type)
  const ruledOut = new Set(never.map((pair) => `${pair.erpKey} ${pair.crmId.toUpperCase()}`))
  return (item, record) => !mapped.has(record.key) && !ruledOut.has(`${record.key} ${(item.crmId ?? '').toUpperCase()}`)
}

/**
 * Which of the records is the one that was sent: a project by its number, which no other had when it was planned; else
 * by the exact name.
 */
function among(context: RunContext, item: Item, records: readonly ErpRecord[]): ErpResolution {
  const field = context.ports.fieldMap[item.type].find((entry) => entry.role === 'number')?.erp
  const number = nameKey(item.changes.find((change) => change.erpField === field)?.to ?? '')
  const numbered = field && number !== '' ? records.filter((one) => nameKey(one.fields[field] ?? '') === number) : []
  const ours = numbered.length > 0 ? numbered : records.filter((one) => nameKey(one.name) === nameKey(item.erpName))
  const [first, ...others] = ours
  if (!first) return { found: 'none' }
  return others.length === 0 ? { found: 'one', record: first } : { found: 'several', records: ours }
}
