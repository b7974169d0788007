import type { AlertView } from '#lib/store/alerts'
import { ALERT_WORDS } from '#lib/sync/alert-words'
import type { AlertKind } from '#lib/sync/alerts'
import { TextLink } from '../../_ui/link-button.tsx'
import { Status } from '../../_ui/status.tsx'
import { Time } from '../../_ui/time.tsx'

/** What needs somebody soon; the others are told of and can wait. */
const URGENT: ReadonlySet<AlertKind> = new Set(['run_failed', 'nothing_ran', 'brake_pulled', 'credentials_refused'])

export interface OpenAlertsProps {
  alerts: readonly AlertView[]
  /** Where alerts of several connections stand side by side. */
  showConnection?: boolean
}

/** What is wrong just now, the oldest first, each with its run. */
export function OpenAlerts({ alerts, showConnection = false }: OpenAlertsProps) {
  return (
    <ul className="divide-y divide-line">
      {alerts.map(({ id, kind, message, runId, openedAt, connectionName }) => (
        <li key={id} className="flex flex-col gap-1 px-4 py-3 sm:px-5">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
            <Status tone={URGENT.has(kind) ? 'bad' : 'warn'}>{ALERT_WORDS[kind].label}</Status>
            <span className="text-sm text-ink-muted">
              {showConnection ? `${connectionName}, ` : ''}since <Time at={openedAt} />
            </span>
          </div>
          <p className="text-pretty [overflow-wrap:anywhere]">{message}</p>
          <p className="text-sm text-ink-muted text-pretty">
            {ALERT_WORDS[kind].fix}{' '}
            {runId ? (
              <TextLink href={`/sync/${runId}`}>
                Open the run<span className="sr-only">: {ALERT_WORDS[kind].label}</span>
              </TextLink>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  )
}
