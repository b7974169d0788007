import { displayText, quoted } from './display-text.ts'
import { counted, type LogEntry, recordEntry, runEntry, type Subject, subjectName } from './log-entry.ts'
import { type MethodEvent, methodName, type SideNames } from './messages.ts'
import type { FieldChange } from './plan.ts'
import { inWords } from './problem-words.ts'
import { PROBLEMS, type ProblemCode, problemCodes } from './problems.ts'
import type { FieldValue, Side } from './records.ts'
import type { RunStatus } from './run-state.ts'
import type { KeptField } from './undo.ts'
import type { UndoGroups } from './undo-groups.ts'

/** Lines of an undo (sync-rules §11, §12). */

const SHOWN = 60

/** Why a field stays as it is, as a sentence after its name. */
export function keptSentence({ reason, held, side }: KeptField, names: SideNames): string {
  const name = names[side]
  switch (reason) {
    case 'changed':
      return `It has been changed since; ${name} now has ${shown(held)}.`
    case 'pinned':
      return 'It is pinned, and a pinned field is never touched.'
    case 'record-gone':
      return `${name} no longer has the record.`
    case 'unreadable':
      return `${name} does not show the field, so nobody can tell whether it has been changed since.`
    case 'unwritable':
      return `${name} does not let the field be written.`
    case 'link-stays':
      return 'It was empty before, and a link to another record is never cleared.'
    case 'not-taken':
      return `${name} did not take its earlier value; it now has ${shown(held)}.`
    case 'not-in-field-map':
      return 'The field map does not hold it any more, so its values cannot be compared.'
  }
}

function shown(held: FieldValue): string {
  return held === null || held === '' ? 'nothing there' : quoted(held, SHOWN)
}

const TRIGGER_WORDS = {
  manual: 'from the page of that run',
  automatic: 'by the schedule',
  api: 'through the API',
  cli: 'from the command line',
} as const

/** First line: which run is undone, by whom, why, and what else was chosen. */
export function messageUndoStarted(undo: {
  readonly trigger: keyof typeof TRIGGER_WORDS
  readonly startedBy: string
  readonly sourceRunId: string
  readonly reason: string | null
  readonly pins: boolean
}): LogEntry {
  const by = `by ${displayText(undo.startedBy)} ${TRIGGER_WORDS[undo.trigger]}`
  const reason = undo.reason === null ? '' : ` Reason: ${quoted(undo.reason, 400)}.`
  const pins = undo.pins ? ' The fields that are put back are pinned.' : ''
  return runEntry(`The undo of run ${undo.sourceRunId} was started ${by}.${reason}${pins}`)
}

/** What was put back on one side of a record. */
export function putBackMessage(
  names: SideNames,
  subject: Subject,
  side: Side,
  changes: readonly FieldChange[],
): LogEntry {
  const fields = changes.map((change) => change.label).join(', ')
  const message = `${subjectName(subject)} was put back in ${place(names, subject, side)}: ${fields}.`
  return recordEntry(subject, methodName(updateOf(subject, side), names), message)
}

/** What was not put back on one side of a record, field by field. */
export function keptMessage(names: SideNames, subject: Subject, side: Side, kept: readonly FieldChange[]): LogEntry {
  const fields = kept.map((change) => `${change.label}: ${change.kept ?? ''}`).join(' ')
  const message = `${subjectName(subject)} was not put back in ${place(names, subject, side)} as a whole. ${fields}`
  return coded(names, subject, updateOf(subject, side), message, problemCodes.undoKept)
}

/** A record that the run created: it stays, its mapping goes. */
export function createdStaysMessage(names: SideNames, subject: Subject, side: Side): LogEntry {
  const message = `${subjectName(subject)} was created in ${place(names, subject, side)} by the run that is undone, and stays there.`
  return coded(names, subject, 'remove-mapping', message, problemCodes.undoCreatedStays)
}

/** A mapping that the run had added was removed. */
export function unmappedMessage(names: SideNames, subject: Subject): LogEntry {
  const message = `The mapping of ${subjectName(subject)} to ${place(names, subject, 'crm')} was removed, because the run that added it is undone.`
  return recordEntry(subject, methodName('remove-mapping', names), message)
}

/** A record that could not be put back. `reason`: the other side's own sentence. */
export function notPutBackMessage(
  names: SideNames,
  subject: Subject,
  side: Side,
  failure: { readonly code: ProblemCode; readonly reason: string },
): LogEntry {
  const message = `${subjectName(subject)} could not be put back in ${place(names, subject, side)}: ${displayText(failure.reason, 400)}`
  return coded(names, subject, updateOf(subject, side), message, failure.code)
}

/** The last line of an undo: its three groups, or why it stopped (sync-rules §12). */
export function messageUndoClosed(undo: {
  readonly status: RunStatus
  readonly groups: UndoGroups
  readonly failure: string | null
  readonly failureCode: ProblemCode | null
  readonly cancelledBy: string | null
}): LogEntry {
  const { putBack, kept, failed } = undo.groups
  const counts = `${counted(putBack, 'record')} put back, ${kept} kept in part or whole, ${failed} failed.`
  if (undo.status === 'cancelled') {
    const by = undo.cancelledBy === null ? '' : ` by ${displayText(undo.cancelledBy)}`
    const message = `The undo was cancelled${by}: ${counts} Undo the run again to go on with the rest.`
    return runEntry(message, problemCodes.cancelled)
  }
  if (undo.status === 'failed') {
    const isDefect = undo.failure === null || undo.failureCode === problemCodes.runBroke
    const why = isDefect
      ? 'The undo stopped because of an unexpected error. What was put back stays so; undo the run again to go on.'
      : `The undo stopped. ${undo.failure}`
    return runEntry(why, undo.failureCode ?? problemCodes.runBroke, 'error')
  }
  return runEntry(`Undo completed: ${counts}`)
}

function updateOf(subject: Subject, side: Side): MethodEvent {
  return side === 'crm' ? { crmUpdate: subject.type } : { erpUpdate: subject.type }
}

function place(names: SideNames, subject: Subject, side: Side): string {
  const id = side === 'crm' && subject.crmId !== null ? ` (${displayText(subject.crmId)})` : ''
  return `${names[side]}${id}`
}

/** A coded line: what happened, then what to do, from the catalogue. */
function coded(names: SideNames, subject: Subject, event: MethodEvent, message: string, code: ProblemCode): LogEntry {
  return recordEntry(subject, methodName(event, names), `${message} ${inWords(PROBLEMS[code].fix, names)}`, code)
}
