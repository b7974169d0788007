import { z } from 'zod'
import type { FieldChange } from '#lib/sync/plan'
import { database } from './database.ts'
import { decodePlace, encodePlace, type KeysetPage, type PageRequest, toKeysetPage } from './keyset.ts'
import type { RunKind, RunTrigger } from './runs.ts'
import type { ItemOutcome } from './views-run-items.ts'
import { isItemOutcome } from './views-run-items.ts'
import { type ItemSubject, ofSubject } from './why-run.ts'

/** What one run did, or had to do, with a record. */
export interface RecordItemView {
  readonly id: string
  readonly runId: string
  readonly runKind: RunKind
  readonly trigger: RunTrigger
  readonly sourceRunId: string | null
  /** Who started the run. */
  readonly startedBy: string
  /** ISO 8601 UTC: when the record was dealt with; while it waits, when its run was started. */
  readonly at: string
  readonly direction: 'to_crm' | 'to_erp'
  readonly action: 'create' | 'update' | 'map' | 'unmap'
  readonly outcome: ItemOutcome
  readonly problemCode: string | null
  readonly message: string | null
  readonly changes: readonly FieldChange[]
}

const placeSchema = z.tuple([z.uuid(), z.int().min(0)])

/** The runs that had something to do with a record, newest first, by keyset over the item; previews change nothing and are left out. */
export async function listRecordItems(subject: ItemSubject, request: PageRequest): Promise<KeysetPage<RecordItemView>> {
  const wanted = request.before ?? request.after ?? null
  const place = wanted === null ? null : decodePlace(wanted, placeSchema)
  const walk = place !== null && request.before ? 'backward' : 'forward'
  const beyond = place === null ? {} : { id: walk === 'forward' ? { lt: place[0] } : { gt: place[0] } }
  const rows = await database().syncItem.findMany({
    where: { ...ofSubject(subject), ...beyond, run: { kind: { notIn: ['preview', 'reconcile'] } } },
    orderBy: { id: walk === 'forward' ? 'desc' : 'asc' },
    take: request.size + 1,
    select: {
      id: true,
      runId: true,
      direction: true,
      action: true,
      outcome: true,
      problemCode: true,
      message: true,
      changes: true,
      settledAt: true,
      run: { select: { kind: true, trigger: true, sourceRunId: true, startedBy: true, createdAt: true } },
    },
  })
  return toKeysetPage({
    read: rows.map(
      ({ run, settledAt, ...row }): RecordItemView => ({
        ...row,
        runKind: run.kind,
        trigger: run.trigger,
        sourceRunId: run.sourceRunId,
        startedBy: run.startedBy,
        at: (settledAt ?? run.createdAt).toISOString(),
        outcome: row.outcome !== null && isItemOutcome(row.outcome) ? row.outcome : 'waiting',
        // Written by lib/store/items.ts alone, from the very type it is read back as.
        changes: row.changes as unknown as readonly FieldChange[],
      }),
    ),
    size: request.size,
    walk,
    isFromPlace: place !== null,
    position: place?.[1] ?? 0,
    badPlace: wanted !== null && place === null,
    place: (row, position) => encodePlace([row.id, position]),
  })
}
