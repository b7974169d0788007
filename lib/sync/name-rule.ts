/**
 * How a name is compared and measured (sync-rules §4.4, §4.6, §13.7). Every other rule that touches a name or a
 * length asks here.
 */

// `\s` alone misses U+0085; the property alone misses U+FEFF, which files pasted from elsewhere carry.
const WHITE_SPACE = /[\s\p{White_Space}]+/gu
const ONE_WHITE_SPACE = /^[\s\p{White_Space}]$/u
const ONLY_ASCII = /^[\0-\x7f]*$/
const FOLDABLE = /[A-Z]|\P{ASCII}/gu

/**
 * The text as a one-line field holds it: Unicode NFC, trimmed, every run of white space one space (sync-rules §13.7).
 * Half surrogate pairs become U+FFFD, because no system can store them and the comparison would never settle.
 */
export function foldWhiteSpace(text: string): string {
  return trimWhiteSpace(text.toWellFormed().normalize('NFC').replace(WHITE_SPACE, ' '))
}

/** Without white space at both ends, by the same idea of white space as `foldWhiteSpace`, which is wider than trim(). */
export function trimWhiteSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && ONE_WHITE_SPACE.test(text.charAt(start))) start += 1
  while (end > start && ONE_WHITE_SPACE.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/**
 * The key under which two names are the same name: white space folded, then Unicode simple case folding
 * (sync-rules §4.6). Punctuation counts. An empty key means that there is no name.
 */
export function nameKey(text: string): string {
  const folded = foldWhiteSpace(text)
  if (ONLY_ASCII.test(folded)) return folded.toLowerCase()
  // NFC again: a "J" with caron has no composed form, its folded form "ǰ" has one.
  return folded.replace(FOLDABLE, foldCase).normalize('NFC')
}

/** Length in Unicode code points of the text after NFC and white-space folding (sync-rules §4.6, §13.7). */
export function codePointLength(text: string): number {
  return countCodePoints(foldWhiteSpace(text))
}

/**
 * The text within a limit of code points. Counts the text as given (bring it into its final form first), never splits
 * a code point, and drops white space that the cut left at the end.
 */
export function cutToLimit(text: string, limit: number): { value: string; cut: boolean } {
  if (text.length <= limit || countCodePoints(text) <= limit) return { value: text, cut: false }
  let value = ''
  let taken = 0
  for (const codePoint of text) {
    if (taken >= limit) break
    value += codePoint
    taken += 1
  }
  return { value: trimWhiteSpace(value), cut: true }
}

/** Which CRM name a project is matched by: more code points than the short name holds means the long name (§4.4). */
export function projectNameField(name: string, shortLimit: number): 'short' | 'long' {
  return codePointLength(name) > shortLimit ? 'long' : 'short'
}

function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/**
 * One code point's representative under Unicode simple case folding: all code points that fold together answer the
 * same one. Capital first, then small, brings the many-to-one cases together (ς and σ, ſ and s, ẞ and ß). Mappings to
 * several code points belong to full folding and are ignored. Two exceptions remain; a test compares every code point
 * with the regular-expression engine, which folds simply too.
 */
function foldCase(codePoint: string): string {
  if (codePoint === 'ı') return codePoint // its capital is "I", but folding keeps it apart
  if (codePoint === '\u{FB05}') return '\u{FB06}' // two ligatures for "st" that have no single capital
  const capital = codePoint.toUpperCase()
  const small = (isOneCodePoint(capital) ? capital : codePoint).toLowerCase()
  if (isOneCodePoint(small)) return small
  return codePoint
}

function isOneCodePoint(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0))
}
