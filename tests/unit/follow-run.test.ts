import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followRun } from '#app/api/live/follow-run.ts'
import type { RunProgressView } from '#lib/store/views-runs'
import { emptyCounts } from '#lib/sync/outcome'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-05-04T10:00:00Z') })
})

afterEach(() => {
  vi.useRealTimers()
})

const GOING: RunProgressView = {
  id: '0190f3c1-0000-7000-8000-000000000001',
  kind: 'sync',
  state: 'running',
  phase: 'read-erp',
  progress: { label: 'Reading projects from Ajera', done: 0, of: 1700 },
  counts: {
    employee: emptyCounts(),
    client: emptyCounts(),
    vendor: emptyCounts(),
    contact: emptyCounts(),
    project: emptyCounts(),
  },
  batches: { size: 500, done: 0, planned: 0, remainingProjects: 0, remainingRuns: 0 },
  apiCalls: { erp: 0, crm: 0 },
  cancelRequested: false,
  pausedBy: null,
  waiting: null,
  message: null,
  createdAt: '2026-05-04T09:59:59.000Z',
  startedAt: '2026-05-04T10:00:00.000Z',
  finishedAt: null,
}
const ENDED: RunProgressView = { ...GOING, state: 'completed', finishedAt: '2026-05-04T10:00:09.000Z' }

function reading(done: number): RunProgressView {
  return { ...GOING, progress: { label: 'Reading projects from Ajera', done, of: 1700 } }
}

/** Follows a run whose row is `row.now`, and keeps what the browser would have received. */
function follow(first = GOING) {
  const row = { now: first as RunProgressView | null, isDown: false, isAllowed: true, reads: 0 }
  const gone = new AbortController()
  const received: string[] = []
  const stream = followRun({
    first,
    gone: gone.signal,
    isStillAllowed: async () => row.isAllowed,
    read: async () => {
      row.reads += 1
      if (row.isDown) throw new Error('The database does not answer.')
      return row.now
    },
  })
  const reader = stream.getReader()
  const text = new TextDecoder()
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      received.push(text.decode(value))
    }
  })()
  const events = () => received.filter((part) => part.startsWith('event: progress'))
  return { row, gone, reader, received, events, ended }
}

test('the first event is there at once, before any waiting', async () => {
  const { events } = follow()
  await vi.advanceTimersByTimeAsync(0)
  expect(events()).toHaveLength(1)
  expect(events()[0]).toContain('"label":"Reading projects from Ajera"')
  expect(events()[0]).toContain('"now":"2026-05-04T10:00:00.000Z"')
})

test('however fast the run moves, at most two events a second are sent', async () => {
  const { row, events } = follow()
  for (let done = 1; done <= 100; done += 1) {
    row.now = reading(done)
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(events().length).toBeGreaterThan(5)
  expect(events().length).toBeLessThanOrEqual(11)
  expect(events().at(-1)).toContain('"done":100')
})

test('while nothing changes only a comment every 15 seconds keeps the connection open', async () => {
  const { events, received } = follow()
  await vi.advanceTimersByTimeAsync(46_000)
  expect(events()).toHaveLength(1)
  expect(received.filter((part) => part.startsWith(':'))).toHaveLength(3)
})

test('the end of the run is sent and ends the stream, with no timer left behind', async () => {
  const { row, events, ended } = follow()
  row.now = ENDED
  await vi.advanceTimersByTimeAsync(500)
  await ended
  expect(events().at(-1)).toContain('"state":"completed"')
  expect(vi.getTimerCount()).toBe(0)
})

test('a run that has ended already is told once and never read again', async () => {
  const { row, events, ended } = follow(ENDED)
  await ended
  expect(events()).toHaveLength(1)
  expect(row.reads).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('a session that is revoked meanwhile sees nothing more after 15 seconds', async () => {
  const { row, ended, events } = follow()
  row.isAllowed = false
  await vi.advanceTimersByTimeAsync(16_000)
  await ended
  const sent = events().length
  row.now = reading(7)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(events()).toHaveLength(sent)
  expect(vi.getTimerCount()).toBe(0)
})

test('a client that goes away takes its timers along', async () => {
  const { gone, ended } = follow()
  await vi.advanceTimersByTimeAsync(1_200)
  gone.abort()
  await ended
  expect(vi.getTimerCount()).toBe(0)
})

test('a reader that cancels takes its timers along', async () => {
  const { reader, row } = follow()
  await vi.advanceTimersByTimeAsync(1_200)
  await reader.cancel()
  const { reads } = row
  await vi.advanceTimersByTimeAsync(5_000)
  expect(row.reads).toBe(reads)
  expect(vi.getTimerCount()).toBe(0)
})

test('a database that restarts is waited for, and the stream goes on with what it then says', async () => {
  const { row, events } = follow()
  row.isDown = true
  await vi.advanceTimersByTimeAsync(20_000)
  row.isDown = false
  row.now = reading(900)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(events().at(-1)).toContain('"done":900')
})

test('a database that stays away ends the stream instead of asking it for ever', async () => {
  const { row, ended } = follow()
  row.isDown = true
  await vi.advanceTimersByTimeAsync(31_000)
  await ended
  expect(vi.getTimerCount()).toBe(0)
})
