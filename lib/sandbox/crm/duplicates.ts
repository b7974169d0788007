import { fold } from '../database.ts'
import type { Hub } from '../faults.ts'
import { type Doc, textOf } from '../json.ts'
import { type CrmContext, crmExists } from './store.ts'

/**
 * Duplicate keys, in the exact texts seen live (vantagepoint-api §8). Names may repeat: the API accepts several firms
 * of one name.
 */
function numberTaken(context: CrmContext, column: 'Client' | 'Vendor', number: string, self: string | null): boolean {
  if (number === '') return false
  const sql = `SELECT 1 AS found FROM crm WHERE hub = 'firm' AND fold(json_extract(doc, '$.${column}')) = ? AND key <> ? LIMIT 1`
  return context.database.get(sql, fold(number), self ?? '') !== undefined
}

/** Problems of a record that is about to be stored; `self` is its own key when it exists already. */
export function duplicates(context: CrmContext, hub: Hub, key: string, doc: Doc, self: string | null): string[] {
  if (self === null && crmExists(context.database, hub, key))
    return [`Record ${key} already exists and cannot be added`]
  if (hub !== 'firm') return []
  const [client, vendor] = [textOf(doc.Client).trim(), textOf(doc.Vendor).trim()]
  const problems: string[] = []
  if (numberTaken(context, 'Client', client, self)) problems.push(`Firm Number already exists: ${client}.`)
  if (numberTaken(context, 'Vendor', vendor, self)) problems.push(`Vendor Number already exists: ${vendor}.`)
  return problems
}
