import { z } from 'zod'
import type { MapPart } from '#lib/sync/map-fields'
import { formValues } from '../../../_ui/form-values.ts'
import { valueRows } from './entry-from-form.ts'
import { type EntryForm, entryForm } from './schema.ts'
import type { EntryState, ValueRow } from './state.ts'

/** The form of one entry as it was sent: parsed, or what is wrong with it at which of its parts. */
export type EntryRequest = Pick<EntryState, 'values' | 'rows'> &
  ({ readonly ok: true; readonly form: EntryForm } | ({ readonly ok: false } & Pick<EntryState, 'errors' | 'error'>))

/** Fields of the form that stand for a part of the entry under another name. */
const PARTS: Readonly<Record<string, MapPart>> = {
  erp: 'erp',
  constant: 'constant',
  crm: 'crm',
  label: 'label',
  owner: 'owner',
  sending: 'transform',
  places: 'transform',
  table: 'transform',
  reference: 'transform',
  onlyIfEmpty: 'onlyIfEmpty',
  from: 'values',
  to: 'values',
}

export function readEntryRequest(data: FormData): EntryRequest {
  const { from: _from, to: _to, ...values } = formValues(data)
  const sides = { from: texts(data, 'from'), to: texts(data, 'to') }
  const sent = { values, rows: sides.from.map((from, index): ValueRow => ({ from, to: sides.to[index] ?? '' })) }
  const parsed = entryForm.safeParse({ ...values, ...sides })
  if (!parsed.success) return { ...sent, ok: false, ...complaints(parsed.error) }
  const twice = twiceIn(valueRows(parsed.data))
  if (twice === null) return { ...sent, ok: true, form: parsed.data }
  return { ...sent, ok: false, errors: { values: [`“${twice}” has two rows: keep one of them.`] }, error: null }
}

function complaints(problem: z.ZodError<EntryForm>): Pick<EntryState, 'errors' | 'error'> {
  const { fieldErrors, formErrors } = z.flattenError(problem)
  const errors: Partial<Record<MapPart, readonly string[]>> = {}
  for (const [name, messages] of Object.entries(fieldErrors)) {
    const part = PARTS[name]
    if (part && messages) errors[part] = messages
  }
  const isPlaced = Object.keys(errors).length > 0
  const unplaced = 'This form is not complete or holds a value it should not. Load the page again.'
  return { errors, error: formErrors[0] ?? (isPlaced ? null : unplaced) }
}

/** The first value that stands on the left of two rows. */
export function twiceIn(rows: readonly ValueRow[]): string | null {
  const seen = new Set<string>()
  for (const { from } of rows) {
    if (seen.has(from)) return from
    seen.add(from)
  }
  return null
}

function texts(data: FormData, name: string): string[] {
  return data.getAll(name).map((value) => (typeof value === 'string' ? value : ''))
}
