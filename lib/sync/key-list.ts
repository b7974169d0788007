import type { CrmKey } from './ports.ts'

/** What earlier reads and that of this run know of one CRM record. */
export interface KnownKey {
  readonly id: string
  /** Found to be gone by an earlier run. */
  readonly gone: boolean
  /** Delivered by the read of this very run. */
  readonly delivered: boolean
}

/** A complete list of keys against what is known: ids as the mappings and records hold them, in their order. */
export interface KeyComparison {
  /** Living mappings that the list lacks. */
  readonly missing: readonly string[]
  /** Known records without a mapping that the list lacks. */
  readonly vanished: readonly string[]
  /** Listed again although an earlier run found them gone. */
  readonly returned: readonly string[]
  /** Listed and known before, but left out by a read that was to deliver everything. */
  readonly undelivered: readonly string[]
  /** Listed and never read: new since this run's read, or left out by it. */
  readonly unread: readonly string[]
}

/**
 * Compares the list of keys of one type with the mappings and records of the type (sync-rules §8 step 4, §13.10).
 * Letter case of an id is no difference. `readAll`: the read of this run was to deliver every record.
 */
export function compareKeys(input: {
  readonly listed: readonly CrmKey[]
  readonly mapped: readonly string[]
  readonly known: readonly KnownKey[]
  readonly readAll: boolean
}): KeyComparison {
  const listed = new Set(input.listed.map((key) => foldedId(key.id)))
  const ofType = new Set(input.listed.filter((key) => key.ofType).map((key) => foldedId(key.id)))
  const mapped = new Set(input.mapped.map(foldedId))
  const known = new Set(input.known.map((record) => foldedId(record.id)))
  const delivered = new Set(input.known.filter((record) => record.delivered).map((record) => foldedId(record.id)))
  const here = input.known.filter((record) => !record.gone)
  const isListed = ({ id }: { readonly id: string }) => ofType.has(foldedId(id))
  return {
    missing: input.mapped.filter((id) => !listed.has(foldedId(id))),
    vanished: ids(here.filter(({ id }) => !listed.has(foldedId(id)) && !mapped.has(foldedId(id)))),
    returned: ids(input.known.filter((record) => record.gone && isListed(record))),
    undelivered: input.readAll
      ? ids(here.filter((record) => isListed(record) && !delivered.has(foldedId(record.id))))
      : [],
    unread: ids(input.listed.filter((key) => key.ofType && !known.has(foldedId(key.id)))),
  }
}

/**
 * Whether a listed record that was never read proves that the read had left it out: the next read, which begins at
 * `nextSince`, would not deliver it either. One that was added or changed meanwhile is read by the next run.
 */
export function wasLeftOut(record: { readonly modifiedAt: string | null }, nextSince: string | null): boolean {
  if (nextSince === null || record.modifiedAt === null) return true
  return Date.parse(record.modifiedAt) < Date.parse(nextSince)
}

/** Firm and contact ids are hexadecimal, and people type project numbers in either case. */
function foldedId(id: string): string {
  return id.trim().toUpperCase()
}

function ids(records: readonly { readonly id: string }[]): string[] {
  return records.map((record) => record.id)
}
