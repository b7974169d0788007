import type { FieldMapEntry, FieldTransform } from '#lib/sync/field-map'
import { crmFieldNamed, erpFieldNamed, isFixedEntry, type MapCheck } from '#lib/sync/map-fields'
import { foldWhiteSpace } from '#lib/sync/name-rule'
import type { CrmField, ErpField } from '#lib/sync/ports'
import type { EntryForm } from './schema.ts'
import type { ValueRow } from './state.ts'

/** The rows of the value map that have both sides; one without a right side leaves its value out. */
export function valueRows({ from, to }: Pick<EntryForm, 'from' | 'to'>): ValueRow[] {
  return from.map((value, index) => ({ from: value, to: to[index] ?? '' })).filter((row) => row.to !== '')
}

/**
 * The entry that a form describes. What is fixed about the entry it was made from stays; fields take the spelling of the
 * system that has them; what is left to the sync is decided by what the fields hold.
 */
export function entryFromForm(form: EntryForm, check: MapCheck, before: FieldMapEntry | null): FieldMapEntry {
  const crm = spelling(check.description.types[check.type].fields ?? [], form.crm)
  if (before && isFixedEntry(before)) {
    const isFlag = before.role === 'sync-flag'
    return { ...before, label: form.label || before.label, ...(isFlag && crm !== '' ? { crm } : {}) }
  }
  const target = crmFieldNamed({ ...check }, crm)
  const onlyIfEmpty = form.onlyIfEmpty === 'on' ? { onlyIfEmpty: true } : {}
  if (form.source === 'none') {
    const label = form.label || target?.label || crm
    const role = before?.role === 'template' ? 'template' : 'read-only'
    return { erp: '', crm, owner: 'crm', transform: byCrmKind(target), label, role }
  }
  if (form.source === 'constant') {
    const transform = byCrmKind(target)
    const constant = transform.kind === 'memo' ? form.constant.trim() : foldWhiteSpace(form.constant)
    const value = transform.kind === 'flag' ? constant.toUpperCase() : constant
    const label = form.label || target?.label || crm
    return { erp: '', crm, owner: form.owner, transform, label, ...onlyIfEmpty, constant: value }
  }
  const erp = spelling(check.erpFields, form.erp)
  const source = erpFieldNamed(check.erpFields, erp)
  const label = form.label || (source?.isOpen ? erp.slice(source.name.length) : source?.label) || erp
  const role = source?.kind === 'total' ? ({ role: 'total' } as const) : {}
  return { erp, crm, owner: form.owner, transform: transformOf(form, source, target), label, ...role, ...onlyIfEmpty }
}

/** The name as its system writes it, where it has it in another letter case. */
function spelling(fields: readonly { readonly name: string }[], typed: string): string {
  const key = typed.toLowerCase()
  return fields.find(({ name }) => name === typed || name.toLowerCase() === key)?.name ?? typed
}

function byCrmKind(target: CrmField | undefined): FieldTransform {
  switch (target?.kind) {
    case 'decimal':
      return { kind: 'decimal', places: 2 }
    case 'whole':
      return { kind: 'decimal', places: 0 }
    case 'date':
    case 'memo':
    case 'flag':
      return { kind: target.kind }
    default:
      return { kind: 'text' }
  }
}

function transformOf(form: EntryForm, source: ErpField | undefined, target: CrmField | undefined): FieldTransform {
  const values = Object.fromEntries(valueRows(form).map(({ from, to }) => [from, to]))
  switch (form.sending) {
    case 'auto':
      return byKinds(source, target)
    case 'decimal':
      return { kind: 'decimal', places: form.places === '' ? 2 : Number(form.places) }
    case 'values':
      return { kind: 'values', values }
    case 'code':
      return { kind: 'code', table: form.table }
    case 'listed-name':
      return { kind: 'listed-name', table: form.table, values }
    case 'reference':
      return { kind: 'reference', type: form.reference }
    default:
      return { kind: form.sending }
  }
}

function byKinds(source: ErpField | undefined, target: CrmField | undefined): FieldTransform {
  switch (source?.kind) {
    case 'reference':
      return source.references ? { kind: 'reference', type: source.references } : { kind: 'text' }
    case 'total':
    case 'decimal':
      return { kind: 'decimal', places: target?.kind === 'whole' ? 0 : 2 }
    case 'date':
    case 'flag':
      return { kind: source.kind }
    case 'memo':
      return { kind: target?.kind === 'text' ? 'text' : 'memo' }
    default:
      return byCrmKind(target)
  }
}
