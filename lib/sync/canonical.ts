import { normaliseDecimal, roundDecimal } from './decimal.ts'
import type { FieldTransform } from './field-map.ts'
import { foldWhiteSpace, trimWhiteSpace } from './name-rule.ts'
import type { FieldValue } from './records.ts'

/**
 * A CRM value in the form in which values are compared (sync-rules §7.2, §13.7): what the same value would be, had the
 * sync sent it. Spelling that the transform does not keep (white space, trailing zeros) is no difference.
 */
export function canonicalCrmValue(transform: FieldTransform, value: FieldValue): FieldValue {
  switch (transform.kind) {
    case 'flag':
      return isYes(value) ? 'Y' : 'N'
    case 'memo':
      return emptyToNull(foldMemo(value ?? ''))
    case 'decimal':
      return emptyToNull(roundDecimal(value ?? '', transform.places) ?? foldWhiteSpace(value ?? ''))
    default:
      return emptyToNull(foldWhiteSpace(value ?? ''))
  }
}

/** Whether two canonical values are the same to the field. An amount of zero and no amount are. */
export function sameValue(transform: FieldTransform, a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true
  if (transform.kind !== 'decimal') return false
  return (normaliseDecimal(a ?? '0') ?? a) === (normaliseDecimal(b ?? '0') ?? b)
}

/** Text of many lines: NFC, line ends as `\n`, trimmed at both ends; inner white space stays. */
export function foldMemo(text: string): string {
  return trimWhiteSpace(text.toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n'))
}

/** `Y`, whatever its case; everything else, and nothing at all, is no. */
export function isYes(value: FieldValue): boolean {
  return value?.trim().toUpperCase() === 'Y'
}

/** Empty text and no text are the same: empty. */
export function emptyToNull(text: string): FieldValue {
  return text === '' ? null : text
}
