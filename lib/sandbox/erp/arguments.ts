import type { SQLInputValue } from 'node:sqlite'
import { parseAjeraFilter } from '../clock.ts'
import { fold } from '../database.ts'
import { type Doc, isDoc, type Json } from '../json.ts'

/** Kinds of method arguments: a wrong name, or a list where a scalar belongs, is "invalid data" (ajera-api §1). */
export type ArgumentKind =
  | 'int'
  | 'ints'
  | 'ints-or-null'
  | 'bools'
  | 'texts'
  | 'text'
  | 'date'
  | 'flag'
  | 'docs'
  | 'doc'

const isInt = (value: Json): value is number => Number.isInteger(value)
const isList = (value: Json, test: (item: Json) => boolean): boolean => Array.isArray(value) && value.every(test)

const fits: Record<ArgumentKind, (value: Json) => boolean> = {
  int: isInt,
  ints: (value) => isList(value, isInt),
  'ints-or-null': (value) => isList(value, (item) => item === null || isInt(item)),
  bools: (value) => isList(value, (item) => typeof item === 'boolean'),
  texts: (value) => isList(value, (item) => typeof item === 'string'),
  text: (value) => typeof value === 'string',
  date: (value) => typeof value === 'string' && parseAjeraFilter(value) !== null,
  flag: (value) => typeof value === 'boolean',
  docs: (value) => isList(value, isDoc),
  doc: isDoc,
}

/** Are all arguments known by name and of the right kind? `null` counts as not given. */
export function argumentsFit(given: Doc, known: Readonly<Record<string, ArgumentKind>>): boolean {
  return Object.entries(given).every(([name, value]) => {
    const kind = known[name]
    return kind !== undefined && (value === null || fits[kind](value))
  })
}

export function intsOf(value: Json | undefined): number[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : []
}

export function docsOf(value: Json | undefined): Doc[] {
  return Array.isArray(value) ? value.filter(isDoc) : []
}

/** One condition of a list's WHERE clause. */
export interface Condition {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

export function oneOf(expression: string, list: Json | undefined): Condition | null {
  if (!Array.isArray(list)) return null
  const values = list.filter((item) => item !== null).map((item) => (typeof item === 'boolean' ? Number(item) : item))
  const scalars = values.filter((item) => typeof item === 'string' || typeof item === 'number')
  const marks = scalars.map(() => '?').join(', ')
  const choices = scalars.length > 0 ? [`${expression} IN (${marks})`] : []
  if (list.includes(null)) choices.push(`${expression} IS NULL`)
  return { sql: choices.length > 0 ? `(${choices.join(' OR ')})` : '1 = 0', values: scalars }
}

/** LIKE as the API means it: the text anywhere, `%` and `_` as wildcards, letter case ignored. */
export function likeAny(expressions: readonly string[], text: Json | undefined): Condition | null {
  if (typeof text !== 'string') return null
  const pattern = `%${text.toLowerCase()}%`
  return {
    sql: `(${expressions.map((e) => `lower(${e}) LIKE ?`).join(' OR ')})`,
    values: expressions.map(() => pattern),
  }
}

export function equalsText(expression: string, text: Json | undefined): Condition | null {
  return typeof text === 'string' ? { sql: `${expression} = ?`, values: [fold(text)] } : null
}

export function modifiedWithin(
  earliest: Json | undefined,
  latest: Json | undefined,
  inclusive: boolean,
): Condition | null {
  const from = typeof earliest === 'string' ? parseAjeraFilter(earliest) : null
  const to = typeof latest === 'string' ? parseAjeraFilter(latest) : null
  const parts: string[] = []
  const values: number[] = []
  if (from !== null) {
    parts.push(inclusive ? 'modified >= ?' : 'modified > ?')
    values.push(from)
  }
  if (to !== null) {
    parts.push(inclusive ? 'modified <= ?' : 'modified < ?')
    values.push(to)
  }
  return parts.length > 0 ? { sql: parts.join(' AND '), values } : null
}
