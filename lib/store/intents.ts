import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'
import { ITEM, type Item, type ItemDirection, toItem } from './items.ts'

/** Creates on their way (guide/reliability.md, "Creating exactly one"): written down before they are sent. */

/**
 * Writes down, before anything is sent, that these creates may now happen and under which key (sync-rules §10.1).
 * The intent's time is the database's, so that two machines agree on how old it is. Answers the ids that may be sent:
 * a record that a person has paired since the plan was made is not among them.
 */
export async function markSending(
  tx: Database,
  intents: readonly { readonly id: string; readonly intentKey: string | null }[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE sync_item i
       SET state = 'sending', intent_key = t.intent_key, intent_at = now(), sends = i.sends + 1
      FROM unnest(${intents.map((t) => t.id)}::uuid[], ${intents.map((t) => t.intentKey)}::text[]) AS t(id, intent_key)
     WHERE i.id = t.id
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = i.connection_id AND m.type = i.type AND m.removed_at IS NULL
                          AND CASE i.direction WHEN 'to_crm' THEN m.erp_key = i.erp_key ELSE m.crm_id = i.crm_id END)
     RETURNING i.id`
  return new Set(rows.map((row) => row.id))
}

/** Takes back an intent that was certainly not sent. */
export async function unmarkSending(tx: Database, ids: readonly string[]): Promise<void> {
  await tx.syncItem.updateMany({ where: { id: { in: [...ids] }, state: 'sending' }, data: { state: 'planned' } })
}

/** Creates whose answer is not known, of any run of the connection. */
export async function findOpenIntents(of: {
  readonly connectionId: string
  readonly type: RecordType
  readonly direction: ItemDirection
}): Promise<(Item & { runId: string })[]> {
  const rows = await database().syncItem.findMany({
    where: { ...of, state: 'sending', action: 'create' },
    orderBy: { position: 'asc' },
    select: { ...ITEM, runId: true },
  })
  return rows.map(toItem)
}

/** An intent of an earlier run that came to nothing: its record is an ordinary candidate again. */
export async function dropIntent(tx: Database, id: string): Promise<void> {
  await tx.syncItem.updateMany({ where: { id, state: 'sending' }, data: { state: 'left' } })
}
