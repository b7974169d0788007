import { Users } from 'lucide-react'
import type { RunKind } from '#lib/store/runs'
import type { ActivityView } from '#lib/store/views-overview'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { Clip } from '../../_ui/table.tsx'
import { Time } from '../../_ui/time.tsx'

/** What people and programs did, in a person's words. An action without an entry is shown by its name. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  'run.start': 'Started a sync',
  'run.cancel': 'Cancelled a sync',
  'run.pause': 'Paused a sync',
  'run.resume': 'Let a sync go on',
  'plan.approve': 'Approved a plan',
  'plan.reopen': 'Took the approval of a plan back',
  'plan.discard': 'Discarded a plan',
  'plan.export': 'Exported a plan',
  'conflict.decide': 'Settled a conflict',
  'field-map.save': 'Changed the field map',
  'field-map.reset': 'Set the field map back',
  'mapping.link': 'Paired two records',
  'mapping.unlink': 'Unpaired two records',
  'mapping.never-match': 'Marked two records as never matching',
  'mapping.allow-match': 'Let two records match again',
  'mapping.restore': 'Restored a pair',
  'mapping.create-again': 'Had a record created again',
  'mapping.pin': 'Pinned a field',
  'mapping.unpin': 'Unpinned a field',
  'mapping.export': 'Exported the mapping table',
  'log.export': 'Exported the Integration Log',
  'connection.save': 'Saved a connection',
  'connection.select': 'Chose another connection',
  'connection.settings': 'Changed the settings of a connection',
  'schedule.save': 'Changed the schedule',
  'mail-server.save': 'Saved the mail server',
  'channel.add': 'Added a notification channel',
  'channel.save': 'Changed a notification channel',
  'channel.enable': 'Switched a notification channel on',
  'channel.disable': 'Switched a notification channel off',
  'channel.remove': 'Removed a notification channel',
  'channel.renew': 'Made a new signing secret',
  'channel.test': 'Tested a notification channel',
  'setup.administrator': 'Created the first administrator',
  'user.add': 'Added a user',
  'user.role': 'Changed the role of a user',
  'user.reset': 'Reset a password',
  'user.disable': 'Disabled a user',
  'user.enable': 'Enabled a user',
  'sign-in': 'Signed in',
  'sign-in.refused': 'Was refused at sign-in',
  'sign-out': 'Signed out',
}

const START_WORDS: Readonly<Record<RunKind, string>> = {
  sync: 'Started a sync',
  preview: 'Started a preview',
  apply: 'Applied a plan',
  retry: 'Sent records again',
  undo: 'Started an undo',
  reconcile: 'Started a comparison',
}

/** The end of the audit trail: who did what lately. */
export function Activity({ events }: { events: readonly ActivityView[] }) {
  return (
    <Card id="activity" title="Lately" context="Who did what" flush={events.length === 0}>
      {events.length === 0 ? (
        <EmptyState icon={Users} title="What people do will be listed here">
          Nothing has been done yet.
        </EmptyState>
      ) : (
        <ol className="-my-1 flex flex-col divide-y divide-line">
          {events.map((event) => (
            <li key={event.seq} className="flex flex-col py-2 text-sm">
              <span className="font-medium text-pretty wrap-anywhere">
                <Deed event={event} />
              </span>
              <span className="flex items-baseline justify-between gap-4 text-ink-muted">
                <Clip>{event.actor}</Clip>
                <span className="shrink-0">
                  <Time at={event.at} />
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Deed({ event }: { event: ActivityView }) {
  const words = event.runKind ? START_WORDS[event.runKind] : (ACTION_WORDS[event.action] ?? event.action)
  if (event.subject && event.action.startsWith('run.'))
    return <TextLink href={`/sync/${event.subject}`}>{words}</TextLink>
  return words
}
