import type { RunContext } from '#lib/engine/context'
import type { Settler } from '#lib/engine/settle'
import { markSending } from '#lib/store/intents'
import type { Item } from '#lib/store/items'

/**
 * Says of each create what is about to be sent, before it is (sync-rules §10.1). Answers those that may be sent: what a
 * person has paired since the plan was made is settled here instead.
 */
export async function storeIntents<P extends { readonly item: Item }>(
  context: RunContext,
  prepared: readonly P[],
  keyOf: (one: P) => string | null,
  settler: Settler,
): Promise<P[]> {
  context.ports.atPoint?.('before-intent')
  const intents = prepared.map((one) => ({ id: one.item.id, intentKey: keyOf(one) }))
  // A first sending is a step forward; one that only repeats what an attempt that died had sent is none.
  const gotFurther = prepared.some((one) => one.item.sends === 0)
  const mayBeSent = await context.commit((tx) => markSending(tx, intents), { gotFurther })
  context.ports.atPoint?.('after-intent-commit')
  for (const { item } of prepared) {
    if (!mayBeSent.has(item.id)) await settler.add({ item, state: 'done', outcome: 'skipped', log: [] })
  }
  await settler.flush()
  return prepared.filter((one) => mayBeSent.has(one.item.id))
}
