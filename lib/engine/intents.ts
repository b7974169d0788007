import type { RunContext } from '#lib/engine/context'
import { findOurs } from '#lib/engine/create-keys'
import type { boundaryGuard } from '#lib/engine/failures'
import type { StoredErpRecord } from '#lib/store/erp-records'
import type { Item } from '#lib/store/items'
import type { CrmRecord } from '#lib/sync/records'

/** What became of a create whose answer never came (guide/reliability.md, "Creating exactly one"). */
export type Resolution =
  | { readonly found: 'one'; readonly record: CrmRecord }
  /** It was not executed: it may be sent again. */
  | { readonly found: 'none' }
  /** Several records could be it: a person decides. */
  | { readonly found: 'several'; readonly records: readonly CrmRecord[] }
  /** The look-up itself failed: still unknown. */
  | { readonly found: 'unknown'; readonly reason: string }

/**
 * Looks an unanswered create up. With a key of our own the look-up by key is final, since sending again under the same
 * key cannot make a second record. Without one, the CRM gets the grace period to finish what it may still be doing,
 * and is asked twice, half a period apart.
 */
export async function resolveIntent(
  context: RunContext,
  item: Item,
  erp: StoredErpRecord,
  guard: ReturnType<typeof boundaryGuard>,
): Promise<Resolution> {
  const intent = { key: item.intentKey, at: item.intentAt }
  if (item.intentKey !== null) return lookUpByKey(context, erp, intent, guard)
  const graceMilliseconds = context.ports.settings.graceSeconds * 1000
  const readyAt = (item.intentAt?.getTime() ?? Date.now()) + graceMilliseconds
  await waitFor(context, Math.min(Math.max(readyAt - Date.now(), 0), graceMilliseconds))
  const first = await lookUpByContent(context, erp, intent, guard)
  if (first.found !== 'none') return first
  await waitFor(context, graceMilliseconds / 2)
  return lookUpByContent(context, erp, intent, guard)
}

/** So often a wait looks whether the run was cancelled. */
const LOOK_EVERY_MILLISECONDS = 1000

/** Waits, and stops where the run is asked to. */
export async function waitFor(context: RunContext, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= LOOK_EVERY_MILLISECONDS) {
    await context.report('Waiting until an unanswered create is certain', 0, null)
    await context.ports.sleep(Math.min(left, LOOK_EVERY_MILLISECONDS), context.signal)
    context.stopIfAsked()
  }
  context.stopIfAsked()
}

interface Intent {
  readonly key: string | null
  readonly at: Date | null
}

async function lookUpByKey(
  context: RunContext,
  erp: StoredErpRecord,
  intent: Intent,
  guard: ReturnType<typeof boundaryGuard>,
): Promise<Resolution> {
  const answer = await guard(() =>
    context.ports.crm.read(erp.record.type, intent.key === null ? [] : [intent.key], { signal: context.signal }),
  )
  if (!answer.ok) return { found: 'unknown', reason: answer.failure.message }
  const [record] = await findOurs(context, erp.record, answer.value, intent)
  return record ? { found: 'one', record } : { found: 'none' }
}

async function lookUpByContent(
  context: RunContext,
  erp: StoredErpRecord,
  intent: Intent,
  guard: ReturnType<typeof boundaryGuard>,
): Promise<Resolution> {
  const { type, key, name } = erp.record
  const byKey = context.description.types[type].externalKeyField !== null
  const answer = await guard(() =>
    byKey
      ? context.ports.crm.findByExternalKey(type, key, { signal: context.signal })
      : context.ports.crm.findByName(type, name, { signal: context.signal }),
  )
  if (!answer.ok) return { found: 'unknown', reason: answer.failure.message }
  const ours = await findOurs(context, erp.record, answer.value, intent)
  const [first, ...others] = ours
  if (!first) return { found: 'none' }
  return others.length === 0 ? { found: 'one', record: first } : { found: 'several', records: ours }
}
