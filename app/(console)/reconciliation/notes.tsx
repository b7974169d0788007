import { CalendarClock } from 'lucide-react'
import type { Schedule } from '#lib/store/schedules'
import type { RunView } from '#lib/store/views-runs'
import { Note } from '../../_ui/error-note.tsx'
import { LinkButton, TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'
import { zonedWords } from '../settings/schedule/schedule-words.ts'
import { LiveRun } from '../sync/_run/live-run.tsx'
import type { SideNames } from '../sync/_run/run-words.ts'

const SETTINGS = '/settings/schedule#comparison'

/** When the next comparison starts by itself, and where that is set. */
export function NextComparison({ schedule }: { schedule: Schedule | null }) {
  return (
    <p className="inline-flex items-baseline gap-2 pb-5 text-sm text-ink-muted">
      <CalendarClock aria-hidden size={14} strokeWidth={1.75} className="shrink-0 self-center" />
      <span className="text-pretty">
        {schedule?.reconcileNextAt ? (
          <>
            Next comparison:{' '}
            <TextLink href={SETTINGS}>{zonedWords(schedule.reconcileNextAt, schedule.timeZone)}</TextLink> (
            <Time at={schedule.reconcileNextAt} />)
          </>
        ) : (
          <>
            No comparison starts by itself. <TextLink href={SETTINGS}>Compare every night</TextLink>
          </>
        )}
      </span>
    </p>
  )
}

/** The run that is going: a comparison is followed here, any other on its own page. */
export function Going({ run, names, mayCancel }: { run: RunView; names: SideNames; mayCancel: boolean }) {
  if (run.kind === 'reconcile') {
    return <LiveRun key={run.id} initial={run} names={names} allBatches linked mayCancel={mayCancel} />
  }
  return (
    <Note
      title="A sync is going. Both systems can be compared when it has ended."
      action={
        <LinkButton size="small" href={`/sync/${run.id}`}>
          Watch
        </LinkButton>
      }
    />
  )
}

/** The newest comparison came to nothing. */
export function FailedNote({ run }: { run: { readonly id: string; readonly message: string | null } }) {
  return (
    <Note
      tone="bad"
      title="The newest comparison failed."
      action={
        <LinkButton size="small" href={`/sync/${run.id}`}>
          Open run
        </LinkButton>
      }
    >
      {run.message}
    </Note>
  )
}
