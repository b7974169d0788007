import type { ReferenceNames } from '#lib/store/record-lookups'
import { displayText } from '#lib/sync/display-text'
import type { FieldOwner } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import type { CrmDescription } from '#lib/sync/ports'
import type { FieldState, LeftReason, RecordField } from '#lib/sync/record-fields'
import type { FieldValue } from '#lib/sync/records'
import type { Tone } from '../../_ui/tone.ts'

/** What the values of one record are made readable with. */
export interface Reading {
  readonly references: ReferenceNames
  /** `null` before the first run has asked the CRM. */
  readonly description: CrmDescription | null
}

/** A value as people read it. */
export type ShownValue =
  | { readonly is: 'unread' }
  | { readonly is: 'empty' }
  /** `key`: what the system stores, where that is not what people call it. */
  | { readonly is: 'value'; readonly text: string; readonly key: string | null }

const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 20 })
const LONGEST = 1_000

/** `crm` is the form in which the CRM and the base hold it. */
export function shownField(
  field: Pick<RecordField, 'transform'>,
  form: 'erp' | 'crm',
  value: FieldValue | undefined,
  { references, description }: Reading,
): ShownValue {
  if (value === undefined) return { is: 'unread' }
  if (value === null || value.trim() === '') return { is: 'empty' }
  const { transform } = field
  const shown = (text: string, key: string | null = null): ShownValue => ({ is: 'value', text, key })
  switch (transform.kind) {
    case 'flag':
      return shown(value.toUpperCase() === 'Y' ? 'Yes' : 'No')
    case 'decimal':
      return shown(/^-?\d{1,15}(\.\d+)?$/.test(value) ? money.format(Number(value)) : displayText(value, LONGEST))
    case 'reference': {
      const known = form === 'erp' ? references.erp : references.crm
      const name = known.get(`${transform.type} ${form === 'erp' ? value.trim() : value.trim().toUpperCase()}`)
      return name === undefined ? shown(displayText(value)) : shown(displayText(name), displayText(value))
    }
    case 'code': {
      const entry = form === 'crm' ? description?.codeTables[transform.table]?.find(({ code }) => code === value) : null
      return entry ? shown(displayText(entry.description), displayText(value)) : shown(displayText(value, LONGEST))
    }
    case 'memo':
      return shown(value.slice(0, 4 * LONGEST))
    default:
      return shown(displayText(value, LONGEST))
  }
}

export function ownerWords(owner: FieldOwner, names: SideNames): string {
  return { erp: names.erp, crm: names.crm, shared: 'Shared', create: 'At creation' }[owner]
}

/** What the owner means, on hover. */
export function ownerHelp(owner: FieldOwner, { erp, crm }: SideNames): string {
  switch (owner) {
    case 'erp':
      return `${erp} wins: a change in ${crm} is put back.`
    case 'crm':
      return `${crm} wins: a change travels to ${erp} where ${erp} has the field.`
    case 'shared':
      return 'The side that changed wins; where both did, the conflict policy decides.'
    case 'create':
      return 'Written once, when the record is created.'
  }
}

export function stateWords(state: FieldState, names: SideNames): { readonly label: string; readonly tone: Tone } {
  switch (state) {
    case 'same':
      return { label: 'Same', tone: 'idle' }
    case 'send':
      return { label: `To ${names.crm}`, tone: 'info' }
    case 'take':
      return { label: `To ${names.erp}`, tone: 'info' }
    case 'both':
      return { label: 'Decided, to both', tone: 'info' }
    case 'conflict':
      return { label: 'Conflict', tone: 'warn' }
    case 'pinned':
      return { label: 'Pinned', tone: 'idle' }
    case 'left':
      return { label: 'Left as it is', tone: 'idle' }
  }
}

export function leftWords(reason: LeftReason, { erp, crm }: SideNames): string {
  switch (reason) {
    case 'creation-only':
      return 'Written at creation only.'
    case 'pinned':
      return 'No sync touches it.'
    case 'sync-off':
      return 'Sync to CRM is off.'
    case 'read-only':
      return 'Read and shown, never written.'
    case 'not-writable':
      return `${crm} has no such field, or it may not be written.`
    case 'not-read':
      return `${erp} did not give it.`
    case 'not-read-in-crm':
      return `${crm} did not give it.`
    case 'other-name':
      return 'The name travels in the other name field.'
    case 'unresolved':
      return `It has no counterpart on the other side.`
    case 'only-if-empty':
      return 'Written only where the other side is empty.'
    case 'empty':
      return 'Empty on the side that would win, so nothing is cleared.'
    case 'not-in-erp':
      return `${erp} has no field for it.`
  }
}
