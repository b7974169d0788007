import type { FieldMapEntry } from './field-map.ts'
import type { SideNames } from './messages.ts'
import type { CrmDescription, CrmField, ErpField } from './ports.ts'
import type { RecordType } from './records.ts'

/** What a field map of one record type is held against. */
export interface MapCheck {
  readonly type: RecordType
  readonly names: SideNames
  readonly erpFields: readonly ErpField[]
  readonly description: CrmDescription
}

/** Which part of an entry a finding is about. */
export type MapPart = 'erp' | 'constant' | 'crm' | 'label' | 'owner' | 'transform' | 'onlyIfEmpty' | 'values'

/** Something that is wrong with one entry. */
export interface EntryFinding {
  /** An error keeps the map from being saved. */
  readonly level: 'error' | 'warning'
  /** `null`: the entry as a whole, or one that is missing. */
  readonly part: MapPart | null
  /** What is wrong, why, and what to do, in complete sentences. */
  readonly message: string
}

/** Number, sync flag and names keep their source, owner and form. */
export function isFixedEntry({ role, transform }: FieldMapEntry): boolean {
  return role === 'number' || role === 'sync-flag' || transform.kind === 'short-name' || transform.kind === 'long-name'
}

/** An entry that the sync cannot do without: number, sync flag, names, and what the CRM takes no record without. */
export function isRequiredEntry(check: Pick<MapCheck, 'type' | 'description'>, entry: FieldMapEntry): boolean {
  return isFixedEntry(entry) || crmFieldNamed(check, entry.crm)?.required === true
}

/** The CRM's field of that name; `undefined` where it has none or does not tell. */
export function crmFieldNamed(
  { type, description }: Pick<MapCheck, 'type' | 'description'>,
  name: string,
): CrmField | undefined {
  return description.types[type].fields?.find((field) => field.name === name)
}

/** The ERP's field of that name, one of its open ones among them. */
export function erpFieldNamed(fields: readonly ErpField[], name: string): ErpField | undefined {
  const own = fields.find((field) => field.name === name && !field.isOpen)
  return own ?? fields.find((field) => field.isOpen && name.startsWith(field.name) && name !== field.name)
}
