import { parseCrmDate } from '../clock.ts'
import type { CrmFaults, Hub } from '../faults.ts'
import { type Doc, type Json, textOf } from '../json.ts'
import { hasCode, isStateOf } from './codes.ts'
import { type Column, HUB_INFO } from './columns.ts'
import { type CrmContext, crmExists } from './store.ts'

/** A sent value in the form it is stored; a problem when it is none of the column's kind (texts: I). */
export type Stored = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string }

const NOT_NULL = new Set(['ChargeType', 'SubLevel', 'Status', 'Name', 'Org', 'EmployeeCompany', 'HomeCompany'])

export function toStored(column: Column, sent: Json): Stored {
  const text = textOf(sent)
  if (sent === null && NOT_NULL.has(column.name)) {
    return { ok: false, problem: `Cannot insert NULL into ${column.name} column` }
  }
  if (column.type === 'decimal' || column.type === 'int') {
    const number = text.trim() === '' ? 0 : Number(text)
    return Number.isFinite(number)
      ? { ok: true, value: Math.round(number * 10_000) / 10_000 }
      : { ok: false, problem: `${column.label} is not a valid number: ${text}` }
  }
  if (column.type === 'date') {
    const date = text.trim() === '' ? '' : parseCrmDate(text)
    return date === null
      ? { ok: false, problem: `${column.label} is not a valid date: ${text}` }
      : { ok: true, value: date }
  }
  if (column.type === 'flag') {
    const flag = { true: 'Y', false: 'N', '': 'N' }[text.toLowerCase()] ?? text
    return { ok: true, value: flag }
  }
  return { ok: true, value: text }
}

function lengthOf(text: string, faults: CrmFaults): number {
  return faults.lengthUnit === 'utf-16' ? text.length : [...text].length
}

/** Over-long values are not politely refused: raw SQL Server text (L). `null` when everything fits. */
export function truncation(table: string, columns: Iterable<Column>, doc: Doc, faults: CrmFaults): string | null {
  for (const { name, length, type } of columns) {
    if (length === null || (type !== 'text' && type !== 'flag')) continue
    const value = textOf(doc[name])
    if (lengthOf(value, faults) <= length) continue
    const shown = [...value].slice(0, length).join('')
    return `String or binary data would be truncated in table 'HarborLane.dbo.${table}', column '${name}'. Truncated value: '${shown}'. The statement has been terminated.`
  }
  return null
}

export function missing(hub: Hub, column: Column): string {
  if (column.name === 'Org') return 'Organization is required'
  const { tableLabel } = HUB_INFO[hub]
  return `Please provide a ${column.label} for table ${tableLabel}${hub === 'contact' ? '.' : ''}`
}

/** Empty fields that this tenant requires. */
export function missingFields(hub: Hub, columns: Iterable<Column>, doc: Doc, faults: CrmFaults): string[] {
  const asked = new Set(faults.requiredFields[hub].map((name) => name.toLowerCase()))
  const problems: string[] = []
  for (const column of columns) {
    if (!column.required && !asked.has(column.name.toLowerCase())) continue
    const value = doc[column.name]
    if (textOf(value).trim() === '' || ((column.type === 'decimal' || column.type === 'int') && value === 0)) {
      problems.push(missing(hub, column))
    }
  }
  return problems
}

const LABELS: Readonly<Record<string, string>> = {
  Country: 'Country Code',
  ProjectType: 'Project Type Code',
  FirmType: 'Firm Type Code',
  CFGProjectStage: 'Stage Code',
}

/**
 * References that lead nowhere. The text for countries is seen live, the others follow it (I). An empty code clears;
 * an empty key of another record fails when it is sent (vantagepoint-api §7, 4).
 */
export function badReferences(
  context: CrmContext,
  columns: Iterable<Column>,
  doc: Doc,
  sent: ReadonlySet<string>,
): string[] {
  const problems: string[] = []
  for (const { name, reference, label } of columns) {
    if (reference === null) continue
    const value = textOf(doc[name]).trim()
    if (reference === 'firm' || reference === 'contact' || reference === 'employee') {
      if (value === '' ? sent.has(name) : !crmExists(context.database, reference, value)) {
        problems.push(`${label} ${value} does not exist.`)
      }
    } else if (value !== '' && !hasCode(reference, value)) {
      problems.push(`${LABELS[reference] ?? label} ${value} does not exist.`)
    }
  }
  const [country, state] = [textOf(doc.Country), textOf(doc.State)]
  if (country !== '' && state !== '' && hasCode('Country', country) && !isStateOf(country, state)) {
    problems.push(`State Code ${state} does not exist.`)
  }
  return problems
}
