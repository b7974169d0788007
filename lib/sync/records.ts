/**
 * The canonical shapes that cross the ports. Both adapters translate their wire JSON into these, the rules of
 * `lib/sync` decide on them, the store keeps them. Field names are the ones of the field map (`spec/fields.md`):
 * opaque strings here, so that no rule depends on one product.
 */

/** In reading and sending order (sync-rules §3.1): each type needs the mappings of those before it. */
export const RECORD_TYPES = ['employee', 'client', 'vendor', 'contact', 'project'] as const
export type RecordType = (typeof RECORD_TYPES)[number]

export type Side = 'erp' | 'crm'

/**
 * One field's value in canonical form; `null` is empty. Text: as stored by the system, not yet trimmed. Dates:
 * `YYYY-MM-DD`. Decimals: plain decimal text without exponent or grouping (`-1234.5`). Flags: `Y` or `N`.
 * References: the key of the referenced record on the same side.
 */
export type FieldValue = string | null
export type Fields = Readonly<Record<string, FieldValue>>

/** One ERP record as last read. */
export interface ErpRecord {
  readonly type: RecordType
  /** The ERP's integer key as decimal text, e.g. `"1042"`. */
  readonly key: string
  /** Description of a project or client; first, middle and last name joined by single spaces for people. */
  readonly name: string
  /** By ERP field name of the field map. A field that is missing was not read; `null` is known to be empty. */
  readonly fields: Fields
  /** ISO 8601 UTC by the ERP's own clock, `null` if the ERP gave none. */
  readonly modifiedAt: string | null
  /** Projects only: status Closed. */
  readonly closed: boolean
  /** Projects: *Sync to CRM*. Other types: always true. */
  readonly syncToCrm: boolean
  /** Projects: *Create in CRM*. Other types: always false. */
  readonly createInCrm: boolean
}

/** One CRM record as last read or written. */
export interface CrmRecord {
  readonly type: RecordType
  /** Key by which the CRM addresses it: project number, firm id, contact id, employee number. */
  readonly id: string
  /** Short name of a project; firm name; first, middle and last name joined by single spaces for people. */
  readonly name: string
  /** Projects only; `null` elsewhere. */
  readonly longName: string | null
  /** The ERP key stored in the external-key field, `null` when empty or when the CRM has no such field. */
  readonly externalKey: string | null
  /** The CRM's own "sync me" flag; false when the CRM has none. */
  readonly syncFlag: boolean
  /** By CRM field name of the field map. Missing: not readable in this CRM; `null`: known to be empty. */
  readonly fields: Fields
  readonly modifiedAt: string | null
  readonly createdAt: string | null
}
