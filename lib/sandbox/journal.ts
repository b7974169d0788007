/**
 * What the two systems were asked: one entry per call, in order of arrival, without credentials. The last
 * {@link JOURNAL_LIMIT} entries are kept; the counters cover every call since the last clearing.
 */
export type System = 'erp' | 'crm'

export interface JournalEntry {
  readonly system: System
  /** 1-based per system since the last clearing. */
  readonly sequence: number
  /** Arrival, milliseconds since 1970 by this machine's clock. */
  readonly at: number
  readonly method: string
  /** Ajera: the method's name. Vantagepoint: verb and path without query. */
  readonly name: string
  /** Vantagepoint: decoded query. Ajera: the arguments, cut. */
  readonly query: string
  /** Names of the members of a write body. */
  readonly bodyFields: readonly string[]
  /** Calls under way in this system at arrival, this one included. */
  readonly inFlight: number
  /** Status of the answer; 0 while under way, -1 when the connection was dropped instead. */
  status: number
  /** Ajera: ResponseCode of the envelope. */
  responseCode: number | null
  /** Did the call change a record? */
  wrote: boolean
  bytes: number
  durationMs: number
}

export interface JournalCounters {
  readonly calls: number
  readonly writes: number
  readonly signIns: number
  /** By verb and hub, or by Ajera method. */
  readonly byName: Readonly<Record<string, number>>
  readonly byStatus: Readonly<Record<string, number>>
  readonly bytes: number
  readonly maxInFlight: number
  /** Most calls that arrived within any one second. */
  readonly peakPerSecond: number
}

export interface Arrival {
  readonly method: string
  readonly name: string
  readonly group: string
  readonly signIn: boolean
  readonly query: string
  readonly bodyFields: readonly string[]
  readonly at: number
  readonly inFlight: number
}

export interface Journal {
  arrive(system: System, arrival: Arrival): JournalEntry
  finish(entry: JournalEntry): void
  entries(filter: JournalFilter): JournalEntry[]
  counters(system: System): JournalCounters
  clear(): void
}

export interface JournalFilter {
  readonly system?: System
  /** Text the name contains. */
  readonly name?: string
  readonly wrote?: boolean
  /** At most this many, the latest. */
  readonly limit?: number
}

export const JOURNAL_LIMIT = 100_000

interface Tally {
  calls: number
  writes: number
  signIns: number
  byName: Map<string, number>
  byStatus: Map<string, number>
  bytes: number
  maxInFlight: number
  peakPerSecond: number
  lastSecond: number[]
}

function emptyTally(): Tally {
  return {
    calls: 0,
    writes: 0,
    signIns: 0,
    byName: new Map(),
    byStatus: new Map(),
    bytes: 0,
    maxInFlight: 0,
    peakPerSecond: 0,
    lastSecond: [],
  }
}

function add(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1)
}

/** Arrivals within the second that ends now, this one included. */
function slide(window: number[], at: number): number {
  window.push(at)
  while (window.length > 0 && at - (window[0] ?? at) >= 1000) window.shift()
  return window.length
}

export function createJournal(limit: number = JOURNAL_LIMIT): Journal {
  let kept: JournalEntry[] = []
  let tallies: Record<System, Tally> = { erp: emptyTally(), crm: emptyTally() }

  return {
    arrive(system, arrival) {
      const tally = tallies[system]
      tally.calls++
      if (arrival.signIn) tally.signIns++
      add(tally.byName, arrival.group)
      tally.maxInFlight = Math.max(tally.maxInFlight, arrival.inFlight)
      tally.peakPerSecond = Math.max(tally.peakPerSecond, slide(tally.lastSecond, arrival.at))
      const { method, name, query, bodyFields, at, inFlight } = arrival
      const entry: JournalEntry = {
        ...{ system, sequence: tally.calls, at, method, name, query, bodyFields, inFlight },
        ...{ status: 0, responseCode: null, wrote: false, bytes: 0, durationMs: 0 },
      }
      kept.push(entry)
      if (kept.length > limit * 1.1) kept = kept.slice(-limit)
      return entry
    },
    finish(entry) {
      const tally = tallies[entry.system]
      entry.durationMs = Date.now() - entry.at
      if (entry.wrote) tally.writes++
      tally.bytes += entry.bytes
      add(tally.byStatus, String(entry.status))
    },
    entries(filter) {
      const found = kept.filter(
        (entry) =>
          (filter.system === undefined || entry.system === filter.system) &&
          (filter.name === undefined || entry.name.includes(filter.name)) &&
          (filter.wrote === undefined || entry.wrote === filter.wrote),
      )
      return found.slice(-(filter.limit ?? limit))
    },
    counters(system) {
      const { lastSecond: _window, byName, byStatus, ...rest } = tallies[system]
      return { ...rest, byName: Object.fromEntries(byName), byStatus: Object.fromEntries(byStatus) }
    },
    clear() {
      kept = []
      tallies = { erp: emptyTally(), crm: emptyTally() }
    },
  }
}
