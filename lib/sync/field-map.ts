import type { RecordType } from './records.ts'

/** sync-rules §9. `create`: written once, when the CRM record is created. */
export type FieldOwner = 'erp' | 'crm' | 'shared' | 'create'

/** How an ERP value becomes a CRM value. Length limits come from the CRM's description, not from here. */
export type FieldTransform =
  /** One line: trimmed, NFC, white space folded (§13.7). */
  | { readonly kind: 'text' }
  /** Many lines: NFC, line ends as `\n`, trimmed at both ends; inner white space kept. */
  | { readonly kind: 'memo' }
  | { readonly kind: 'date' }
  /** Rounded half away from zero to `places`, compared as decimals (§13.11). */
  | { readonly kind: 'decimal'; readonly places: number }
  | { readonly kind: 'flag' }
  /** Value map: ERP value → CRM value; an ERP value that is not in it is an unknown code. */
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, string>> }
  /** Looked up by description in a code table of the CRM; sends the code. */
  | { readonly kind: 'code'; readonly table: string }
  /**
   * A name of a master list of the CRM, after a value map; sends the name as the list spells it. Where the CRM does not
   * give the list, the mapped name is sent as it is (§13.11).
   */
  | { readonly kind: 'listed-name'; readonly table: string; readonly values: Readonly<Record<string, string>> }
  /** The mapped CRM id of another record. */
  | { readonly kind: 'reference'; readonly type: RecordType }
  /** The description where it fits the short name, else its first characters at creation only (§4.4, fields.md). */
  | { readonly kind: 'short-name' }
  /** The description where it exceeds the short name; else at creation only. */
  | { readonly kind: 'long-name' }

export interface FieldMapEntry {
  readonly erp: string
  readonly crm: string
  readonly owner: FieldOwner
  readonly transform: FieldTransform
  /** What a screen calls the field. */
  readonly label: string
  /**
   * `number`: the caller's key of the record. `sync-flag`: *Sync to CRM*. `total`: one of the fifteen project totals,
   * sent only when the CRM has the column. `template`: names the ERP template of a project that is new in the CRM.
   * `read-only`: read and shown, never written.
   */
  readonly role?: 'number' | 'sync-flag' | 'total' | 'template' | 'read-only'
  /** Written only where the other side's field is empty. */
  readonly onlyIfEmpty?: boolean
  /** The value that is sent to the CRM, in CRM form, whatever the ERP holds; `erp` is empty then. */
  readonly constant?: string
}

export type FieldMap = Readonly<Record<RecordType, readonly FieldMapEntry[]>>
