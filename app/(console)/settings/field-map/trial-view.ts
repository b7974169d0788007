import type { TrialField } from '#lib/field-map-trial'
import { displayText } from '#lib/sync/display-text'
import type { FieldTransform } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import { PROBLEMS } from '#lib/sync/problems'
import type { LeftReason } from '#lib/sync/record-fields'
import type { FieldValue } from '#lib/sync/records'

/** One value beside an entry; plain, so that it can go to a form in the browser. */
export interface ShownValue {
  readonly kind: 'value' | 'empty' | 'unread'
  readonly text: string
  /** Of a reference: whose key the text is. */
  readonly name: string | null
}

export interface TrialView {
  readonly erp: ShownValue
  readonly sent: ShownValue
  readonly crm: ShownValue
  /** The CRM holds already what would be sent. */
  readonly isSame: boolean
  /** Why nothing, or something else, would be sent. */
  readonly note: { readonly tone: 'idle' | 'warn'; readonly text: string } | null
}

const LONGEST = 200
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 8 })

/** What a trial found about one entry, for people. `null`: the entry has nothing that could be tried. */
export function trialView({ field, names }: TrialField, sides: SideNames): TrialView {
  const { transform, erp, erpInCrmForm, crm, left, owner, warning } = field
  return {
    erp: shown(transform, erp, names.erp),
    sent: shown(transform, owner === 'crm' ? undefined : erpInCrmForm, names.sent),
    crm: shown(transform, crm, names.crm),
    isSame: erpInCrmForm !== undefined && crm !== undefined && !field.differs,
    note: warning
      ? { tone: 'warn', text: `Left out: ${PROBLEMS[warning.code].title.toLowerCase()}.` }
      : noteOf(owner === 'create' ? 'creation-only' : left, field.erpField, sides),
  }
}

function shown(transform: FieldTransform, value: FieldValue | undefined, name: string | null): ShownValue {
  if (value === undefined) return { kind: 'unread', text: '', name: null }
  const text = displayText(value ?? '', LONGEST)
  if (text === '') return { kind: 'empty', text: '', name: null }
  const isAmount = transform.kind === 'decimal' && transform.places > 0 && Number.isFinite(Number(value))
  return { kind: 'value', text: isAmount ? money.format(Number(value)) : text, name: name && displayText(name, 80) }
}

function noteOf(left: LeftReason | null, erpField: string, { erp, crm }: SideNames): TrialView['note'] {
  const text = left && LEFT_WORDS[left](erpField, erp, crm)
  return text ? { tone: left === 'not-writable' || left === 'unresolved' ? 'warn' : 'idle', text } : null
}

const LEFT_WORDS: Readonly<Record<LeftReason, (erpField: string, erp: string, crm: string) => string | null>> = {
  'creation-only': () => 'At creation only.',
  pinned: () => null,
  'sync-off': () => null,
  'read-only': () => null,
  'not-writable': (_field, _erp, crm) => `Left out: ${crm} has no such field, or fills it itself.`,
  'not-read': (field, erp) =>
    field === '' ? null : `${erp} has not been read with this field yet: the next run reads it.`,
  'other-name': () => 'The other name field carries it.',
  unresolved: () => 'Left out: it has no form on the other side.',
  'not-read-in-crm': (_field, _erp, crm) => `${crm} has not been read with this field yet: the next run reads it.`,
  'only-if-empty': (_field, _erp, crm) => `Left: ${crm} holds something already.`,
  empty: () => 'Left: an empty value clears nothing here.',
  'not-in-erp': (_field, erp) => `Stays: ${erp} has no field for it.`,
}
