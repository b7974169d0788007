import { z } from 'zod'

/**
 * Every switch of both systems, settable at start and at run time (spec/product.md §5). Switches whose behaviour the
 * API documents mark I or U say so here and in docs/sandbox.md: their defaults are guesses, kept as settings.
 */

const count = z.int().min(0)
const probability = z.number().min(0).max(1)

const rateLimit = z.strictObject({
  /** Calls a second; the next one is refused. */
  perSecond: z.number().positive(),
  retryAfterSeconds: z.number().min(0),
  /** Both forms of `Retry-After` exist in HTTP. */
  form: z.enum(['seconds', 'date']),
  status: z.union([z.literal(429), z.literal(503)]),
})

/** Faults that either system can have. Counts run down by one with each call they hit. */
const callFaults = {
  latencyMs: count,
  /** Both documents: no figure published (U) and Ajera about 9 a second, answer unknown. */
  rateLimit: rateLimit.nullable(),
  /** Only calls whose journal name contains this text are hit by the faults below; empty: every call but sign-in. */
  only: z.string(),
  /** Next N calls: HTML page with 502; the call was not executed. */
  htmlErrors: count,
  /** Next N calls: 503 with `Retry-After: 1`; not executed. */
  unavailable: count,
  /** Next N calls: executed, answered with an HTML page and status 200. */
  htmlPages: count,
  /** Next N calls: executed, JSON cut in the middle of a complete HTTP answer. */
  truncated: count,
  /** Next N calls: executed, connection closed in the middle of the body. */
  cutConnections: count,
  /** Next N calls: never answered, not executed. */
  hanging: count,
  /** Next N writes: committed, connection closed without a byte of answer. */
  lostAnswers: count,
  lostAnswerProbability: probability,
  /** Next N writes: committed, answered with an HTML 502. */
  lyingErrors: count,
  lyingErrorProbability: probability,
  /** Every Nth call finds its session gone; 0 never. */
  dropSessionEvery: count,
  clockSkewSeconds: z.int(),
}

export const erpFaultsSchema = z.strictObject({
  ...callFaults,
  /** Methods the API user has no tick for. */
  deniedMethods: z.array(z.string()),
  /** What a List without FilterByStatus answers (undocumented). */
  listDefaultStatus: z.enum(['active', 'all']),
  /** `PrimaryAddressCity` or `City`; both are accepted on write. */
  addressStyle: z.enum(['short', 'long']),
  /** Content key of GetProjectTotals; both are reported. */
  totalsKey: z.enum(['ProjectTotals', 'Projects']),
  /** Word for expenses in the labels of the totals (I). */
  totalsWord: z.enum(['Reimbursable', 'Expense']),
  /** Some instances answer unknown methods with 200 and empty Content. */
  unknownMethod: z.enum(['unauthorized', 'empty']),
  /** Are the bounds of the modified filters part of the range (undocumented)? */
  dateFilterInclusive: z.boolean(),
  /** Does a project's LastModifiedDate move with time and invoices (undocumented)? */
  totalsTouchProject: z.boolean(),
  sessionMinutes: z.number().positive(),
})

export const HUBS = ['project', 'firm', 'contact', 'employee'] as const
export type Hub = (typeof HUBS)[number]

const numbering = z.enum(['off', 'on', 'on-no-override', 'late', 'padded'])
export type Numbering = z.infer<typeof numbering>

/** `half` leaves out every second row as if it did not exist; the others are answers with status 200. */
const listing = z.enum(['whole', 'half', 'empty', 'html', 'truncated'])
export type Listing = z.infer<typeof listing>

const perHub = <T extends z.ZodType>(value: T) =>
  z.strictObject({ project: value, firm: value, contact: value, employee: value })

export const crmFaultsSchema = z.strictObject({
  ...callFaults,
  /** What a list GET of a hub answers until the switch is set back; records by key still answer. */
  lists: perHub(listing),
  /** A created record answers by key at once, but appears in lists only after this time. */
  searchLagMs: count,
  tokenSeconds: z.number().positive(),
  /** Does use of a token put off its end (U)? */
  slidingExpiry: z.boolean(),
  /** Is a refresh token good for one use only (U)? */
  singleUseRefresh: z.boolean(),
  passwordGrant: z.boolean(),
  refreshGrant: z.boolean(),
  autoNumber: perHub(numbering),
  /** Mode `late`: reads show the number as empty for this long after the create. */
  lateNumberMs: count,
  /** Columns beyond the built-in ones that a create or update must leave filled. */
  requiredFields: perHub(z.array(z.string())),
  /** Name of the custom column for the ERP key; null: the tenant has none. */
  externalKeyField: z.string().startsWith('Cust').nullable(),
  ajeraSyncColumn: z.boolean(),
  totalsColumns: z.boolean(),
  rights: perHub(z.strictObject({ read: z.boolean(), write: z.boolean() })),
  /** Status of refused content (U: 400 by documentation, 500 in the field). */
  validationStatus: z.union([z.literal(400), z.literal(422), z.literal(500)]),
  /** `Message`, or an `errors` list as seen in 2026.1 (inner shape U). */
  errorShape: z.enum(['Message', 'errors']),
  strictUnknownFields: z.boolean(),
  /** Unknown names in fieldFilter (U). */
  unknownFieldFilter: z.enum(['ignore', 'refuse']),
  /** Answer of POST and PUT: list of one (L) or single object (C). */
  writeAnswer: z.enum(['array', 'object']),
  /** What SQL Server counts (U). */
  lengthUnit: z.enum(['code-point', 'utf-16']),
  /** Rows answered when neither limit nor pageSize is given (U); null: all. */
  defaultPageSize: z.int().positive().nullable(),
  maxPageSize: z.int().positive().nullable(),
  /** Order without `order` is U: `shuffled` makes it different in every call. */
  unorderedRows: z.enum(['stable', 'shuffled']),
  metadataLengths: z.boolean(),
  requireRelationship: z.boolean(),
  /** Longest path and query accepted, in characters (2,048 is a guess). */
  urlLimit: z.int().positive(),
})

export const faultsSchema = z.strictObject({ erp: erpFaultsSchema, crm: crmFaultsSchema })
export type ErpFaults = z.infer<typeof erpFaultsSchema>
export type CrmFaults = z.infer<typeof crmFaultsSchema>
export type Faults = z.infer<typeof faultsSchema>
export type CallFaults = Pick<ErpFaults, keyof typeof callFaults>

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T
export type FaultPatch = DeepPartial<Faults>

const calm: CallFaults = {
  latencyMs: 0,
  rateLimit: null,
  only: '',
  htmlErrors: 0,
  unavailable: 0,
  htmlPages: 0,
  truncated: 0,
  cutConnections: 0,
  hanging: 0,
  lostAnswers: 0,
  lostAnswerProbability: 0,
  lyingErrors: 0,
  lyingErrorProbability: 0,
  dropSessionEvery: 0,
  clockSkewSeconds: 0,
}

/** A fresh, calm pair of systems. */
export function defaultFaults(): Faults {
  const open = { read: true, write: true }
  return {
    erp: {
      ...calm,
      deniedMethods: [],
      listDefaultStatus: 'active',
      addressStyle: 'short',
      totalsKey: 'ProjectTotals',
      totalsWord: 'Reimbursable',
      unknownMethod: 'unauthorized',
      dateFilterInclusive: true,
      totalsTouchProject: false,
      sessionMinutes: 60,
    },
    crm: {
      ...calm,
      lists: { project: 'whole', firm: 'whole', contact: 'whole', employee: 'whole' },
      searchLagMs: 0,
      tokenSeconds: 1799,
      slidingExpiry: false,
      singleUseRefresh: true,
      passwordGrant: true,
      refreshGrant: true,
      autoNumber: { project: 'off', firm: 'on', contact: 'off', employee: 'off' },
      lateNumberMs: 300,
      requiredFields: { project: [], firm: [], contact: [], employee: [] },
      externalKeyField: 'CustAjeraKey',
      ajeraSyncColumn: true,
      totalsColumns: true,
      rights: { project: { ...open }, firm: { ...open }, contact: { ...open }, employee: { ...open } },
      validationStatus: 400,
      errorShape: 'Message',
      strictUnknownFields: true,
      unknownFieldFilter: 'ignore',
      writeAnswer: 'array',
      lengthUnit: 'code-point',
      defaultPageSize: null,
      maxPageSize: null,
      unorderedRows: 'stable',
      metadataLengths: false,
      requireRelationship: true,
      urlLimit: 2048,
    },
  }
}

function merged(base: unknown, patch: unknown): unknown {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return patch
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (value !== undefined) result[name] = merged(result[name], value)
  }
  return result
}

export type FaultChange =
  | { readonly ok: true; readonly faults: Faults }
  | { readonly ok: false; readonly problem: string }

/** Lays a patch over the switches. An unknown switch or a value of the wrong kind is refused as a whole. */
export function patchFaults(faults: Faults, patch: unknown): FaultChange {
  const result = faultsSchema.safeParse(merged(faults, patch))
  return result.success ? { ok: true, faults: result.data } : { ok: false, problem: z.prettifyError(result.error) }
}
