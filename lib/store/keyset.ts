import type { z } from 'zod'

/**
 * Keyset paging: a page is asked for by the row it starts after or ends before, never by an offset, so page 10,000
 * costs what page 1 costs (guide/performance.md P6, P7).
 */
export interface PageRequest {
  readonly size: number
  /** Place of the last row of the page before. */
  readonly after?: string | null
  /** Place of the first row of the page behind. */
  readonly before?: string | null
}

export interface KeysetPage<Row> {
  readonly rows: readonly Row[]
  /** Position of the first row as counted while walking, from 1; a hint for people, never used to find rows. */
  readonly position: number
  readonly next: string | null
  readonly previous: string | null
  /** The link named a place that cannot be read; the first page is answered instead. */
  readonly badPlace: boolean
}

/** A count that stops counting: `1000` with `isCapped` reads "1,000+". */
export interface CappedCount {
  readonly value: number
  readonly isCapped: boolean
}

export function capped(counted: number, cap: number): CappedCount {
  return counted > cap ? { value: cap, isCapped: true } : { value: counted, isCapped: false }
}

/** A place as it stands in a link. Opaque to everyone but the view that made it. */
export function encodePlace(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url')
}

/** `null` for anything that was not made by {@link encodePlace} for the same view. */
export function decodePlace<S extends z.ZodType>(text: string, schema: S): z.output<S> | null {
  try {
    const read = schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/**
 * Cuts `size + 1` rows, read in walking direction, to the page and its two neighbours' places. `position` is the
 * number of the place's own row; without a place the walk starts before row 1.
 */
export function toKeysetPage<Row>(input: {
  readonly read: readonly Row[]
  readonly size: number
  readonly walk: 'forward' | 'backward'
  readonly isFromPlace: boolean
  readonly position: number
  readonly badPlace: boolean
  readonly place: (row: Row, position: number) => string
}): KeysetPage<Row> {
  const { size, walk } = input
  const hasMore = input.read.length > size
  const cut = input.read.slice(0, size)
  const rows = walk === 'backward' ? cut.toReversed() : cut
  const backwardPosition = hasMore ? Math.max(1, input.position - rows.length) : 1
  const position = walk === 'backward' ? backwardPosition : input.position + 1
  const first = rows.at(0)
  const last = rows.at(-1)
  const hasPrevious = walk === 'backward' ? hasMore : input.isFromPlace
  const hasNext = walk === 'backward' ? input.isFromPlace : hasMore
  return {
    rows,
    position,
    previous: hasPrevious && first !== undefined ? input.place(first, position) : null,
    next: hasNext && last !== undefined ? input.place(last, position + rows.length - 1) : null,
    badPlace: input.badPlace,
  }
}
