import { displayText } from './display-text.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import type { RecordType } from './records.ts'

/** Every warning and error has a code of the catalogue, and nothing else has one (sync-rules §11). */
export type Marked =
  | { readonly severity: 'info'; readonly code: null }
  | { readonly severity: 'warning' | 'error'; readonly code: ProblemCode }

/** One line of the Integration Log (sync-rules §11); its time and run are the store's to add. */
export type LogEntry = Marked & {
  readonly method: string
  readonly type: RecordType | null
  readonly erpKey: string | null
  readonly erpName: string | null
  readonly crmId: string | null
  readonly message: string
}

/** The record a line is about. */
export interface Subject {
  readonly type: RecordType
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
}

export const TYPE_NAMES: Readonly<Record<RecordType, string>> = {
  employee: 'Employee',
  client: 'Client',
  vendor: 'Vendor',
  contact: 'Contact',
  project: 'Project',
}

/** A record at the start of a sentence: `Project “Town Hall” (1042)`. */
export function subjectName(subject: Pick<Subject, 'type' | 'erpKey' | 'erpName'>): string {
  const name = displayText(subject.erpName)
  const type = TYPE_NAMES[subject.type]
  return name === '' ? `${type} ${subject.erpKey} (without a name)` : `${type} “${name}” (${subject.erpKey})`
}

/** `1 project`, `12 projects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A line about the run as a whole. With a code, the catalogue gives the severity unless another is asked for. */
export function runEntry(message: string, code: ProblemCode | null = null, severity?: 'warning' | 'error'): LogEntry {
  return {
    ...marked(code, severity),
    method: 'Synchronize',
    type: null,
    erpKey: null,
    erpName: null,
    crmId: null,
    message,
  }
}

/** A line about one record. */
export function recordEntry(
  subject: Subject,
  method: string,
  message: string,
  code: ProblemCode | null = null,
): LogEntry {
  return {
    ...marked(code),
    method,
    type: subject.type,
    erpKey: subject.erpKey,
    erpName: displayText(subject.erpName),
    crmId: subject.crmId,
    message,
  }
}

function marked(code: ProblemCode | null, severity?: 'warning' | 'error'): Marked {
  return code === null ? { severity: 'info', code } : { severity: severity ?? PROBLEMS[code].severity, code }
}
