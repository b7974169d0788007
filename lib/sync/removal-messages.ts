import type { Brake } from './brake.ts'
import { displayText, quoted } from './display-text.ts'
import { counted, type LogEntry, recordEntry, runEntry, type Subject, subjectName } from './log-entry.ts'
import { methodName, type SideNames } from './messages.ts'
import { inWords } from './problem-words.ts'
import { PROBLEMS, type ProblemCode, problemCodes } from './problems.ts'
import type { RecordType } from './records.ts'

/** What is said of records that the CRM no longer has, and of lists that are not complete (sync-rules §8 step 4). */

/** A mapping ended because the CRM no longer has the record. */
export function mappingRemovedMessage(names: SideNames, subject: Subject, crmName: string): LogEntry {
  const partner = `${quoted(crmName)} (${displayText(subject.crmId ?? '')})`
  const message =
    `${subjectName(subject)} lost its mapping: ${names.crm} no longer has ${partner}. ` +
    inWords(PROBLEMS[problemCodes.mappingRemoved].fix, names)
  return recordEntry(subject, methodName('remove-mapping', names), message, problemCodes.mappingRemoved)
}

/** Why a run stops whose list of a type lacks records that are there. `ids`: records that prove it, some of them. */
export function listIncompleteSentence(names: SideNames, type: RecordType, ids: readonly string[]): string {
  const [shown, more] = [ids.slice(0, 3), ids.length - 3]
  const which = `${shown.map((id) => displayText(id)).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const what = `The list of ${type} records that ${names.crm} gave is incomplete: it lacks records that are there (${which}).`
  return `${what} ${fixOf(problemCodes.listIncomplete, names)}`
}

export type TypedBrake = Brake & { readonly type: RecordType }

/** Why a run stops that would remove too many mappings. */
export function brakeSentence(names: SideNames, brakes: readonly TypedBrake[]): string {
  const what = `${names.crm} no longer has the records of ${brakes.map(shareWords).join(' and of ')}.`
  const why = 'That is more than a tenth, so the sync stopped before it removed any.'
  return `${what} ${why} ${fixOf(problemCodes.brakePulled, names)}`
}

/** A person has let a run remove more mappings than the brake allows. */
export function brakeReleasedMessage(brake: TypedBrake, by: string, reason: string): LogEntry {
  const who = displayText(by)
  return runEntry(
    `More than a tenth of the mappings of one type go in this run: ${shareWords(brake)}. ${who} allowed it this once: ${quoted(reason, 500)}.`,
  )
}

/** `60 of 200 project mappings (30 %)`. */
function shareWords({ type, missing, mappings }: TypedBrake): string {
  const share = Math.round((missing / mappings) * 1000) / 10
  return `${missing} of ${counted(mappings, `${type} mapping`)} (${share} %)`
}

function fixOf(code: ProblemCode, names: SideNames): string {
  return inWords(PROBLEMS[code].fix, names)
}
