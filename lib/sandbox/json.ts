/** Free-form JSON as both vendors speak it. Documents are plain objects; nothing else of the product knows these types. */
export type Json = string | number | boolean | null | Json[] | Doc
export interface Doc {
  [name: string]: Json
}

export function isDoc(value: Json | undefined): value is Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON text; `undefined` when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** A document this sandbox stored itself. Throws on anything else: that is a defect, not foreign input. */
export function storedDoc(text: string): Doc {
  const value = parseJson(text)
  if (!isDoc(value)) throw new Error('The sandbox state holds a row that is no JSON object.')
  return value
}

/** Scalars as text; objects, lists and null are empty. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export function numberOf(value: Json | undefined): number {
  const number = typeof value === 'number' ? value : Number(textOf(value))
  return Number.isFinite(number) ? number : 0
}

/** The member by its name in any letter case, as Vantagepoint reads form and query names. */
export function memberIgnoringCase(doc: Doc, name: string): Json | undefined {
  const wanted = name.toLowerCase()
  for (const [key, value] of Object.entries(doc)) if (key.toLowerCase() === wanted) return value
  return undefined
}

/** JSON text with members in code-unit order, so that equal content has equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isDoc(value)) return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join(',')}}`
}
