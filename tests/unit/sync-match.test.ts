import { describe, expect, it } from 'vitest'
import { type MatchInput, matchRecords } from '#lib/sync/match'

const LONG = 'A description that is longer than forty characters'

function match(input: {
  erp: readonly (readonly [string, string])[]
  crm: readonly (readonly [string, string, string?])[]
  never?: readonly (readonly [string, string])[]
  type?: MatchInput['type']
}) {
  return matchRecords({
    type: input.type ?? 'project',
    erp: input.erp.map(([key, name]) => ({ key, name })),
    crm: input.crm.map(([id, name, longName]) => ({ id, name, longName: longName ?? null })),
    never: (input.never ?? []).map(([erpKey, crmId]) => ({ erpKey, crmId })),
    shortNameLimit: 40,
  })
}

describe('names of projects (§4.4)', () => {
  it('exactly 40 is short', () => {
    const name = 'x'.repeat(40)
    const found = match({
      erp: [['1', name]],
      crm: [
        ['A', name, 'other'],
        ['B', 'other', name],
      ],
    })
    expect(found.pairs).toEqual([{ erpKey: '1', crmId: 'A' }])
  })

  it('41 is long, and the short name is not tried', () => {
    const name = 'x'.repeat(41)
    const found = match({
      erp: [['1', name]],
      crm: [
        ['A', name],
        ['B', 'x'.repeat(40), name],
      ],
    })
    expect(found.pairs).toEqual([{ erpKey: '1', crmId: 'B' }])
  })

  it('a short description is not looked for among long names', () => {
    const found = match({ erp: [['1', 'Town Hall']], crm: [['A', 'Rathaus', 'Town Hall']] })
    expect(found).toEqual({ pairs: [], ambiguous: [], unmatched: ['1'] })
  })

  it('other types go by their name alone, however long (§4.5)', () => {
    const found = match({ type: 'client', erp: [['1', LONG]], crm: [['A', LONG.toUpperCase()]] })
    expect(found.pairs).toEqual([{ erpKey: '1', crmId: 'A' }])
  })

  it('a record without a name matches nothing', () => {
    expect(match({ erp: [['1', ' ']], crm: [['A', '']] }).unmatched).toEqual(['1'])
  })
})

describe('one to one (§4.7)', () => {
  it('two ERP records for one CRM record: none is mapped', () => {
    const found = match({
      erp: [
        ['10', 'Town Hall'],
        ['9', 'TOWN HALL'],
      ],
      crm: [['A', 'Town hall']],
    })
    expect(found).toEqual({
      pairs: [],
      ambiguous: [{ name: 'TOWN HALL', erpKeys: ['9', '10'], crmIds: ['A'] }],
      unmatched: [],
    })
  })

  it('two CRM records for one ERP record: none is mapped', () => {
    const found = match({
      erp: [['1', 'Town Hall']],
      crm: [
        ['B', 'Town Hall'],
        ['A', 'town  hall'],
      ],
    })
    expect(found.pairs).toEqual([])
    expect(found.ambiguous).toEqual([{ name: 'Town Hall', erpKeys: ['1'], crmIds: ['A', 'B'] }])
  })

  it('one CRM record reached by its short name and by its long name is ambiguous too', () => {
    const found = match({
      erp: [
        ['1', 'Town Hall'],
        ['2', LONG],
      ],
      crm: [['A', 'Town Hall', LONG]],
    })
    expect(found.pairs).toEqual([])
    expect(found.ambiguous).toEqual([{ name: 'Town Hall', erpKeys: ['1', '2'], crmIds: ['A'] }])
  })

  it('an ambiguous name does not hold up the others', () => {
    const found = match({
      erp: [
        ['1', 'Town Hall'],
        ['2', 'Town Hall'],
        ['3', 'Library'],
      ],
      crm: [
        ['A', 'Town Hall'],
        ['B', 'Library'],
      ],
    })
    expect(found.pairs).toEqual([{ erpKey: '3', crmId: 'B' }])
  })
})

describe('never match (§4.10)', () => {
  it('a ruled-out pair is no candidate', () => {
    const found = match({ erp: [['1', 'Town Hall']], crm: [['A', 'Town Hall']], never: [['1', 'A']] })
    expect(found).toEqual({ pairs: [], ambiguous: [], unmatched: ['1'] })
  })

  it('ruling one of two out makes the other certain', () => {
    const found = match({
      erp: [['1', 'Town Hall']],
      crm: [
        ['A', 'Town Hall'],
        ['B', 'Town Hall'],
      ],
      never: [['1', 'A']],
    })
    expect(found.pairs).toEqual([{ erpKey: '1', crmId: 'B' }])
  })

  it('two namesakes on each side are told apart by ruling the crosswise pairs out', () => {
    const found = match({
      erp: [
        ['1', 'Town Hall'],
        ['2', 'Town Hall'],
      ],
      crm: [
        ['A', 'Town Hall'],
        ['B', 'Town Hall'],
      ],
      never: [
        ['1', 'B'],
        ['2', 'A'],
      ],
    })
    expect(found.pairs).toEqual([
      { erpKey: '1', crmId: 'A' },
      { erpKey: '2', crmId: 'B' },
    ])
    expect(found.ambiguous).toEqual([])
  })
})

describe('size', () => {
  it('a hundred thousand namesakes on each side are one ambiguous group, in linear time', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => String(index))
    const started = performance.now()
    const found = match({ erp: many.map((key) => [key, 'Same']), crm: many.map((id) => [`C${id}`, 'Same']) })
    expect(found.ambiguous).toHaveLength(1)
    expect(found.ambiguous[0]?.erpKeys).toHaveLength(100_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
