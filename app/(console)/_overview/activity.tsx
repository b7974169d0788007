import { Users } from 'lucide-react'
import type { ActivityView } from '#lib/store/views-overview'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'

/** What people and programs did, in a person's words. An action without an entry is shown by its name. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  'run.start': 'started a sync',
  'run.cancel': 'cancelled a sync',
  'mapping.link': 'paired two records',
  'mapping.unlink': 'unpaired two records',
  'mapping.never-match': 'marked two records as never matching',
  'mapping.export': 'exported the mapping table',
  'log.export': 'exported the Integration Log',
  'connection.save': 'saved a connection',
  'connection.select': 'chose another connection',
  'connection.settings': 'changed the settings of a connection',
  'setup.administrator': 'created the first administrator',
  'user.add': 'added a user',
  'user.role': 'changed the role of a user',
  'user.reset': 'reset a password',
  'sign-in': 'signed in',
  'sign-in.refused': 'was refused at sign-in',
  'sign-out': 'signed out',
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
            <li key={event.seq} className="flex items-baseline justify-between gap-4 py-2 text-sm">
              <span className="min-w-0 text-pretty wrap-anywhere">
                <span className="font-medium">{event.actor}</span> <Deed event={event} />
              </span>
              <span className="shrink-0 text-ink-muted">
                <Time at={event.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Deed({ event }: { event: ActivityView }) {
  const words = ACTION_WORDS[event.action] ?? event.action
  if (event.subject && event.action.startsWith('run.'))
    return <TextLink href={`/sync/${event.subject}`}>{words}</TextLink>
  return <span className="text-ink-muted">{words}</span>
}
