import { describe, expect, it } from 'vitest'
import { idsToConfirm, judgeRemoval, sampleOf } from '#lib/sync/brake'
import { compareKeys, wasLeftOut } from '#lib/sync/key-list'
import type { CrmKey } from '#lib/sync/ports'

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `P${index}`)

describe('the brake (§8.4)', () => {
  it.each([
    [200, 20, false],
    [200, 21, true],
    [21, 21, true],
    [20, 20, false],
    [210, 21, false],
    [209, 21, true],
    [290, 29, false],
    [10_000, 1_000, false],
    [10_000, 1_001, true],
    [0, 0, false],
  ])('of %i mappings, %i missing: pulled %s', (mappings, missing, pulled) => {
    expect(judgeRemoval(mappings, missing)).toEqual({ mappings, missing, pulled })
  })

  it('asks for every record that is about to lose its mapping', () => {
    expect(idsToConfirm(idsOf(500), false)).toEqual(idsOf(500))
  })

  it('asks for twenty spread over the whole where nothing is removed', () => {
    const asked = idsToConfirm(idsOf(500), true)
    expect(asked.length).toBeLessThanOrEqual(20)
    expect(asked.length).toBeGreaterThan(15)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked).toContain('P0')
    expect(asked.some((id) => Number(id.slice(1)) > 450)).toBe(true)
  })

  it.each([0, 1, 19, 20, 21, 39, 41, 1000])('a sample of %i has at most twenty, and all of few', (count) => {
    const sample = sampleOf(idsOf(count))
    expect(sample.length).toBeLessThanOrEqual(20)
    if (count <= 20) expect(sample).toEqual(idsOf(count))
    else expect(sample.length).toBeGreaterThan(10)
  })
})

const key = (id: string, ofType = true): CrmKey => ({ id, ofType })
const known = (id: string, rest: { gone?: boolean; delivered?: boolean } = {}) => ({
  id,
  gone: false,
  delivered: true,
  ...rest,
})

describe('a complete list of keys (§8.4, §13.10)', () => {
  it('letter case and space around an id are no difference', () => {
    const found = compareKeys({
      listed: [key('ab12'), key('CD34 ')],
      mapped: ['AB12'],
      known: [known('AB12'), known('cd34')],
      readAll: true,
    })
    expect(found).toEqual({ missing: [], vanished: [], returned: [], undelivered: [], unread: [] })
  })

  it('tells mapped records that it lacks from others that it lacks', () => {
    const found = compareKeys({
      listed: [key('A')],
      mapped: ['A', 'B'],
      known: [known('A'), known('B'), known('C'), known('D', { gone: true })],
      readAll: false,
    })
    expect(found).toMatchObject({ missing: ['B'], vanished: ['C'] })
  })

  it('an empty list lacks everything', () => {
    const found = compareKeys({ listed: [], mapped: ['A'], known: [known('A'), known('B')], readAll: true })
    expect(found).toMatchObject({ missing: ['A'], vanished: ['B'] })
  })

  it('shows what a complete read left out, and no more than that of a partial one', () => {
    const input = { listed: [key('A'), key('B')], mapped: ['A'], known: [known('A'), known('B', { delivered: false })] }
    expect(compareKeys({ ...input, readAll: true }).undelivered).toEqual(['B'])
    expect(compareKeys({ ...input, readAll: false }).undelivered).toEqual([])
  })

  it('a record that was delivered under another spelling of its id was delivered', () => {
    const twice = [known('ab12', { delivered: false }), known('AB12')]
    expect(compareKeys({ listed: [key('AB12')], mapped: [], known: twice, readAll: true }).undelivered).toEqual([])
  })

  it('a record that lost its type is neither gone nor left out', () => {
    const found = compareKeys({
      listed: [key('A', false), key('B', false)],
      mapped: ['A'],
      known: [known('A', { delivered: false }), known('B', { gone: true, delivered: false })],
      readAll: true,
    })
    expect(found).toEqual({ missing: [], vanished: [], returned: [], undelivered: [], unread: [] })
  })

  it('names records that are back, and records that were never read', () => {
    const found = compareKeys({
      listed: [key('A'), key('NEW')],
      mapped: [],
      known: [known('A', { gone: true, delivered: false })],
      readAll: false,
    })
    expect(found).toMatchObject({ returned: ['A'], unread: ['NEW'], missing: [], vanished: [] })
  })

  it('a record that the next read will deliver was not left out', () => {
    const since = '2026-03-01T10:00:00.000Z'
    expect(wasLeftOut({ modifiedAt: '2026-03-01T10:00:00.000Z' }, since)).toBe(false)
    expect(wasLeftOut({ modifiedAt: '2026-03-01T09:59:59.000Z' }, since)).toBe(true)
    expect(wasLeftOut({ modifiedAt: null }, since)).toBe(true)
    expect(wasLeftOut({ modifiedAt: '2026-03-01T10:00:00.000Z' }, null)).toBe(true)
  })
})
