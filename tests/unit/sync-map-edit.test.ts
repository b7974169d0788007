import { describe, expect, it } from 'vitest'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { moveEntry, putEntry, shownOrder, withoutEntry } from '#lib/sync/map-edit'

const entry = (crm: string): FieldMapEntry => ({ erp: crm, crm, owner: 'erp', transform: { kind: 'text' }, label: crm })
const map = ['Name', 'a', 'LongName', 'b', 'c'].map(entry)
const isFirst = ({ crm }: FieldMapEntry) => crm.endsWith('Name')
const names = (entries: readonly FieldMapEntry[]) => entries.map(({ crm }) => crm).join(' ')

describe('editing a field map', () => {
  it('an entry takes the place of the one it was made from, or the last one', () => {
    expect(names(putEntry(map, 'a', entry('x')))).toBe('Name x LongName b c')
    expect(names(putEntry(map, null, entry('x')))).toBe('Name a LongName b c x')
    expect(names(withoutEntry(map, 'b'))).toBe('Name a LongName c')
  })

  it('required entries are shown first, the others in their own order', () => {
    expect(names(shownOrder(map, isFirst))).toBe('Name LongName a b c')
  })

  it('an entry moves past the neighbour it is shown beside, whatever stands between them', () => {
    const shown = (crm: string, direction: 'up' | 'down') =>
      names(shownOrder(moveEntry(map, crm, direction, isFirst), isFirst))
    expect(shown('b', 'up')).toBe('Name LongName b a c')
    expect(shown('b', 'down')).toBe('Name LongName a c b')
    expect(shown('LongName', 'up')).toBe('LongName Name a b c')
  })

  it('at the end of its group it stays where it is', () => {
    for (const [crm, direction] of [
      ['a', 'up'],
      ['c', 'down'],
      ['Name', 'up'],
      ['LongName', 'down'],
      ['unknown', 'up'],
    ] as const) {
      expect(names(moveEntry(map, crm, direction, isFirst))).toBe(names(map))
    }
  })
})
