import { emptyToNull, foldMemo } from './canonical.ts'
import { normaliseDecimal } from './decimal.ts'
import type { FieldMapEntry } from './field-map.ts'
import { codePointLength, foldWhiteSpace, nameKey } from './name-rule.ts'
import type { CrmDescription } from './ports.ts'
import type { FieldValue, RecordType } from './records.ts'
import { takeValue } from './take.ts'
import { type Lookups, transformValue } from './transform.ts'

/** A value that a person typed for both sides, in CRM form, or a sentence that says why it cannot be one. */
export type Typed =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly sentence: string }

export interface TypedOption {
  /** In CRM form. */
  readonly value: string
  readonly label: string
}

/** Whether a person can type a value for the field: a reference can only be taken from one of the two sides. */
export function isTypeable({ transform }: FieldMapEntry): boolean {
  return transform.kind !== 'reference'
}

/** What a field may hold, where it is one of a list; `null`: free text, a date, an amount. */
export function typedOptions(entry: FieldMapEntry, description: CrmDescription): readonly TypedOption[] | null {
  const { transform } = entry
  switch (transform.kind) {
    case 'flag':
      return [
        { value: 'Y', label: 'Yes' },
        { value: 'N', label: 'No' },
      ]
    case 'values': {
      const meanings = new Map<string, string[]>()
      for (const [from, to] of Object.entries(transform.values)) meanings.set(to, [...(meanings.get(to) ?? []), from])
      return [...meanings].map(([value, from]) => ({ value, label: `${value} (${from.join(', ')})` }))
    }
    case 'code':
      return (description.codeTables[transform.table] ?? []).map(({ code, description: label }) => ({
        value: code,
        label,
      }))
    case 'listed-name':
      return (
        description.codeTables[transform.table]?.map(({ description: name }) => ({ value: name, label: name })) ?? null
      )
    default:
      return null
  }
}

/**
 * Checks what a person typed by the field's transform (sync-rules §7.2, §7.4, §7.6): unlike a value that a system holds,
 * it is refused and not cut, because the person is there to shorten it. Empty text clears the field on both sides.
 */
export function typedValue(
  entry: FieldMapEntry,
  type: RecordType,
  text: string,
  lookups: Pick<Lookups, 'description'>,
): Typed {
  const { label, transform } = entry
  if (!isTypeable(entry)) return refuse(`${label} is a link to another record. Take the value of one of the two sides.`)
  const clean = transform.kind === 'memo' ? foldMemo(text) : foldWhiteSpace(text)
  if (clean === '') return { ok: true, value: transform.kind === 'flag' ? 'N' : null }
  const options = typedOptions(entry, lookups.description)
  if (options) return oneOf(label, options, clean)
  const raw = transform.kind === 'decimal' ? ungrouped(clean) : clean
  const sent = transformValue(entry, type, raw, { ...NO_REFERENCES, description: lookups.description })
  if (!sent.ok) return refuse(unusable(entry, clean))
  if (transform.kind === 'decimal' && normaliseDecimal(sent.value ?? '') !== normaliseDecimal(raw)) {
    return refuse(`${label} has at most ${transform.places} decimal places. ${clean} has more.`)
  }
  if (sent.warning) {
    const room = lookups.description.types[type].lengths[entry.crm] ?? codePointLength(sent.value ?? '')
    return refuse(`${label} has room for ${room} characters, and this has ${codePointLength(clean)}. Shorten it.`)
  }
  const sides = { value: sent.value, held: null }
  const back = takeValue(entry, type, sides, { ...NO_REFERENCES, description: lookups.description })
  return back.ok ? { ok: true, value: emptyToNull(sent.value ?? '') } : refuse(unusable(entry, clean))
}

const NO_REFERENCES = { reference: () => null, referenceBack: () => null }

function oneOf(label: string, options: readonly TypedOption[], text: string): Typed {
  const key = nameKey(text)
  const found =
    options.find((option) => option.value === text) ??
    options.find((option) => nameKey(option.value) === key || nameKey(option.label) === key)
  return found
    ? { ok: true, value: found.value }
    : refuse(`${label} cannot be “${text}”: choose one of the values that both systems know.`)
}

/** `1,234.50` as people type amounts. */
function ungrouped(text: string): string {
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
}

function unusable({ label, transform }: FieldMapEntry, text: string): string {
  if (transform.kind === 'date')
    return `${label} is a date: type it as year-month-day, such as 2026-04-30. “${text}” is none.`
  if (transform.kind === 'decimal') return `${label} is an amount, such as 1250.00. “${text}” is none.`
  return `${label} cannot be “${text}”: the other system has no such value.`
}

function refuse(sentence: string): Typed {
  return { ok: false, sentence }
}
