import { normaliseDecimal } from './decimal.ts'
import type { FieldMapEntry, FieldTransform } from './field-map.ts'
import { checkValues } from './map-check-values.ts'
import {
  crmFieldNamed,
  type EntryFinding,
  erpFieldNamed,
  isFixedEntry,
  type MapCheck,
  type MapPart,
} from './map-fields.ts'
import { codePointLength } from './name-rule.ts'
import type { CrmField, ErpField } from './ports.ts'
import { isDate } from './transform.ts'

const LONGEST_LABEL = 60

/** What is wrong with one entry by itself. */
export function checkEntry(check: MapCheck, entry: FieldMapEntry): EntryFinding[] {
  return [
    ...checkLabel(entry),
    ...checkCrmField(check, entry),
    ...(entry.constant === undefined ? checkErpField(check, entry) : checkConstant(check, entry, entry.constant)),
    ...checkOwner(check, entry),
    ...(entry.constant === undefined ? checkTransform(check, entry) : []),
    ...checkOnlyIfEmpty(entry),
    ...checkValues(check, entry),
  ]
}

const error = (part: MapPart, message: string): EntryFinding => ({ level: 'error', part, message })
const warning = (part: MapPart, message: string): EntryFinding => ({ level: 'warning', part, message })

function checkLabel({ label }: FieldMapEntry): EntryFinding[] {
  if (label.trim() === '')
    return [error('label', 'Give the field a name, so that logs and screens can call it something.')]
  if (codePointLength(label) <= LONGEST_LABEL) return []
  return [error('label', `Use at most ${LONGEST_LABEL} characters.`)]
}

function checkCrmField(check: MapCheck, entry: FieldMapEntry): EntryFinding[] {
  const { names, type, description } = check
  const { crm, role } = entry
  if (crm === '') return [error('crm', `Name the field in ${names.crm} that the value goes to.`)]
  if (role === 'number') return []
  const field = crmFieldNamed(check, crm)
  const { fields, writableFields } = description.types[type]
  if (fields === undefined) return []
  if (!field && writableFields === null) {
    const message = `${names.crm} does not show this user which fields it has, so whether there is a ${crm} is known only when it is written.`
    return [warning('crm', message)]
  }
  if (!field) {
    const message = `${names.crm} has no field ${crm} for these records, or keeps it to itself. Check the name, or add the field there first.`
    return [error('crm', message)]
  }
  if (field.writable || entry.owner === 'crm') return []
  const message = `${names.crm} fills ${crm} itself and takes no value for it. Choose another field.`
  return [error('crm', message)]
}

function checkErpField({ names, erpFields }: MapCheck, { erp, role }: FieldMapEntry): EntryFinding[] {
  if (erp === '') {
    if (role === 'read-only' || role === 'template') return []
    return [error('erp', `Name the field in ${names.erp} that the value comes from, or choose a fixed value.`)]
  }
  if (erpFieldNamed(erpFields, erp)) return []
  const open = erpFields.find((field) => field.isOpen && field.name === erp)
  if (open) return [error('erp', `After ${erp} comes the custom field’s own name, as ${names.erp} shows it.`)]
  return [error('erp', `${names.erp} gives no field ${erp} for these records. Choose one of the list.`)]
}

/** What a constant must look like, by what the CRM's field holds. */
function misfit(field: CrmField | undefined, constant: string): string | null {
  if (field?.kind === 'date' && !isDate(constant)) {
    return 'This field holds a date: enter it as 2026-03-31.'
  }
  const amount = normaliseDecimal(constant)
  if (field?.kind === 'decimal' && amount === null) return 'This field holds a number: enter it as 1250.50.'
  if (field?.kind === 'whole' && (amount === null || amount.includes('.'))) return 'This field holds a whole number.'
  if (field?.kind === 'flag' && !['Y', 'N'].includes(constant)) return 'This field is a switch: enter Y or N.'
  if (!field?.codes || field.codes.some(({ code }) => code === constant)) return null
  return `This field takes ${field.codes.map(({ code, description }) => `${code} (${description})`).join(', ')}.`
}

function checkConstant(check: MapCheck, { crm }: FieldMapEntry, constant: string): EntryFinding[] {
  if (constant.trim() === '') return [error('constant', 'Enter the value that every record is given.')]
  const problem = misfit(crmFieldNamed(check, crm), constant)
  if (problem) return [error('constant', problem)]
  const limit = check.description.types[check.type].lengths[crm]
  if (limit === undefined || codePointLength(constant) <= limit) return []
  return [error('constant', `${check.names.crm} holds at most ${limit} characters here.`)]
}

function checkOwner({ names, erpFields }: MapCheck, entry: FieldMapEntry): EntryFinding[] {
  const { owner, erp, role, constant } = entry
  if (isFixedEntry(entry)) return []
  if (constant !== undefined) {
    if (owner === 'erp' || owner === 'create') return []
    const message = `A fixed value has no field in ${names.erp} that a change could travel to. Choose ${names.erp}, or at creation only.`
    return [error('owner', message)]
  }
  if (erp === '') {
    if (owner === 'crm') return []
    return [error('owner', `A field that is only shown belongs to ${names.crm}.`)]
  }
  if (role === 'total' && owner === 'create') {
    return [error('owner', 'A new project has no totals yet: they are not sent at creation.')]
  }
  const field = erpFieldNamed(erpFields, erp)
  if (owner === 'erp' || owner === 'create' || !field || field.writable) return []
  const why = erpFields.some(({ writable }) => writable)
    ? `${names.erp} takes no change of ${field.label}`
    : `These records are changed in ${names.erp} only`
  return [
    error(
      'owner',
      `${why}, so a change in ${names.crm} could not travel back. Choose ${names.erp}, or at creation only.`,
    ),
  ]
}

/** The transforms that can make something of each kind of ERP field. Text may hold anything. */
const FITTING: Readonly<Record<ErpField['kind'], readonly FieldTransform['kind'][] | null>> = {
  text: null,
  memo: ['memo', 'text', 'values', 'code', 'listed-name'],
  date: ['date', 'text'],
  decimal: ['decimal', 'text', 'values'],
  flag: ['flag', 'values', 'text'],
  reference: ['reference', 'text', 'values'],
  total: ['decimal'],
}

const KIND_WORDS: Readonly<Record<ErpField['kind'], string>> = {
  text: 'text',
  memo: 'text of several lines',
  date: 'a date',
  decimal: 'a number',
  flag: 'a yes or no',
  reference: 'another record',
  total: 'an amount',
}

function checkTransform(check: MapCheck, entry: FieldMapEntry): EntryFinding[] {
  const { names, erpFields } = check
  const { crm, erp, transform, role } = entry
  if (role === 'read-only' || role === 'template' || isFixedEntry(entry)) return []
  const source = erpFieldNamed(erpFields, erp)
  const fitting = source ? FITTING[source.kind] : null
  if (source && fitting && !fitting.includes(transform.kind)) {
    const message = `${source.label} is ${KIND_WORDS[source.kind]} in ${names.erp}, which cannot be sent in this way. Choose another.`
    return [error('transform', message)]
  }
  if (transform.kind === 'reference' && source && source.references !== transform.type) {
    const message = `${source.label} does not hold the key of such a record in ${names.erp}.`
    return [error('transform', message)]
  }
  const target = crmFieldNamed(check, crm)
  const numeric = target?.kind === 'decimal' || target?.kind === 'whole'
  if (numeric && !['decimal', 'values', 'code'].includes(transform.kind)) {
    return [error('transform', `${crm} holds a number in ${names.crm}: send it as a number.`)]
  }
  if (target?.kind === 'whole' && transform.kind === 'decimal' && transform.places > 0) {
    return [error('transform', `${crm} holds whole numbers in ${names.crm}: send it with 0 decimals.`)]
  }
  if (target?.kind === 'date' && transform.kind !== 'date') {
    return [error('transform', `${crm} holds a date in ${names.crm}: send it as a date.`)]
  }
  return checkTable(check, transform)
}

function checkTable({ names, description }: MapCheck, transform: FieldTransform): EntryFinding[] {
  if (!('table' in transform) || description.codeTables[transform.table] !== undefined) return []
  if (transform.table === '')
    return [error('transform', `Name the list in ${names.crm} that the value is looked up in.`)]
  const message = `${names.crm} does not give the list ${transform.table}.`
  if (transform.kind === 'listed-name') return [warning('transform', `${message} Names are sent as they are.`)]
  return [error('transform', `${message} Check its name; without it, nothing can be looked up.`)]
}

function checkOnlyIfEmpty({ onlyIfEmpty, transform, owner, role }: FieldMapEntry): EntryFinding[] {
  if (!onlyIfEmpty) return []
  if (transform.kind === 'flag')
    return [error('onlyIfEmpty', 'A yes or no is never empty, so it would never be written.')]
  if (role !== undefined && role !== 'total')
    return [error('onlyIfEmpty', 'This field is always written: the sync needs it.')]
  if (owner !== 'create') return []
  return [warning('onlyIfEmpty', 'At creation every field is empty, so this changes nothing.')]
}
