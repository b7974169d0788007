import type { AlertKind, OpenedAlert, RecoveredAlert } from './alerts.ts'
import { displayText } from './display-text.ts'
import type { SideNames } from './messages.ts'
import { problemView } from './problem-words.ts'

interface KindWords {
  /** As a choice of a channel. */
  readonly label: string
  /** When it is sent, as one line under the choice. */
  readonly help: string
  /** Behind "the sync of Firm A": what has happened, and that it is over. */
  readonly broke: string
  readonly recovered: string
  readonly cause: string
  readonly fix: string
}

/** Every kind of alert in a person's words. */
export const ALERT_WORDS: Readonly<Record<AlertKind, KindWords>> = {
  run_failed: {
    label: 'A sync failed',
    help: 'It stopped before its end, for any reason but a refused sign-in or the brake.',
    broke: 'failed',
    recovered: 'works again',
    cause: 'Something stopped the sync before its end. What had been sent until then stays.',
    fix: 'Read the last lines of the run’s log, then start the sync again.',
  },
  finished_with_errors: {
    label: 'Records failed',
    help: 'A sync came to its end, but some of its records could not be sent.',
    broke: 'finished with errors',
    recovered: 'finished without errors again',
    cause: 'One of the two systems refused these records, or they lack something.',
    fix: 'On the page of the run the errors are grouped by cause, each with what to do. Then press Retry there.',
  },
  backlog_waiting: {
    label: 'A backlog is waiting',
    help: 'More projects are due than one batch holds, and the sync did not keep going.',
    broke: 'left a backlog',
    recovered: 'has no backlog left',
    cause: 'One batch is sent at a time unless the sync is told to keep going.',
    fix: 'Start the sync again with “Keep going until every batch is synced”, or let the schedule send the rest.',
  },
  nothing_ran: {
    label: 'The schedule did not run',
    help: 'No sync has started for twice the interval of the schedule.',
    broke: 'did not start by its schedule',
    recovered: 'starts by its schedule again',
    cause: 'No worker was running, or another run stood in the way.',
    fix: 'Check that Crosswalk is running and that its schedule is switched on, then start the sync by hand.',
  },
  brake_pulled: {
    label: 'The brake was pulled',
    help: 'A sync would have removed more than a tenth of a type’s pairs and stopped instead.',
    broke: 'stopped at the brake',
    recovered: 'went through without the brake',
    cause: 'Far more mapped records than usual are gone. Nothing was removed.',
    fix: 'Check whether the records were meant to go, then allow it once on the page of the run.',
  },
  credentials_refused: {
    label: 'A sign-in was refused',
    help: 'One of the systems no longer accepts the user, the password or the client secret.',
    broke: 'was refused the sign-in',
    recovered: 'is signed in again',
    cause: 'The user, password, client id or secret is wrong, expired or locked.',
    fix: 'Enter the access again under Settings, Connection, and press Test.',
  },
  drift: {
    label: 'Both sides drift apart',
    help: 'A comparison found that more of a type’s pairs differ than the connection allows.',
    broke: 'found that both sides drift apart',
    recovered: 'found both sides in step again',
    cause: 'Records were changed on one side without a sync, or a field is kept from being sent.',
    fix: 'Look at the differences on the page of the comparison, then start a sync.',
  },
  waiting_for_system: {
    label: 'A system is away',
    help: 'A sync had begun and waits for a system that no longer answers.',
    broke: 'waits for a system',
    recovered: 'goes on',
    cause: 'The system stopped answering, or asked for a pause, while the sync was going.',
    fix: 'Nothing, unless it lasts: the sync goes on by itself as soon as the system answers. After a day it gives up.',
  },
}

/** A message as it is stored: what a person reads, without the link to the run, which only the sender knows. */
export interface AlertText {
  readonly subject: string
  /** Paragraphs with an empty line between them. */
  readonly body: string
}

export interface AlertPlace {
  /** The connection's name. */
  readonly connection: string
  readonly names: SideNames
}

/** The message when something breaks: what happened, why, what to do. */
export function textOfBreak({ kind, message, code }: OpenedAlert, { connection, names }: AlertPlace): AlertText {
  const words = ALERT_WORDS[kind]
  const known = problemView(code, names)
  return {
    subject: subjectOf(connection, words.broke),
    body: paragraphs([
      message,
      `Why: ${known?.cause ?? words.cause}`,
      `What to do: ${known?.fix ?? words.fix}`,
      'Nothing more is sent about this until it is over.',
    ]),
  }
}

/** The message when it is over. `before`: what the first message said. */
export function textOfRecovery(
  { kind, message }: RecoveredAlert,
  before: { readonly message: string; readonly openedAt: Date },
  { connection }: AlertPlace,
): AlertText {
  return {
    subject: subjectOf(connection, ALERT_WORDS[kind].recovered),
    body: paragraphs([message, `What had been told ${moment(before.openedAt)}: ${before.message}`]),
  }
}

export interface DigestAlert {
  readonly connection: string
  readonly kind: AlertKind
  readonly message: string
  readonly openedAt: Date
  readonly recoveredAt: Date | null
  /** Happened since the last digest. */
  readonly isNew: boolean
}

/** The message of a day; `null` when there is nothing to tell. */
export function textOfDigest(alerts: readonly DigestAlert[]): AlertText | null {
  if (alerts.length === 0) return null
  const open = alerts.filter(({ recoveredAt }) => recoveredAt === null)
  const broke = open.filter(({ isNew }) => isNew)
  const still = open.filter(({ isNew }) => !isNew)
  const recovered = alerts.filter(({ recoveredAt }) => recoveredAt !== null)
  const counts = [
    broke.length > 0 ? `${broke.length} new` : null,
    still.length > 0 ? `${still.length} still open` : null,
    recovered.length > 0 ? `${recovered.length} over` : null,
  ].filter((count) => count !== null)
  return {
    subject: `Crosswalk: the day in short, ${counts.join(', ')}`,
    body: paragraphs([section('What broke', broke), section('Still open', still), section('Over', recovered)]),
  }
}

function section(title: string, alerts: readonly DigestAlert[]): string | null {
  if (alerts.length === 0) return null
  const lines = alerts.map(({ connection, kind, message, openedAt, recoveredAt }) => {
    const until = recoveredAt === null ? '' : `, over since ${moment(recoveredAt)}`
    return `- ${displayText(connection)}, ${ALERT_WORDS[kind].label.toLowerCase()}: ${message} (since ${moment(openedAt)}${until})`
  })
  return [`${title}:`, ...lines].join('\n')
}

/** The message that a person sends to see whether a channel works. */
export function textOfTest(by: string): AlertText {
  return {
    subject: 'Crosswalk: this is a test',
    body: paragraphs([
      `${by} has sent this to see whether notifications arrive here. They do.`,
      'Nothing is broken, and nothing needs to be done.',
    ]),
  }
}

function subjectOf(connection: string, what: string): string {
  return `Crosswalk: the sync of ${displayText(connection, 60)} ${what}`
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function paragraphs(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('\n\n')
}
