import { raiseAlert, recoverAlert } from '#lib/engine/alerts'
import { comparisonOptions } from '#lib/engine/comparison'
import { type Started, startRun } from '#lib/engine/start'
import { appendAudit } from '#lib/store/audit'
import { database } from '#lib/store/database'
import { saveDriftPercent } from '#lib/store/drift'
import { findRun } from '#lib/store/runs'
import {
  claimStart,
  databaseNow,
  findDueSchedules,
  listScheduleActivity,
  type SavedSchedule,
  type Schedule,
  type ScheduledKind,
  saveSchedule,
} from '#lib/store/schedules'
import { mayStartAt, nextStarts, overdueSince, type ScheduleRule } from '#lib/sync/schedule'
import { wallTimeText } from '#lib/sync/zoned-calendar'

/** Who the runs of a schedule are started by, in the log and the audit trail. */
const STARTED_BY_SCHEDULE = 'schedule'

export interface Fired {
  readonly connectionId: string
  readonly kind: ScheduledKind
  readonly runId: string
  /** A run of the same kind was going already. */
  readonly attached: boolean
}

/** When the starts of a schedule come next, after a moment; what is switched off never comes. */
export function nextOf(
  schedule: ScheduleRule & Pick<Schedule, 'enabled' | 'reconcileTime'>,
  after: Date,
): { readonly sync: Date | null; readonly reconcile: Date | null } {
  const next = (rule: ScheduleRule) => nextStarts(rule, after, 1)[0] ?? null
  return {
    sync: schedule.enabled ? next(schedule) : null,
    reconcile: schedule.reconcileTime === null ? null : next(nightly(schedule, schedule.reconcileTime)),
  }
}

export interface ScheduleChange extends Omit<SavedSchedule, 'nextAt' | 'reconcileNextAt'> {
  /** A comparison that finds more drift than this is worth an alert. */
  readonly driftPercent: number
}

/** Saves a schedule; its next starts are reckoned from now on, and who changed what is in the audit trail. */
export async function changeSchedule({ driftPercent, ...schedule }: ScheduleChange, now: Date): Promise<void> {
  const { connectionId, changedBy } = schedule
  const next = nextOf(schedule, now)
  await database().$transaction(async (tx) => {
    await saveSchedule({ ...schedule, nextAt: next.sync, reconcileNextAt: next.reconcile }, tx)
    await saveDriftPercent(connectionId, driftPercent, tx)
    const details = { ...schedule, driftPercent }
    await appendAudit(tx, { actor: changedBy, action: 'schedule.save', subject: connectionId, details })
  })
  // Whether something is overdue is reckoned anew from now on.
  await recoverAlert(connectionId, 'nothing_ran', 'The schedule was changed.')
}

function nightly(schedule: ScheduleRule, time: string): ScheduleRule {
  return { ...schedule, cadence: { every: 'day', time } }
}

/**
 * Starts what is due, for every connection with a schedule. Any number of workers may call this at once: each start is
 * taken in the transaction that inserts its run, so it is fired once, also when this process dies in between. However
 * many starts were missed, one run makes up for all of them.
 *
 * @param now by the database's clock unless a test says otherwise.
 */
export async function fireDue(now?: Date): Promise<Fired[]> {
  const moment = now ?? (await databaseNow())
  const fired: Fired[] = []
  const failures: unknown[] = []
  // Before anything is started: what an outage has cost is told, and that it is over in the same breath.
  await tellMissed(moment).catch((error: unknown) => failures.push(error))
  for (const kind of ['sync', 'reconcile'] as const) {
    for (const schedule of await findDueSchedules(kind, moment)) {
      try {
        const one = await fire(schedule, kind, moment)
        if (one) fired.push(one)
      } catch (error) {
        // What ails one connection does not keep the others waiting.
        failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'A schedule could not start what was due.')
  return fired
}

/** Thrown inside the transaction that inserts the run, to undo it. */
const TAKEN = new Error('Another worker has taken this start.')

async function fire(schedule: Schedule, kind: ScheduledKind, now: Date): Promise<Fired | null> {
  const dueAt = kind === 'sync' ? schedule.nextAt : schedule.reconcileNextAt
  if (dueAt === null) return null
  const { connectionId } = schedule
  const free = mayStartAt(schedule, now)
  // A worker that was away may come to a start in the middle of the quiet hours: it waits for their end.
  if (free === null || free > now) {
    await claimStart({ connectionId, kind, dueAt, nextAt: free, fired: null })
    return null
  }
  const nextAt = nextOf(schedule, now)[kind]
  const claim = (runId: string) => ({ connectionId, kind, dueAt, nextAt, fired: { at: now, runId } })
  try {
    const started = await start(schedule, kind, async (tx, runId) => {
      if (!(await claimStart(claim(runId), tx))) throw TAKEN
    })
    if (started.ok) return { connectionId, kind, runId: started.runId, attached: false }
    // Joining a run of another kind would mean neither sync nor comparison: this start stays due until it has ended.
    if ((await findRun(started.runId))?.kind !== kind) return null
    const taken = await claimStart(claim(started.runId))
    return taken ? { connectionId, kind, runId: started.runId, attached: true } : null
  } catch (error) {
    if (error === TAKEN) return null
    throw error
  }
}

function start(
  schedule: Schedule,
  kind: ScheduledKind,
  within: NonNullable<Parameters<typeof startRun>[1]>,
): Promise<Started> {
  const { connectionId, options } = schedule
  const by = { connectionId, trigger: 'automatic', startedBy: STARTED_BY_SCHEDULE } as const
  if (kind === 'sync') return startRun({ ...by, options: { ...options, preview: false } }, within)
  return startRun({ ...by, options: comparisonOptions(options), purpose: { kind: 'reconcile' } }, within)
}

export interface Missed {
  readonly connectionId: string
  readonly connectionName: string
  readonly timeZone: string
  readonly lastRanAt: Date
  /** The start at which nothing had run for twice the interval. */
  readonly since: Date
}

async function tellMissed(now: Date): Promise<void> {
  for (const { connectionId, lastRanAt, timeZone } of await findMissed(now)) {
    const since = `${wallTimeText(timeZone, lastRanAt.getTime()).replace('T', ' ')} (${timeZone})`
    const message = `No sync has started since ${since}, which is twice the interval of the schedule.`
    await raiseAlert(connectionId, 'nothing_ran', message, null)
  }
}

/** Connections that should sync by themselves and have not for twice their interval: one alert each. */
export async function findMissed(now?: Date): Promise<Missed[]> {
  const moment = now ?? (await databaseNow())
  return (await listScheduleActivity()).flatMap(({ connectionId, connectionName, ...activity }) => {
    const since = activity.isRunning ? null : overdueSince(activity, activity.lastRanAt, moment)
    const { timeZone, lastRanAt } = activity
    return since ? [{ connectionId, connectionName, timeZone, lastRanAt, since }] : []
  })
}
