import type { CrmRecord, ErpRecord, FieldValue, RecordType } from './records.ts'

/**
 * The two systems as the engine sees them. An adapter implements one port; one contract suite in `tests/contract`
 * runs against every implementation. Every method may throw {@link RemoteFailure} and nothing else for a remote
 * cause; a pending `signal` rejects with the signal's reason.
 */

/** Did the other side act? (guide/reliability.md, "Did it happen?") */
export type FailureClass = 'not-executed' | 'unknown' | 'definite'

/** What kind of refusal or breakage it was; the engine chooses the problem code by it, never by message text. */
export type FailureReason =
  | 'unreachable' // refused, host not found, no route
  | 'timeout'
  | 'broken-answer' // HTML, truncated or impossible JSON, too large
  | 'server-error' // 5xx
  | 'throttled' // 429, 503 with Retry-After
  | 'sign-in-refused'
  | 'session-lost' // still refused after one new sign-in
  | 'forbidden'
  | 'not-found'
  | 'duplicate-key' // "already exists"
  | 'number-not-allowed' // auto-numbering refuses the caller's number
  | 'number-required' // no auto-numbering and no number given
  | 'required-field'
  | 'too-long'
  | 'bad-reference' // unknown code, country or referenced record
  | 'unknown-field'
  | 'no-change' // the ERP's "No valid changes to this object exist."
  | 'invalid' // any other refusal of this record's content
  | 'address-refused' // our own address check

/** Thrown by adapters. `message` is a complete sentence fit for a person: no stack, URL query, credential or HTML. */
export class RemoteFailure extends Error {
  readonly side: 'erp' | 'crm'
  readonly failureClass: FailureClass
  readonly reason: FailureReason
  /** The field or table named by the refusal, where it named one. */
  readonly field: string | null
  /** Seconds the other side asked us to wait. */
  readonly retryAfterSeconds: number | null

  constructor(init: {
    side: 'erp' | 'crm'
    failureClass: FailureClass
    reason: FailureReason
    message: string
    field?: string | null
    retryAfterSeconds?: number | null
    cause?: unknown
  }) {
    super(init.message, { cause: init.cause })
    this.name = 'RemoteFailure'
    this.side = init.side
    this.failureClass = init.failureClass
    this.reason = init.reason
    this.field = init.field ?? null
    this.retryAfterSeconds = init.retryAfterSeconds ?? null
  }

  /** The same failure seen from a larger call of which more is known: its write was sent, or certainly was not. */
  withClass(failureClass: FailureClass): RemoteFailure {
    const { side, reason, message, field, retryAfterSeconds } = this
    return new RemoteFailure({ side, failureClass, reason, message, field, retryAfterSeconds, cause: this })
  }
}

/** One line of the connection check list (screen, `doctor`, preflight). */
export interface CheckFinding {
  readonly check: 'reachable' | 'signed-in' | 'permissions' | 'external-key' | 'custom-fields' | 'clock'
  readonly side: 'erp' | 'crm'
  readonly level: 'ok' | 'warning' | 'error'
  /** A complete sentence: what was found and, unless ok, what to do. */
  readonly message: string
  /** Why the check itself could not be made; missing where the finding is its answer. */
  readonly reason?: FailureReason
}

/** A page of records. `watermark`: newest modified stamp seen up to and including this page, by the remote clock. */
export interface RecordPage<R> {
  readonly records: readonly R[]
  readonly watermark: string | null
  /** How many records the whole read will deliver, where the system tells. */
  readonly total: number | null
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** The fifteen project totals by CRM-independent name (`SpentLabor` … `ReceivedConsultant`), decimal text. */
export type ProjectTotals = Readonly<Record<string, FieldValue>>

/** What a new project is made from in the ERP (sync-rules §8 step 9, §13.17). */
export interface ErpTemplate {
  readonly key: string
  /** The name by which a CRM project asks for it, exactly as the ERP holds it. */
  readonly description: string
}

export interface ErpCreateOptions extends CallOptions {
  /** Projects only, and required there: key of the template whose invoice groups and phases are copied. */
  readonly template?: string
}

/** A field that records of the ERP have, under the name a field map uses. */
export interface ErpField {
  readonly name: string
  /** What people call it. */
  readonly label: string
  /** `total`: a project total, which a call of its own answers. */
  readonly kind: 'text' | 'memo' | 'date' | 'decimal' | 'flag' | 'reference' | 'total'
  /** Of a reference: whose key it holds. */
  readonly references: RecordType | null
  /** Whether the ERP takes a value for it, so that a change of the CRM can travel there. */
  readonly writable: boolean
  /** The name goes on after this: one of any number of fields that the installation has made for itself. */
  readonly isOpen: boolean
}

export interface Erp {
  /** The side's name for people and log methods, e.g. `Ajera`. */
  readonly name: string
  /** Every field that a map may name; sensitive ones are not among them. Known without a call. */
  fields(type: RecordType): readonly ErpField[]
  check(options?: CallOptions): Promise<CheckFinding[]>
  /** One cheap call, not repeated: throws {@link RemoteFailure} unless the system answers. */
  ping(options?: CallOptions): Promise<void>
  /** Everything modified at or after `since` (ISO UTC, inclusive); `null` reads everything. Active and inactive alike. */
  readChanged(type: RecordType, since: string | null, options?: CallOptions): AsyncIterable<RecordPage<ErpRecord>>
  /** Keys of everything that is or once was a record of the type: a vendor that is no consultant is not gone. */
  readKeys(type: RecordType, options?: CallOptions): Promise<string[]>
  /** Records by key; those that do not exist are absent from the answer. */
  read(type: RecordType, keys: readonly string[], options?: CallOptions): Promise<ErpRecord[]>
  /** Totals of one project (one call); `null` where the ERP keeps none (overhead, non-billable). */
  totals(key: string, options?: CallOptions): Promise<ProjectTotals | null>
  /** Templates in use, from a fresh read. */
  templates(options?: CallOptions): Promise<ErpTemplate[]>
  /**
   * Creates a record from canonical field values by ERP field name; answers it as read back. A project needs a template
   * with at least one invoice group and one phase, a description and a client; what is missing is refused before
   * anything is sent.
   */
  create(type: RecordType, fields: Readonly<Record<string, FieldValue>>, how?: ErpCreateOptions): Promise<ErpRecord>
  /** Writes only `changes` (by ERP field name; `SyncToCRM` among them). Reads its own fresh baseline. */
  update(
    type: RecordType,
    key: string,
    changes: Readonly<Record<string, FieldValue>>,
    options?: CallOptions,
  ): Promise<ErpRecord>
}

export interface CodeEntry {
  readonly code: string
  readonly description: string
}

/** A field that records of the CRM have. */
export interface CrmField {
  readonly name: string
  /** What people call it. */
  readonly label: string
  /** `null`: the CRM does not tell. */
  readonly kind: 'text' | 'memo' | 'date' | 'decimal' | 'whole' | 'flag' | null
  /** The CRM takes no record without it, and only the field map can fill it. */
  readonly required: boolean
  readonly writable: boolean
  /** The only values it takes, where that is known; `null`: not known. */
  readonly codes: readonly CodeEntry[] | null
}

/** What a rule needs to know about one record type in this particular CRM. */
export interface CrmTypeDescription {
  /** Code-point limits by CRM field name. A field without an entry has no limit. */
  readonly lengths: Readonly<Record<string, number>>
  /** CRM field names that exist and may be written. `null`: unknown, assume the field map's fields exist. */
  readonly writableFields: readonly string[] | null
  /**
   * What a field map may name, as far as the CRM tells; sensitive fields are not among them. Missing: in what earlier
   * versions stored.
   */
  readonly fields?: readonly CrmField[]
  /** Field that carries the ERP key, `null` when this CRM lacks it. */
  readonly externalKeyField: string | null
  /** May the caller choose the record's key on create? (K1 and K2 of guide/reliability.md.) `unknown`: try it. */
  readonly acceptsKey: 'yes' | 'no' | 'unknown'
  /** Does the CRM assign a key when the caller gives none? */
  readonly assignsKey: 'yes' | 'no' | 'unknown'
}

export interface CrmDescription {
  readonly types: Readonly<Record<RecordType, CrmTypeDescription>>
  /** Code tables by the name the field map uses, e.g. `ProjectType`, `FirmType`, `Country`. Missing: not readable. */
  readonly codeTables: Readonly<Record<string, readonly CodeEntry[]>>
  /** Project's name fields and their limits (sync-rules §4.4). */
  readonly shortName: { readonly field: string; readonly limit: number }
  readonly longName: { readonly field: string; readonly limit: number }
}

/** What to write to one CRM record, by CRM field name, canonical values; `null` clears. Nothing else is sent. */
export type CrmWrite = Readonly<Record<string, FieldValue>>

export interface CrmCreate {
  /** Key chosen by the caller (K1) or the wanted project number; `null` leaves it to the CRM. */
  readonly id: string | null
  /** The ERP key, stored in the external-key field where the CRM has it. */
  readonly externalKey: string
  readonly fields: CrmWrite
}

/** One entry of the complete list of keys. */
export interface CrmKey {
  readonly id: string
  /** False where the record exists but is none of the type (any more), so that no read of the type delivers it. */
  readonly ofType: boolean
}

export interface Crm {
  /** The side's name for people and log methods, e.g. `Vantagepoint`. */
  readonly name: string
  check(options?: CallOptions): Promise<CheckFinding[]>
  /** One cheap call, not repeated: throws {@link RemoteFailure} unless the system answers. */
  ping(options?: CallOptions): Promise<void>
  describe(options?: CallOptions): Promise<CrmDescription>
  readChanged(type: RecordType, since: string | null, options?: CallOptions): AsyncIterable<RecordPage<CrmRecord>>
  /**
   * Ids of everything that is or once was a record of the type (a firm that lost a mark is not gone), from a complete
   * list. Throws rather than answer a list that is known to be broken; half a list that looks whole cannot be told.
   */
  readKeys(type: RecordType, options?: CallOptions): Promise<CrmKey[]>
  /** Records by id; those that do not exist are absent from the answer. */
  read(type: RecordType, ids: readonly string[], options?: CallOptions): Promise<CrmRecord[]>
  /** By exact short or long name (as the system compares); the rules compare again. */
  findByName(type: RecordType, name: string, options?: CallOptions): Promise<CrmRecord[]>
  /** By external key, from a fresh read. Empty when the CRM lacks the field. */
  findByExternalKey(type: RecordType, externalKey: string, options?: CallOptions): Promise<CrmRecord[]>
  /** Sends one create and answers the record as read back (numbers may be assigned or rewritten). */
  create(type: RecordType, create: CrmCreate, options?: CallOptions): Promise<CrmRecord>
  /** Sends only `write` (and `externalKey` when given). Answers the record as it stands afterwards. */
  update(
    type: RecordType,
    id: string,
    write: CrmWrite,
    externalKey: string | null,
    options?: CallOptions,
  ): Promise<CrmRecord>
}
