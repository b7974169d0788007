import { displayText, quoted } from './display-text.ts'
import { type LogEntry, recordEntry, type Subject, subjectName } from './log-entry.ts'
import { coded, crmTypeName, methodName, type SideNames, sentence } from './messages.ts'
import type { FieldChange } from './plan.ts'
import { inWords } from './problem-words.ts'
import { PROBLEMS, type ProblemCode, problemCodes } from './problems.ts'
import type { RecordType } from './records.ts'

/** Lines of the way back, from the CRM into the ERP (sync-rules §8 step 9, §11). */

/** A record that the CRM has and the ERP has not. */
export interface NewSubject {
  readonly type: RecordType
  readonly crmId: string
  readonly name: string
}

/** Values of the CRM were taken: which fields, and what the ERP had held that gave way (sync-rules §7.2, §9). */
export function takenMessage(names: SideNames, subject: Subject, changes: readonly FieldChange[]): LogEntry {
  const fields = changes.map((change) => change.label).join(', ')
  const replaced = changes
    .filter((change) => change.reason === 'erp-overwritten' || change.reason === 'both-changed')
    .map((change) => `${change.label} was ${quoted(change.from, 60)}, is ${quoted(change.to, 60)}`)
  const overwritten = replaced.length === 0 ? '' : ` Overwritten, because ${names.crm} wins: ${replaced.join('; ')}.`
  const message = `${subjectName(subject)} was updated in ${names.erp} from ${names.crm}: ${fields}.${overwritten}`
  return recordEntry(subject, methodName({ erpUpdate: subject.type }, names), message)
}

/** A record of the ERP could not be changed. `reason`: a complete sentence of the ERP or of the rule, if there is one. */
export function takeFailedMessage(
  names: SideNames,
  subject: Subject,
  failure: { readonly code: ProblemCode; readonly reason: string | null },
): LogEntry {
  const why = failure.reason === null ? inWords(PROBLEMS[failure.code].cause, names) : sentence(failure.reason)
  const message = `${subjectName(subject)} could not be updated in ${names.erp}: ${why}`
  return coded(names, subject, { erpUpdate: subject.type }, message, failure.code)
}

/** The ERP lets nobody change the switch here; the pairs carry it. Of no record, since it concerns all of them. */
export function switchCarriedMessage(names: SideNames, reason: string): LogEntry {
  const subject = { type: 'project' as const, erpKey: '', erpName: '', crmId: null }
  const message =
    `Sync to CRM was changed in ${names.crm} and could not be written to ${names.erp}: ${sentence(reason)} ` +
    'The mapping carries the switch meanwhile.'
  const entry = coded(names, subject, { erpUpdate: 'project' }, message, problemCodes.flagNotWritable)
  return { ...entry, erpKey: null, erpName: null }
}

/** A record of the CRM was created in the ERP and mapped. */
export function createdInErpMessage(names: SideNames, subject: Subject): LogEntry {
  const message = `${subjectName(subject)} was created in ${names.erp} from ${partner(names, subject)} and mapped.`
  return recordEntry(subject, methodName({ erpAdd: subject.type }, names), message)
}

/** A record whose creation had been sent to the ERP without hearing an answer was found and mapped (§10.1). */
export function adoptedInErpMessage(names: SideNames, subject: Subject): LogEntry {
  const message =
    `${subjectName(subject)} was found in ${names.erp} and mapped to ${partner(names, subject)}. ` +
    'Its creation had been sent before without an answer, so it was not sent again.'
  return coded(names, subject, { erpAdd: subject.type }, message, problemCodes.adopted)
}

/** A record of the CRM that could not be created in the ERP. `reason`: a complete sentence, if there is one. */
export function notCreatedInErpMessage(
  names: SideNames,
  record: NewSubject,
  failure: { readonly code: ProblemCode; readonly reason: string | null },
): LogEntry {
  const why = failure.reason === null ? inWords(PROBLEMS[failure.code].cause, names) : sentence(failure.reason)
  const message = `${newName(names, record)} could not be created in ${names.erp}: ${why}`
  return newEntry(names, record, message, failure.code)
}

/** A namesake keeps a new record out of the ERP (sync-rules §8 step 9). `taken`: the records that have its name. */
export function erpNamesakeMessage(
  names: SideNames,
  record: NewSubject,
  taken: readonly { readonly key: string; readonly name: string }[],
): LogEntry {
  const records = taken.map(({ key, name }) => `${quoted(name)} (${key})`).join(', ')
  const message =
    `${newName(names, record)} was not created in ${names.erp}, which already has ${record.type} ${records} ` +
    'with the same name or number.'
  return newEntry(names, record, message, problemCodes.erpNamesake)
}

/** Two records of the CRM would be two of one name in the ERP. */
export function crmTwinMessage(names: SideNames, record: NewSubject, twinId: string): LogEntry {
  const message =
    `${newName(names, record)} was not created in ${names.erp}: this run creates ` +
    `${crmTypeName(record.type).toLowerCase()} ${displayText(twinId)} under the same name.`
  return newEntry(names, record, message, problemCodes.erpNamesake)
}

/** A record at the start of a sentence that has no key in the ERP yet. */
function newName(names: SideNames, { type, crmId, name }: NewSubject): string {
  const shown = displayText(name)
  const what = `${names.crm} ${crmTypeName(type).toLowerCase()}`
  return shown === '' ? `${what} ${displayText(crmId)} (without a name)` : `${what} “${shown}” (${displayText(crmId)})`
}

function newEntry(names: SideNames, record: NewSubject, message: string, code: ProblemCode): LogEntry {
  const subject = { type: record.type, erpKey: '', erpName: record.name, crmId: record.crmId }
  return { ...coded(names, subject, { erpAdd: record.type }, message, code), erpKey: null }
}

function partner(names: SideNames, subject: Subject): string {
  const type = crmTypeName(subject.type).toLowerCase()
  return `${names.crm} ${type}${subject.crmId === null ? '' : ` ${displayText(subject.crmId)}`}`
}
