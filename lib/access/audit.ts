import { type AuditEntry, appendAudit } from '#lib/store/audit'
import { database, type Transaction } from '#lib/store/database'

/** Writes one event to the audit trail: inside the caller's transaction where there is one, in its own otherwise. */
export async function audit(entry: AuditEntry, tx?: Transaction): Promise<void> {
  if (tx) await appendAudit(tx, entry)
  else await database().$transaction((own) => appendAudit(own, entry))
}
