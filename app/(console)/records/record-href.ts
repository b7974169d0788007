import type { RecordType } from '#lib/sync/records'
import { address, type Query } from '../address.ts'

/** The page of a record of the ERP. */
export function recordHref(type: RecordType, erpKey: string, query: Query = {}): string {
  return address(`/records/${type}/${encodeURIComponent(erpKey)}`, query)
}

/** The page of a record that may be in the CRM alone. Its id may hold anything, so it is no part of the path. */
export function crmRecordHref(type: RecordType, crmId: string, query: Query = {}): string {
  return address(`/records/${type}/crm`, { ...query, id: crmId })
}

/**
 * The page of whatever a line, an item or a problem is about; `null` where it names no record. A record that is new in
 * the ERP has no key there while it waits or where it failed.
 */
export function pageOfRecord(place: {
  readonly type?: RecordType | null
  readonly erpKey?: string | null
  readonly crmId?: string | null
}): string | null {
  const { type, erpKey, crmId } = place
  if (!type) return null
  if (erpKey) return recordHref(type, erpKey)
  return crmId ? crmRecordHref(type, crmId) : null
}
