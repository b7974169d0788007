import type { Prisma } from '#generated/client'
import type { RunOptions } from '#lib/sync/eligibility'
import type { ScheduleRule } from '#lib/sync/schedule'
import { type Database, database } from './database.ts'

/** What a connection's schedule starts: a sync, or the nightly comparison. */
export type ScheduledKind = 'sync' | 'reconcile'

export interface Schedule extends ScheduleRule {
  readonly connectionId: string
  /** Whether syncs start by themselves; the comparison has its own switch, its time. */
  readonly enabled: boolean
  readonly options: RunOptions
  readonly nextAt: Date | null
  readonly lastFiredAt: Date | null
  readonly lastRunId: string | null
  /** `HH:MM`; `null`: no nightly comparison. */
  readonly reconcileTime: string | null
  readonly reconcileNextAt: Date | null
  readonly changedBy: string
  readonly changedAt: Date
}

export type SavedSchedule = Omit<Schedule, 'lastFiredAt' | 'lastRunId' | 'changedAt'>

export async function findSchedule(connectionId: string): Promise<Schedule | null> {
  const row = await database().schedule.findUnique({ where: { connectionId } })
  return row ? toSchedule(row) : null
}

export async function saveSchedule(schedule: SavedSchedule, tx: Database = database()): Promise<void> {
  const { connectionId, ...rest } = schedule
  const content = {
    ...rest,
    cadence: json(rest.cadence),
    options: json(rest.options),
    quietHours: json(rest.quietHours),
    maintenance: json(rest.maintenance),
  }
  await tx.schedule.upsert({ where: { connectionId }, create: { connectionId, ...content }, update: content })
}

/** Whether other connections start something by themselves, by the names of those connections. */
export async function listOtherScheduled(connectionId: string): Promise<string[]> {
  const rows = await database().schedule.findMany({
    where: { connectionId: { not: connectionId }, OR: [{ enabled: true }, { reconcileTime: { not: null } }] },
    select: { connection: { select: { name: true } } },
    orderBy: { connection: { name: 'asc' } },
  })
  return rows.map((row) => row.connection.name)
}

/** The moment by the database's clock: workers on several machines must agree on what is due. */
export async function databaseNow(): Promise<Date> {
  const [row] = await database().$queryRaw<{ now: Date }[]>`SELECT now() AS now`
  return row?.now ?? new Date()
}

export async function findDueSchedules(kind: ScheduledKind, now: Date): Promise<Schedule[]> {
  const due =
    kind === 'sync'
      ? { enabled: true, nextAt: { lte: now } }
      : { reconcileTime: { not: null }, reconcileNextAt: { lte: now } }
  return (await database().schedule.findMany({ where: due })).map(toSchedule)
}

/** A start that was due, and what became of it. */
export interface Claim {
  readonly connectionId: string
  readonly kind: ScheduledKind
  /** The start that is taken, as it was read. */
  readonly dueAt: Date
  readonly nextAt: Date | null
  /** `null`: nothing was started, it was only moved. */
  readonly fired: { readonly at: Date; readonly runId: string } | null
}

/**
 * Takes a due start for the caller and puts the next one in its place; false when another worker has taken it, or the
 * schedule was changed meanwhile. Inside the transaction that inserts the run: either both are there or neither is.
 */
export async function claimStart(claim: Claim, tx: Database = database()): Promise<boolean> {
  const { connectionId, kind, dueAt, nextAt, fired } = claim
  const changed =
    kind === 'sync'
      ? await tx.$executeRaw`
          UPDATE schedule SET next_at = ${nextAt},
                 last_fired_at = coalesce(${fired?.at ?? null}, last_fired_at),
                 last_run_id = coalesce(${fired?.runId ?? null}::uuid, last_run_id)
           WHERE connection_id = ${connectionId}::uuid AND enabled AND next_at = ${dueAt}`
      : await tx.$executeRaw`
          UPDATE schedule SET reconcile_next_at = ${nextAt}
           WHERE connection_id = ${connectionId}::uuid AND reconcile_next_at = ${dueAt}`
  return changed === 1
}

/** What tells whether a connection that should sync by itself has stopped doing so. */
export interface ScheduleActivity extends ScheduleRule {
  readonly connectionId: string
  readonly connectionName: string
  /** When a sync was last started, at the earliest when the schedule was last changed. */
  readonly lastRanAt: Date
  /** A sync is at work now, however long ago it began. */
  readonly isRunning: boolean
}

/** Of every connection that syncs by itself, for `overdueSince` of lib/sync/schedule. */
export async function listScheduleActivity(): Promise<ScheduleActivity[]> {
  const rows = await database().schedule.findMany({
    where: { enabled: true },
    include: {
      connection: {
        select: {
          name: true,
          runs: {
            where: { kind: 'sync' },
            orderBy: { createdAt: 'desc' },
            take: 1,
            select: { createdAt: true, state: true },
          },
        },
      },
    },
  })
  return rows.map((row) => {
    const [last] = row.connection.runs
    const lastRanAt = last && last.createdAt > row.changedAt ? last.createdAt : row.changedAt
    const { connectionId, cadence, timeZone, quietHours, maintenance } = toSchedule(row)
    return {
      ...{ connectionId, cadence, timeZone, quietHours, maintenance, lastRanAt },
      connectionName: row.connection.name,
      isRunning: last?.state === 'running',
    }
  })
}

function json(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue
}

// The JSON columns are written by this module alone, from the very types they are read back as.
function toSchedule(row: Prisma.ScheduleGetPayload<object>): Schedule {
  return {
    ...row,
    cadence: row.cadence as unknown as Schedule['cadence'],
    options: row.options as unknown as RunOptions,
    quietHours: row.quietHours as unknown as Schedule['quietHours'],
    maintenance: row.maintenance as unknown as Schedule['maintenance'],
  }
}
