import { nextStarts, type ScheduleRule } from '#lib/sync/schedule'
import { cadenceWords, zonedWords } from './schedule-words.ts'
import type { Moment, StartsView } from './state.ts'

const SHOWN = 5

/** The next starts of a schedule, saved or not. One that is switched off shows what it would do. */
export function startsView(
  schedule: ScheduleRule & { readonly enabled: boolean; readonly reconcileTime: string | null },
  now: Date,
): StartsView {
  const { timeZone, reconcileTime } = schedule
  const moment = (at: Date): Moment => ({ text: zonedWords(at, timeZone), at: at.toISOString() })
  const nightly =
    reconcileTime === null ? null : { ...schedule, cadence: { every: 'day', time: reconcileTime } as const }
  const [comparison] = nightly ? nextStarts(nightly, now, 1) : []
  return {
    cadence: cadenceWords(schedule.cadence),
    timeZone,
    enabled: schedule.enabled,
    syncs: nextStarts(schedule, now, SHOWN).map(moment),
    comparison: comparison ? moment(comparison) : null,
  }
}
