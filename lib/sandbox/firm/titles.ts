import type { Random } from '../random.ts'
import { BUILDINGS, PLACES, QUALIFIERS, WORKS } from './names.ts'

/** Project descriptions: unique after folding, on both sides of the 40-character border and on it. */

/** Equal names in the sense of matching: NFC, white space folded, letter case ignored. */
export function matchKey(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()
}

export function lengthOf(text: string): number {
  return [...text.normalize('NFC')].length
}

export interface Titles {
  /** A new description whose length in code points lies in the range. */
  make(from: number, to: number): string
  /** Keeps a hand-made description from being made again. */
  reserve(text: string): void
}

function candidate(random: Random, long: boolean): string {
  const base = `${random.pick(PLACES)} ${random.pick(BUILDINGS)} ${random.pick(WORKS)}`
  if (!long) return base
  const first = `${base} - ${random.pick(QUALIFIERS)}`
  return random.chance(0.25) ? `${first}, ${random.pick(WORKS)}` : first
}

const TRIES = 4000

export function createTitles(random: Random): Titles {
  const used = new Set<string>()
  let serial = 1

  function accept(text: string): boolean {
    const key = matchKey(text)
    if (used.has(key)) return false
    used.add(key)
    return true
  }

  return {
    make(from, to) {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        let text = candidate(random, to > 46 && from > 30)
        if (attempt > 8 && random.chance(0.5)) text = `${text}, No. ${serial++}`
        // The word lists are composed and inside the basic plane: code units are code points here.
        const { length } = text
        if (length >= from && length <= to && accept(text)) return text
      }
      throw new Error(`No project description of ${from} to ${to} characters is left.`)
    },
    reserve(text) {
      used.add(matchKey(text))
    },
  }
}

/** The same name as a person would type it on the other side: letter case, white space, composed or not. */
export function retyped(random: Random, text: string, limit: number): string {
  const variants = [text, text, text, text]
  const upper = [...text].map((c) => ([...c.toUpperCase()].length === 1 && c !== 'ß' ? c.toUpperCase() : c)).join('')
  variants.push(upper, text.replace(/ /, '  '), text.replace(/ (\S+)$/, '\u00a0$1'), ` ${text}`)
  variants.push(text.toLowerCase(), text.normalize('NFD'), `${text} `)
  const chosen = random.pick(variants)
  const folds = matchKey(chosen) === matchKey(text)
  return folds && [...chosen].length <= limit ? chosen : text
}
