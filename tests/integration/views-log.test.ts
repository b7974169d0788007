import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeDatabase, connectDatabase } from '#lib/store/database'
import { type LogFilter, logFilterSchema, NO_LOG_FILTER } from '#lib/store/log-filter'
import {
  countLog,
  countNewerLines,
  findLogLine,
  type LogExportRow,
  type LogLineView,
  listLogForExport,
  listLogMethods,
  listLogPage,
  logPlace,
} from '#lib/store/views-log'
import { insertConnection, insertLines, type LineInput } from '../support/console-rows.ts'
import { createTestDatabase } from '../support/database.ts'
import { fastestOfFive } from '../support/fastest-of-five.ts'

const RUN_A = '0198a000-0000-7000-8000-00000000000a'
const RUN_B = '0198a000-0000-7000-8000-00000000000b'

let drop: () => Promise<void>
let connectionId: string

beforeAll(async () => {
  const created = await createTestDatabase()
  drop = created.drop
  await connectDatabase(created.url)
  connectionId = await insertConnection()
})

afterAll(async () => {
  await closeDatabase()
  await drop()
})

async function walkForward(id: string, filter: LogFilter, size: number): Promise<LogLineView[]> {
  const lines: LogLineView[] = []
  let page = await listLogPage(id, filter, { size })
  for (;;) {
    expect(page.position).toBe(lines.length + 1)
    lines.push(...page.rows)
    if (page.next === null) return lines
    page = await listLogPage(id, filter, { size, after: page.next })
  }
}

async function walkBackward(id: string, filter: LogFilter, from: LogLineView, size: number): Promise<LogLineView[]> {
  const lines: LogLineView[] = []
  let before: string | null = logPlace(from)
  while (before !== null) {
    const page = await listLogPage(id, filter, { size, before })
    lines.unshift(...page.rows)
    before = page.previous
  }
  return lines
}

async function exported(id: string, filter: LogFilter, limit?: number): Promise<LogExportRow[]> {
  const rows: LogExportRow[] = []
  for await (const row of listLogForExport(id, filter, limit)) rows.push(row)
  return rows
}

const filterOf = (parts: Partial<LogFilter>): LogFilter => ({ ...NO_LOG_FILTER, ...parts })

/** Stamps that repeat: seven lines share each microsecond. */
function stamp(index: number): string {
  const micro = String(Math.floor(index / 7)).padStart(6, '0')
  return `2026-05-04T10:00:00.${micro}Z`
}

describe('paging by keyset', () => {
  it('meets every line exactly once in both directions, also where stamps are equal', async () => {
    const id = await insertConnection()
    await insertLines(
      id,
      Array.from({ length: 257 }, (_, index) => ({ at: stamp(index), message: `Line ${index}` })),
    )
    for (const size of [1, 7, 50, 300]) {
      const down = await walkForward(id, NO_LOG_FILTER, size)
      expect(new Set(down.map((line) => line.message)).size).toBe(257)
      expect(down).toHaveLength(257)
      expect(down.map((line) => line.at)).toEqual(
        down
          .map((line) => line.at)
          .toSorted()
          .toReversed(),
      )
      const oldest = down.at(-1)
      if (oldest === undefined) throw new Error('no lines')
      const up = await walkBackward(id, NO_LOG_FILTER, oldest, size)
      expect(up).toEqual(down.slice(0, -1))
    }
  })

  it('shows the page it came from when stepping forward and back again', async () => {
    const id = await insertConnection()
    await insertLines(
      id,
      Array.from({ length: 30 }, (_, index) => ({ at: stamp(index), message: `Line ${index}` })),
    )
    const first = await listLogPage(id, NO_LOG_FILTER, { size: 10 })
    const second = await listLogPage(id, NO_LOG_FILTER, { size: 10, after: first.next })
    const third = await listLogPage(id, NO_LOG_FILTER, { size: 10, after: second.next })
    const back = await listLogPage(id, NO_LOG_FILTER, { size: 10, before: third.previous })
    expect(back).toEqual(second)
    expect(await listLogPage(id, NO_LOG_FILTER, { size: 10, before: second.previous })).toEqual(first)
    expect(third.next).toBeNull()
  })

  it('answers the first page and says so when a link was tampered with', async () => {
    const id = await insertConnection()
    await insertLines(id, [{ message: 'Only line' }])
    for (const after of ['nonsense', 'W10', '%00', Buffer.from('["x","y",1]').toString('base64url')]) {
      const page = await listLogPage(id, NO_LOG_FILTER, { size: 10, after })
      expect(page.badPlace).toBe(true)
      expect(page.rows).toHaveLength(1)
    }
  })

  it('never shows the lines of another connection', async () => {
    const mine = await insertConnection()
    const other = await insertConnection()
    await insertLines(other, [{ message: 'Theirs' }])
    expect((await listLogPage(mine, NO_LOG_FILTER, { size: 10 })).rows).toEqual([])
    expect(await countLog(mine, NO_LOG_FILTER)).toEqual({ value: 0, isCapped: false })
  })
})

const SEVERITIES = ['info', 'warning', 'error'] as const
const METHODS = ['Synchronize', 'Map Project', 'Vantagepoint Update Project'] as const
const TYPES = ['project', 'client', null] as const

/** 420 lines in which every combination of the filtered columns occurs. */
const VARIED: LineInput[] = Array.from({ length: 420 }, (_, index) => ({
  at: `2026-05-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00.000${String(index).padStart(3, '0')}Z`,
  severity: SEVERITIES[index % 3] ?? 'info',
  method: METHODS[Math.floor(index / 3) % 3] ?? 'Synchronize',
  type: TYPES[Math.floor(index / 9) % 3] ?? null,
  runId: index % 2 === 0 ? RUN_A : RUN_B,
  code: index % 3 === 0 ? null : `CW-${2000 + (index % 5)}`,
  erpKey: String(index % 11),
  erpName: index % 4 === 0 ? `Harbor Point ${index}` : `Mill 100% ${index}`,
  crmId: `P_${index}`,
  message: `Line ${index} was written.`,
}))

function passes(line: LineInput, filter: LogFilter): boolean {
  const searched = [line.erpName, line.erpKey, line.crmId, line.message].join(' ').toLowerCase()
  return (
    (filter.severities.length === 0 || filter.severities.includes(line.severity ?? 'info')) &&
    (filter.methods.length === 0 || filter.methods.includes(line.method ?? '')) &&
    (filter.types.length === 0 || (line.type != null && filter.types.includes(line.type))) &&
    (filter.runId === null || line.runId === filter.runId) &&
    (filter.from === null || new Date(line.at ?? '') >= new Date(filter.from)) &&
    (filter.to === null || new Date(line.at ?? '') < new Date(filter.to)) &&
    (filter.code === null || line.code === filter.code) &&
    (filter.erpKey === null || line.erpKey === filter.erpKey) &&
    (filter.text === null || searched.includes(filter.text.toLowerCase()))
  )
}

describe('filters', () => {
  beforeAll(() => insertLines(connectionId, VARIED))

  const parts: Partial<LogFilter>[] = [
    { severities: ['error'] },
    { severities: ['warning', 'error'] },
    { methods: ['Map Project'] },
    { methods: ['Map Project', 'Synchronize'] },
    { types: ['project', 'client'] },
    { runId: RUN_B },
    { from: '2026-05-10T00:00:00Z', to: '2026-05-20T12:00:00+02:00' },
    { code: 'CW-2001' },
    { erpKey: '7' },
    { text: 'HARBOR point' },
  ]

  it('hold all at once: every pair of filters lets through what both let through', async () => {
    for (const first of parts) {
      for (const second of parts) {
        const filter = filterOf({ ...first, ...second })
        const expected = VARIED.filter((line) => passes(line, filter)).map((line) => line.message)
        const read = await walkForward(connectionId, filter, 60)
        expect(read.map((line) => line.message).toSorted()).toEqual(expected.toSorted())
        expect(await countLog(connectionId, filter)).toEqual({ value: expected.length, isCapped: false })
      }
    }
  })

  it('find text in name, key, CRM id and message, and take % and _ as they are typed', async () => {
    const find = async (text: string) => (await walkForward(connectionId, filterOf({ text }), 200)).length
    expect(await find('mill 100% 41')).toBe(VARIED.filter((line) => line.erpName?.startsWith('Mill 100% 41')).length)
    expect(await find('P_17')).toBe(VARIED.filter((line) => line.crmId?.startsWith('P_17')).length)
    expect(await find('100_')).toBe(0)
    expect(await find('line 9 was')).toBe(1)
    expect(await find('\\')).toBe(0)
  })

  it('refuse what cannot be a filter before it reaches the database', () => {
    const bad = [
      { text: 'a\u0000b' },
      { runId: 'x' },
      { from: 'yesterday' },
      { severities: ['fatal'] },
      { code: '42' },
      { odd: 1 },
    ]
    for (const part of bad) expect(logFilterSchema.safeParse(part).success).toBe(false)
  })

  it('offer the methods that occur, each once', async () => {
    expect(await listLogMethods(connectionId)).toEqual(METHODS.toSorted())
  })
})

describe('export', () => {
  it('delivers exactly the lines the filter lets through, in the order of the page, over many chunks', async () => {
    const id = await insertConnection()
    await insertLines(
      id,
      Array.from({ length: 2_345 }, (_, index) => ({
        at: stamp(index),
        severity: index % 2 === 0 ? 'error' : 'info',
        message: `Line ${index}`,
      })),
    )
    const filter = filterOf({ severities: ['error'] })
    const rows = await exported(id, filter)
    const shown = await walkForward(id, filter, 200)
    expect(rows).toEqual(shown.map(({ id: _, ...line }) => line))
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'at',
      'severity',
      'code',
      'method',
      'type',
      'erpKey',
      'erpName',
      'crmId',
      'message',
      'runId',
    ])
    expect(await exported(id, filter, 1_001)).toEqual(rows.slice(0, 1_001))
    expect(await exported(id, filter, 0)).toEqual([])
  })

  it('leaves out lines that are written while it runs', async () => {
    const id = await insertConnection()
    await insertLines(
      id,
      Array.from({ length: 1_500 }, (_, index) => ({ at: stamp(index), message: 'Old' })),
    )
    const rows = listLogForExport(id, NO_LOG_FILTER)
    const seen = [(await rows.next()).value]
    await insertLines(id, [{ at: '2026-06-01T00:00:00Z', message: 'New' }])
    for await (const row of rows) seen.push(row)
    expect(seen).toHaveLength(1_500)
  })
})

describe('around a line', () => {
  it('is found again with its details by the place in its link', async () => {
    const id = await insertConnection()
    await insertLines(id, [{ at: '2026-05-04T10:00:00.123456Z', severity: 'error', details: { field: 'ProjMgr' } }])
    const [line] = (await listLogPage(id, NO_LOG_FILTER, { size: 1 })).rows
    if (line === undefined) throw new Error('no line')
    expect(line.at).toBe('2026-05-04T10:00:00.123456Z')
    expect(await findLogLine(id, logPlace(line))).toEqual({ ...line, details: { field: 'ProjMgr' } })
    expect(await findLogLine(await insertConnection(), logPlace(line))).toBeNull()
    expect(await findLogLine(id, 'nonsense')).toBeNull()
  })

  it('counts the lines that came after it and pass the filter', async () => {
    const id = await insertConnection()
    await insertLines(id, [{ at: stamp(0) }])
    const [newest] = (await listLogPage(id, NO_LOG_FILTER, { size: 1 })).rows
    if (newest === undefined) throw new Error('no line')
    expect(await countNewerLines(id, NO_LOG_FILTER, logPlace(newest))).toEqual({ value: 0, isCapped: false })
    await insertLines(id, [{ at: stamp(700), severity: 'error' }, { at: stamp(700) }])
    expect(await countNewerLines(id, NO_LOG_FILTER, logPlace(newest))).toEqual({ value: 2, isCapped: false })
    expect(await countNewerLines(id, filterOf({ severities: ['error'] }), logPlace(newest))).toEqual({
      value: 1,
      isCapped: false,
    })
    await insertLines(
      id,
      Array.from({ length: 120 }, () => ({ at: stamp(1400) })),
    )
    expect(await countNewerLines(id, NO_LOG_FILTER, logPlace(newest))).toEqual({ value: 99, isCapped: true })
  })
})

describe('ten thousand lines and more', () => {
  it('are counted to a cap and paged in under 100 ms, first page, deep page, filtered and searched', async () => {
    const id = await insertConnection()
    await insertLines(
      id,
      Array.from({ length: 10_500 }, (_, index) => ({
        at: stamp(index),
        severity: index % 100 === 0 ? 'error' : 'info',
        erpName: `Harbor Point ${index}`,
        erpKey: String(index),
        message: `Harbor Point ${index} was updated.`,
      })),
    )
    expect(await countLog(id, NO_LOG_FILTER)).toEqual({ value: 10_000, isCapped: true })
    expect(await countLog(id, filterOf({ text: 'harbor' }))).toEqual({ value: 1_000, isCapped: true })
    const [deepLine] = (await walkForward(id, NO_LOG_FILTER, 5_000)).slice(9_000)
    if (deepLine === undefined) throw new Error('no deep line')
    const deep = logPlace(deepLine, 9_001)
    for (const [filter, after] of [
      [NO_LOG_FILTER, null],
      [NO_LOG_FILTER, deep],
      [filterOf({ severities: ['error'] }), null],
      [filterOf({ text: 'point 777' }), null],
    ] as const) {
      expect(await fastestOfFive(() => listLogPage(id, filter, { size: 50, after }))).toBeLessThan(100)
    }
  })
})
