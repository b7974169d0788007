import { type Doc, textOf } from '../json.ts'
import type { Random } from '../random.ts'
import { FIRST_NAMES, LAST_NAMES, MIDDLE_NAMES } from './names.ts'
import { matchKey } from './titles.ts'

export interface PersonName {
  readonly first: string
  readonly middle: string
  readonly last: string
}

export function fullName({ first, middle, last }: PersonName): string {
  return [first, middle, last].filter((part) => part !== '').join(' ')
}

/** Person names that are unique after folding, so that only meant namesakes are ambiguous; none that is taken already. */
export function createPersonNames(random: Random, taken: Iterable<string> = []): () => PersonName {
  const used = new Set([...taken].map(matchKey))
  return () => {
    for (let attempt = 0; ; attempt++) {
      const first = random.pick(FIRST_NAMES)
      const middle = random.chance(0.3) || attempt > 20 ? random.pick(MIDDLE_NAMES) : ''
      const last = attempt > 60 ? `${random.pick(LAST_NAMES)}-${random.pick(LAST_NAMES)}` : random.pick(LAST_NAMES)
      const key = matchKey(fullName({ first, middle, last }))
      if (used.has(key) || last.length > 30) continue
      used.add(key)
      return { first, middle, last }
    }
  }
}

export function nameMembers(name: PersonName): Doc {
  return { FirstName: name.first, MiddleName: name.middle, LastName: name.last }
}

/** The same person as typed on the other side: letter case and composed or not. White space stays out of keys of people. */
export function retypedName(random: Random, doc: Doc): Doc {
  const luck = random.next()
  const last = textOf(doc.LastName)
  if (luck < 0.06) return { ...doc, LastName: last.toUpperCase() }
  if (luck < 0.1) return { ...doc, LastName: last.normalize('NFD'), FirstName: textOf(doc.FirstName).normalize('NFD') }
  if (luck < 0.13) return { ...doc, FirstName: `${textOf(doc.FirstName)} ` }
  return doc
}
