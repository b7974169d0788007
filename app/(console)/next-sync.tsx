import { CalendarClock, TriangleAlert } from 'lucide-react'
import { findMissed } from '#lib/engine/schedule'
import { findSchedule } from '#lib/store/schedules'
import { TextLink } from '../_ui/link-button.tsx'
import { Status } from '../_ui/status.tsx'
import { Time } from '../_ui/time.tsx'
import { cadenceWords, zonedWords } from './settings/schedule/schedule-words.ts'

/** One line: when the next sync starts by itself, or that none does; and where that is set. */
export async function NextSync({ connectionId }: { connectionId: string }) {
  const [schedule, missed] = await Promise.all([findSchedule(connectionId), findMissed()])
  const overdue = missed.find((one) => one.connectionId === connectionId)
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 pb-5 text-sm">
      <p className="inline-flex items-baseline gap-2 text-ink-muted">
        <CalendarClock aria-hidden size={14} strokeWidth={1.75} className="shrink-0 self-center" />
        <span className="text-pretty">
          {!schedule?.enabled ? (
            <>
              No sync starts by itself. <TextLink href="/settings/schedule">Set a schedule</TextLink>
            </>
          ) : schedule.nextAt ? (
            <>
              Next automatic sync:{' '}
              <TextLink href="/settings/schedule">{zonedWords(schedule.nextAt, schedule.timeZone)}</TextLink> (
              <Time at={schedule.nextAt} />; {lowerFirst(cadenceWords(schedule.cadence))})
            </>
          ) : (
            <>
              No automatic sync is ahead: quiet hours or maintenance leave no time for one.{' '}
              <TextLink href="/settings/schedule">Change the schedule</TextLink>
            </>
          )}
        </span>
      </p>
      {overdue ? (
        <p>
          <Status tone="warn" icon={TriangleAlert}>
            No sync has run for twice the interval, since <Time at={overdue.since} />. Is the worker running?
          </Status>
        </p>
      ) : null}
    </div>
  )
}

function lowerFirst(text: string): string {
  return /^(Every|Cron)/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
