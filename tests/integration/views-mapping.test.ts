import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeDatabase, connectDatabase } from '#lib/store/database'
import {
  MAPPING_COLUMNS,
  type MappingColumn,
  type MappingFilter,
  type MappingOrder,
  mappingFilterSchema,
} from '#lib/store/mapping-filter'
import {
  countMappings,
  listMappingPage,
  listMappingsForExport,
  type MappingExportRow,
  type MappingRow,
  sumCounts,
} from '#lib/store/views-mapping'
import { insertConnection, insertFindings, insertPairs, type PairInput } from '../support/console-rows.ts'
import { createTestDatabase } from '../support/database.ts'
import { fastestOfFive } from '../support/fastest-of-five.ts'

let drop: () => Promise<void>
let connectionId: string

const MATCHED_BY = ['name', 'person', 'created', 'adopted'] as const
const DAY = 86_400_000

/** 90 living pairs with repeated names, people and stamps, 12 removed ones, 25 findings. */
const LIVING: PairInput[] = Array.from({ length: 90 }, (_, index) => ({
  erpKey: String(index + 1),
  erpName: index % 3 === 0 ? 'Harbor Point' : `${index % 2 === 0 ? 'mill' : 'Mill'} ${index % 17}`,
  crmId: `2021-${String(index).padStart(3, '0')}`,
  crmName: `crm ${index % 7}`,
  matchedBy: MATCHED_BY[index % 4],
  createdBy: index % 5 === 0 ? 'Anna@firm.example' : 'sync',
  lastSyncedAt: index % 6 === 0 ? null : new Date(Date.UTC(2026, 4, 1) + (index % 9) * DAY),
}))

beforeAll(async () => {
  const created = await createTestDatabase()
  drop = created.drop
  await connectDatabase(created.url)
  connectionId = await insertConnection()
  await insertPairs(connectionId, LIVING)
  await insertPairs(
    connectionId,
    Array.from({ length: 12 }, (_, index) => ({ erpKey: String(200 + index), removedAt: new Date(), erpName: 'Gone' })),
  )
  await insertFindings(
    connectionId,
    Array.from({ length: 25 }, (_, index) => ({
      erpKey: String(300 + index),
      erpName: 'Harbor Point',
      kind: index % 2 === 0 ? ('no_match' as const) : ('ambiguous' as const),
    })),
  )
  await insertPairs(connectionId, [{ type: 'client', erpKey: '1', erpName: 'Acme Supplies' }])
})

afterAll(async () => {
  await closeDatabase()
  await drop()
})

const filterOf = (parts: Partial<MappingFilter>): MappingFilter => ({
  type: 'project',
  statuses: [],
  text: null,
  ...parts,
})
const BY_NAME: MappingOrder = { column: 'erpName', direction: 'asc' }
const idOf = (row: MappingRow) => `${row.status} ${row.erpKey}`

async function walk(id: string, filter: MappingFilter, order: MappingOrder, size: number): Promise<MappingRow[]> {
  const rows: MappingRow[] = []
  let page = await listMappingPage(id, filter, order, { size })
  const backwards: (string | null)[] = []
  for (;;) {
    expect(page.position).toBe(rows.length + 1)
    rows.push(...page.rows)
    backwards.push(page.previous)
    if (page.next === null) break
    page = await listMappingPage(id, filter, order, { size, after: page.next })
  }
  await expectSameWayBack(id, filter, order, { size, rows, last: backwards.at(-1) ?? null })
  return rows
}

/** From the last page to the first by `previous` links: the same rows. */
async function expectSameWayBack(
  id: string,
  filter: MappingFilter,
  order: MappingOrder,
  walked: { size: number; rows: MappingRow[]; last: string | null },
): Promise<void> {
  const back: MappingRow[] = []
  let before = walked.last
  while (before !== null) {
    const page = await listMappingPage(id, filter, order, { size: walked.size, before })
    back.unshift(...page.rows)
    before = page.previous
  }
  expect(back.map(idOf)).toEqual(walked.rows.slice(0, back.length).map(idOf))
  const pages = Math.ceil(walked.rows.length / walked.size)
  expect(back).toHaveLength(pages > 1 ? (pages - 1) * walked.size : 0)
}

async function exported(id: string, filter: Parameters<typeof listMappingsForExport>[1]): Promise<MappingExportRow[]> {
  const rows: MappingExportRow[] = []
  for await (const row of listMappingsForExport(id, filter)) rows.push(row)
  return rows
}

const lower = (text: string | null) => (text ?? '').toLowerCase().padEnd(1)
const RANK = { adopted: 1, created: 2, name: 3, person: 4 }
const STATUS_ORDER = ['conflict', 'ambiguous', 'suggested', 'no_match', 'active', 'removed']

/** What a column is ordered by, told a second way. */
const SORTED_BY: Record<MappingColumn, (row: MappingRow) => string | number> = {
  erpName: (row) => lower(row.erpName),
  erpKey: (row) => Number(row.erpKey),
  crmName: (row) => (row.crmName === null ? '' : lower(row.crmName)),
  crmId: (row) => (row.crmId === null ? '' : lower(row.crmId)),
  matchedBy: (row) => (row.matchedBy === null ? 0 : RANK[row.matchedBy]),
  status: (row) => STATUS_ORDER.indexOf(row.status),
  lastSyncedAt: (row) => row.lastSyncedAt ?? '',
  by: (row) => lower(row.by),
}

describe('sorting and paging by keyset', () => {
  for (const column of MAPPING_COLUMNS) {
    it(`by ${column} meets every row exactly once in both directions, in order`, async () => {
      for (const direction of ['asc', 'desc'] as const) {
        for (const size of [10, 64]) {
          const rows = await walk(connectionId, filterOf({}), { column, direction }, size)
          expect(rows).toHaveLength(127)
          expect(new Set(rows.map(idOf)).size).toBe(127)
          const values = rows.map(SORTED_BY[column])
          const ordered = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
          expect(values).toEqual(direction === 'asc' ? ordered : ordered.toReversed())
        }
      }
    })
  }

  it('answers the first page and says so when the link is for another order or was tampered with', async () => {
    const order: MappingOrder = { column: 'lastSyncedAt', direction: 'asc' }
    const byName = await listMappingPage(connectionId, filterOf({}), BY_NAME, { size: 5 })
    const odd = Buffer.from(JSON.stringify(['lastSyncedAt', "'; drop", 4, 'x', 1])).toString('base64url')
    for (const after of [byName.next, odd, 'zzz']) {
      const page = await listMappingPage(connectionId, filterOf({}), order, { size: 5, after })
      expect(page.badPlace).toBe(true)
      expect(page.position).toBe(1)
    }
  })

  it('holds names of 3,000 characters', async () => {
    const id = await insertConnection()
    // Digits of a long fraction: nothing a database could compress.
    const name = Array.from({ length: 3_000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7_919) % 20_000)),
    ).join('')
    await insertPairs(id, [
      { erpKey: '1', erpName: name, crmName: name },
      { erpKey: '2', erpName: name, crmName: name },
    ])
    const rows = await walk(id, filterOf({}), { column: 'crmName', direction: 'desc' }, 1)
    expect(rows.map((row) => row.erpName)).toEqual([name, name])
  })
})

describe('what the table holds', () => {
  it('shows pairs, removed pairs and findings under their status', async () => {
    const counts = await countMappings(connectionId, filterOf({}))
    expect(counts.active.value).toBe(90)
    expect(counts.removed.value).toBe(12)
    expect(counts.no_match.value).toBe(13)
    expect(counts.ambiguous.value).toBe(12)
    expect(sumCounts(counts)).toEqual({ value: 127, isCapped: false })
    for (const status of ['active', 'removed', 'no_match', 'ambiguous'] as const) {
      const rows = await walk(connectionId, filterOf({ statuses: [status] }), BY_NAME, 20)
      expect(rows.map((row) => row.status)).toEqual(rows.map(() => status))
      expect(rows).toHaveLength(counts[status].value)
    }
    expect(await walk(connectionId, filterOf({ statuses: ['conflict'] }), BY_NAME, 20)).toEqual([])
  })

  it('shows a record that was paired again once, as the living pair', async () => {
    const id = await insertConnection()
    await insertPairs(id, [
      { erpKey: '7', crmId: 'OLD', removedAt: new Date() },
      { erpKey: '7', crmId: 'NEW' },
    ])
    const rows = await walk(id, filterOf({}), BY_NAME, 20)
    expect(rows.map((row) => [row.status, row.crmId])).toEqual([['active', 'NEW']])
    expect((await countMappings(id, filterOf({}))).removed.value).toBe(0)
  })

  it('finds a row by name, key or id of either side, whatever the case, together with a status', async () => {
    const id = await insertConnection()
    await insertPairs(id, [
      { erpKey: '4711', erpName: 'Zürich Depot', crmId: 'WBS-9', crmName: 'Depot ZH' },
      { erpKey: '1', erpName: 'Other' },
      { erpKey: '2', erpName: 'Depot, old', removedAt: new Date() },
    ])
    await insertFindings(id, [{ erpKey: '3', erpName: 'Depot of nobody', kind: 'no_match' }])
    const keys = async (parts: Partial<MappingFilter>) =>
      (await walk(id, filterOf(parts), { column: 'erpKey', direction: 'asc' }, 20)).map((row) => row.erpKey)
    expect(await keys({ text: 'zürich' })).toEqual(['4711'])
    expect(await keys({ text: '471' })).toEqual(['4711'])
    expect(await keys({ text: 'depot zh' })).toEqual(['4711'])
    expect(await keys({ text: 'wbs-9' })).toEqual(['4711'])
    expect(await keys({ text: 'DEPOT' })).toEqual(['2', '3', '4711'])
    expect(await keys({ text: 'depot', statuses: ['removed', 'no_match'] })).toEqual(['2', '3'])
    expect((await countMappings(id, filterOf({ text: 'depot' }))).active.value).toBe(1)
  })

  it('keeps types and connections apart', async () => {
    expect((await walk(connectionId, filterOf({ type: 'client' }), BY_NAME, 20)).map((row) => row.erpName)).toEqual([
      'Acme Supplies',
    ])
    expect(await walk(await insertConnection(), filterOf({}), BY_NAME, 20)).toEqual([])
  })

  it('refuses a filter that is none', () => {
    expect(mappingFilterSchema.safeParse({ type: 'invoice' }).success).toBe(false)
    expect(mappingFilterSchema.safeParse({ type: 'client', statuses: ['lost'] }).success).toBe(false)
    expect(mappingFilterSchema.safeParse({ type: 'client', text: 'a\u0000' }).success).toBe(false)
  })
})

describe('export', () => {
  it('delivers exactly the rows the filter lets through', async () => {
    for (const filter of [filterOf({}), filterOf({ statuses: ['active'] }), filterOf({ text: 'harbor' })]) {
      const shown = await walk(connectionId, filter, { column: 'erpKey', direction: 'asc' }, 50)
      expect(await exported(connectionId, filter)).toEqual(
        shown.map(({ type, erpKey, erpName, crmId, crmName, matchedBy, status, lastSyncedAt }) => ({
          type,
          erpKey,
          erpName,
          crmId,
          crmName,
          matchedBy,
          status,
          lastSyncedAt,
        })),
      )
    }
  })

  it('goes through all types when none is named, and through more rows than one read holds', async () => {
    const id = await insertConnection()
    await insertPairs(
      id,
      Array.from({ length: 1_003 }, (_, index) => ({ erpKey: String(index) })),
    )
    await insertPairs(id, [
      { type: 'employee', erpKey: '1' },
      { type: 'contact', erpKey: '1' },
    ])
    const rows = await exported(id, { type: null, statuses: [], text: null })
    expect(rows).toHaveLength(1_005)
    expect(new Set(rows.map((row) => `${row.type} ${row.erpKey}`)).size).toBe(1_005)
  })
})

describe('ten thousand pairs', () => {
  it('are paged, sorted and searched in under 100 ms', async () => {
    const id = await insertConnection()
    await insertPairs(
      id,
      Array.from({ length: 10_000 }, (_, index) => ({
        erpKey: String(index),
        erpName: `Project ${index % 977}`,
        lastSyncedAt: new Date(Date.UTC(2026, 4, 1) + index * 1_000),
      })),
    )
    for (const column of MAPPING_COLUMNS) {
      const order: MappingOrder = { column, direction: 'desc' }
      const first = await listMappingPage(id, filterOf({}), order, { size: 50 })
      const page = () => listMappingPage(id, filterOf({}), order, { size: 50, after: first.next })
      expect(await fastestOfFive(page)).toBeLessThan(100)
    }
    const search = () => listMappingPage(id, filterOf({ text: 'project 97' }), BY_NAME, { size: 50 })
    expect(await fastestOfFive(search)).toBeLessThan(100)
    expect(await fastestOfFive(() => countMappings(id, filterOf({})))).toBeLessThan(100)
  })
})
