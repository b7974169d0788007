import { displayText, quoted } from './display-text.ts'
import { type LogEntry, recordEntry, type Subject, subjectName, TYPE_NAMES } from './log-entry.ts'
import type { FieldChange, OpenConflict, PlanWarning } from './plan.ts'
import { inWords } from './problem-words.ts'
import { PROBLEMS, type ProblemCode, problemCodes } from './problems.ts'
import type { RecordType } from './records.ts'

/** What people call the two systems; log methods begin with these. */
export interface SideNames {
  readonly erp: string
  readonly crm: string
}

export type MethodEvent =
  | 'synchronize'
  | 'remove-mapping'
  | { readonly map: RecordType }
  | { readonly crmAdd: RecordType }
  | { readonly crmUpdate: RecordType }
  | { readonly erpAdd: RecordType }
  | { readonly erpUpdate: RecordType }

/** The log's method name (sync-rules §11). A client is a firm on the CRM's side. */
export function methodName(event: MethodEvent, names: SideNames): string {
  if (event === 'synchronize') return 'Synchronize'
  if (event === 'remove-mapping') return 'Remove Mapping'
  if ('map' in event) return `Map ${TYPE_NAMES[event.map]}`
  if ('crmAdd' in event) return `${names.crm} Add ${crmTypeName(event.crmAdd)}`
  if ('crmUpdate' in event) return `${names.crm} Update ${crmTypeName(event.crmUpdate)}`
  if ('erpAdd' in event) return `${names.erp} Add ${TYPE_NAMES[event.erpAdd]}`
  return `${names.erp} Update ${TYPE_NAMES[event.erpUpdate]}`
}

export function crmTypeName(type: RecordType): string {
  return type === 'client' || type === 'vendor' ? 'Firm' : TYPE_NAMES[type]
}

/** A record was paired by name (sync-rules §4). */
export function mappedMessage(
  names: SideNames,
  type: RecordType,
  pair: {
    readonly erpKey: string
    readonly erpName: string
    readonly crmId: string
    readonly crmName: string
    readonly turnSyncOn: boolean
  },
): LogEntry {
  const subject = { ...pair, type }
  const partner = `${names.crm} ${crmTypeName(type).toLowerCase()} ${quoted(pair.crmName)} (${displayText(pair.crmId)})`
  const turnedOn = pair.turnSyncOn ? ' Sync to CRM is turned on for it.' : ''
  const message = `${subjectName(subject)} was mapped to ${partner}, because the names are the same.${turnedOn}`
  return recordEntry(subject, methodName({ map: type }, names), message)
}

/** Nothing to pair the record with; it is left out (sync-rules §4.8, §13.13). */
export function noMatchMessage(
  names: SideNames,
  type: RecordType,
  record: { readonly erpKey: string; readonly erpName: string },
): LogEntry {
  const subject = { type, erpKey: record.erpKey, erpName: record.erpName, crmId: null }
  const partner = `${names.crm} ${crmTypeName(type).toLowerCase()}`
  const message = `${subjectName(subject)} was left out: no match. No unmapped ${partner} has the same name.`
  return coded(names, subject, { map: type }, message, problemCodes.noMatch)
}

/** One line for all records that could belong together in more than one way (sync-rules §4.7). */
export function ambiguousMessage(
  names: SideNames,
  type: RecordType,
  group: { readonly name: string; readonly erpKeys: readonly string[]; readonly crmIds: readonly string[] },
  erpNames: ReadonlyMap<string, string>,
): LogEntry {
  const [first = ''] = group.erpKeys
  const subject = { type, erpKey: first, erpName: erpNames.get(first) ?? group.name, crmId: null }
  const erp = group.erpKeys.map((key) => `${quoted(erpNames.get(key) ?? group.name)} (${key})`).join(', ')
  const crm = group.crmIds.map((id) => displayText(id)).join(', ')
  const message =
    `The name ${quoted(group.name)} is ambiguous, so none of these was mapped: ` +
    `${names.erp} ${type} ${erp}; ${names.crm} ${crmTypeName(type).toLowerCase()} ${crm}.`
  return coded(names, subject, { map: type }, message, problemCodes.ambiguous)
}

/** *Sync to CRM* was written to the ERP for a project that *Map unsynced* has paired (sync-rules §4.3). */
export function syncTurnedOnMessage(
  names: SideNames,
  pair: { readonly erpKey: string; readonly erpName: string; readonly crmId: string },
): LogEntry {
  const subject = { ...pair, type: 'project' as const }
  const message =
    `${subjectName(subject)}: Sync to CRM was turned on in ${names.erp}, ` +
    `because the project was mapped to ${names.crm} project ${displayText(pair.crmId)}.`
  return recordEntry(subject, methodName({ erpUpdate: 'project' }, names), message)
}

/** The switch could not be written to the ERP: of one project, or (without `pair`) of none, which one line says. */
export function flagNotWrittenMessage(
  names: SideNames,
  reason: string,
  pair?: { readonly erpKey: string; readonly erpName: string; readonly crmId: string },
): LogEntry {
  const subject = { erpKey: '', erpName: '', crmId: null, ...pair, type: 'project' as const }
  const start = pair ? `${subjectName(subject)}: ` : ''
  const message =
    `${start}Sync to CRM could not be turned on in ${names.erp}: ${sentence(reason)} ` +
    'The mapping carries the switch meanwhile.'
  const entry = coded(names, subject, { erpUpdate: 'project' }, message, problemCodes.flagNotWritable)
  return pair ? entry : { ...entry, erpKey: null, erpName: null }
}

/** The totals of one project could not be read; the project is sent without them. */
export function totalsUnreadMessage(names: SideNames, erpKey: string, reason: string): LogEntry {
  const subject = { type: 'project' as const, erpKey, erpName: '', crmId: null }
  const message = `The totals of project ${erpKey} could not be read from ${names.erp}: ${sentence(reason)}`
  return { ...coded(names, subject, 'synchronize', message, problemCodes.totalsUnread), erpName: null }
}

/** A record was written: which fields, and what the CRM had held that the write replaced (sync-rules §7.2). */
export function updatedMessage(names: SideNames, subject: Subject, changes: readonly FieldChange[]): LogEntry {
  const fields = changes.map((change) => change.label).join(', ')
  const replaced = changes
    .filter((change) => change.reason === 'crm-overwritten' || change.reason === 'both-changed')
    .map((change) => `${change.label} was ${quoted(change.from, 60)}, is ${quoted(change.to, 60)}`)
  const overwritten = replaced.length === 0 ? '' : ` Overwritten, because ${names.erp} wins: ${replaced.join('; ')}.`
  const message = `${subjectName(subject)} was updated in ${names.crm}${idWords(subject)}: ${fields}.${overwritten}`
  return recordEntry(subject, methodName({ crmUpdate: subject.type }, names), message)
}

/** A record was created in the CRM and mapped. */
export function createdMessage(names: SideNames, subject: Subject): LogEntry {
  const message = `${subjectName(subject)} was created in ${names.crm}${idWords(subject)} and mapped.`
  return recordEntry(subject, methodName({ crmAdd: subject.type }, names), message)
}

/** A record whose creation had been sent without hearing an answer was found and mapped (sync-rules §10.1). */
export function adoptedMessage(names: SideNames, subject: Subject): LogEntry {
  const message =
    `${subjectName(subject)} was found in ${names.crm}${idWords(subject)} and mapped. ` +
    'Its creation had been sent before without an answer, so it was not sent again.'
  return coded(names, subject, { crmAdd: subject.type }, message, problemCodes.adopted)
}

/** A contact was left out because the CRM requires a last name (fields.md). */
export function noLastNameMessage(names: SideNames, subject: Subject): LogEntry {
  const message = `${subjectName(subject)} was left out: it has no last name, and ${names.crm} requires one.`
  return coded(names, subject, { crmAdd: subject.type }, message, problemCodes.noLastName)
}

/** A record that could not be written. `reason`: a complete sentence of the other side or of the rule, if there is one. */
export function failedMessage(
  names: SideNames,
  subject: Subject,
  failure: { readonly action: 'create' | 'update'; readonly code: ProblemCode; readonly reason: string | null },
): LogEntry {
  const { action, code, reason } = failure
  const why = reason === null ? inWords(PROBLEMS[code].cause, names) : sentence(reason)
  const message = `${subjectName(subject)} could not be ${action}d in ${names.crm}${idWords(subject)}: ${why}`
  const event = action === 'create' ? { crmAdd: subject.type } : { crmUpdate: subject.type }
  return coded(names, subject, event, message, code)
}

/** A record of an approved plan that has changed since; it was left as it is. */
export function staleMessage(names: SideNames, subject: Subject, direction: 'to_crm' | 'to_erp'): LogEntry {
  const message = `${subjectName(subject)} was left as it is: it has changed since the plan was made.`
  const event = direction === 'to_crm' ? { crmUpdate: subject.type } : { erpUpdate: subject.type }
  return coded(names, subject, event, message, problemCodes.planStale)
}

/** A field that both sides changed and that waits for a person (sync-rules §7.2, policy *ask*). */
export function conflictMessage(names: SideNames, subject: Subject, conflict: OpenConflict): LogEntry {
  const message =
    `${subjectName(subject)}: ${conflict.label} was changed on both sides, so nothing was written for it. ` +
    `${names.erp} has ${quoted(conflict.erp, 60)}, ${names.crm} has ${quoted(conflict.crm, 60)}.`
  return coded(names, subject, { crmUpdate: subject.type }, message, problemCodes.conflictOpen)
}

const WARNING_WORDS: Readonly<Partial<Record<ProblemCode, (names: SideNames) => string>>> = {
  [problemCodes.valueCut]: (names) => `is longer than ${names.crm} allows and was cut`,
  [problemCodes.unknownCode]: (names) => `has no counterpart in ${names.crm}, so the field was left out`,
  [problemCodes.codeTableMissing]: (names) =>
    `could not be looked up, because ${names.crm} did not give its list of values, so the field was left out`,
  [problemCodes.unmappedReference]: (names) =>
    `is the key of a record in ${names.erp} that is not mapped, so the field was left out`,
  [problemCodes.referenceNotCleared]: (names) =>
    `stays in ${names.crm} although the field is empty in ${names.erp}, because links are never cleared`,
  [problemCodes.unusableValue]: () => 'is no valid date or amount, so the field was left out',
}

/** What the ERP would have taken of the CRM, and did not. */
const TAKE_WARNING_WORDS: Readonly<Partial<Record<ProblemCode, (names: SideNames) => string>>> = {
  [problemCodes.unknownCode]: (names) => `has no counterpart in ${names.erp}, so the field was left out there`,
  [problemCodes.codeTableMissing]: (names) =>
    `could not be looked up, because ${names.crm} did not give its list of values, so the field was left out`,
  [problemCodes.unmappedReference]: (names) =>
    `is the id of a record in ${names.crm} that is not mapped, so the field was left out in ${names.erp}`,
  [problemCodes.unusableValue]: (names) => `is no valid date or amount, so the field was left out in ${names.erp}`,
  [problemCodes.notKept]: (names) => `was sent to ${names.erp}, which holds something else now`,
}

/** A value that was sent differently or not at all (sync-rules §7.4–7.6, §13.11), with the value. */
export function warningMessage(
  names: SideNames,
  subject: Subject,
  warning: PlanWarning,
  action: 'create' | 'update' = 'update',
): LogEntry {
  if (warning.source === 'crm') return takeWarningMessage(names, subject, warning, action)
  const what = WARNING_WORDS[warning.code]?.(names) ?? 'was not sent as it is'
  const message = `${subjectName(subject)}: ${warning.label} ${quoted(warning.value)} ${what}.`
  const event = action === 'create' ? { crmAdd: subject.type } : { crmUpdate: subject.type }
  return coded(names, subject, event, message, warning.code)
}

function takeWarningMessage(
  names: SideNames,
  subject: Subject,
  warning: PlanWarning,
  action: 'create' | 'update',
): LogEntry {
  const what = TAKE_WARNING_WORDS[warning.code]?.(names) ?? 'was not taken as it is'
  const message = `${subjectName(subject)}: ${warning.label} ${quoted(warning.value)} of ${names.crm} ${what}.`
  const event = action === 'create' ? { erpAdd: subject.type } : { erpUpdate: subject.type }
  return coded(names, subject, event, message, warning.code)
}

/** A coded line: what happened, then what to do, from the catalogue. */
export function coded(
  names: SideNames,
  subject: Subject,
  event: MethodEvent,
  message: string,
  code: ProblemCode,
): LogEntry {
  return recordEntry(subject, methodName(event, names), `${message} ${inWords(PROBLEMS[code].fix, names)}`, code)
}

function idWords(subject: Subject): string {
  return subject.crmId === null ? '' : ` (${displayText(subject.crmId)})`
}

/** A reason from outside as one clean sentence. */
export function sentence(reason: string): string {
  const text = displayText(reason, 400)
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
