import { canonicalCrmValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { codePointLength, foldWhiteSpace, projectNameField } from './name-rule.ts'
import type { FieldChange, PlanWarning } from './plan.ts'
import type { ErpField, ErpTemplate } from './ports.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { CrmRecord, Fields, FieldValue } from './records.ts'
import { isErpWritable, takeValue } from './take.ts'
import type { Lookups } from './transform.ts'

export interface ErpCreatePlan {
  /** By ERP field name, in ERP form. */
  readonly fields: Fields
  readonly changes: readonly FieldChange[]
  readonly warnings: readonly PlanWarning[]
  /** The client that the ERP needs is named by nobody, or has no partner there. */
  readonly lacksClient: boolean
}

export interface ErpCreateInput {
  readonly crm: CrmRecord
  readonly entries: readonly FieldMapEntry[]
  readonly lookups: Lookups
  readonly erpFields: readonly ErpField[]
}

/**
 * The record to create in the ERP (sync-rules §8 step 9, §13.17): what the CRM holds, by the field map backwards, whoever
 * owns the field later. Left out are empty fields, what has no form in the ERP, and what the ERP takes from nobody.
 * Number and links are taken at creation, though never later. What is created is set to sync.
 */
export function planErpCreate(input: ErpCreateInput): ErpCreatePlan {
  const fields: Record<string, FieldValue> = {}
  const changes: FieldChange[] = []
  const warnings: PlanWarning[] = []
  for (const entry of input.entries) {
    const value = isGivenAtCreation(entry, input.erpFields) ? crmValue(entry, input) : null
    if (value === null) continue
    const { crm: field, erp: erpField, label } = entry
    const form = takeValue(entry, input.crm.type, { value, held: null }, input.lookups)
    if (!form.ok) warnings.push({ code: form.code, field, label, value: form.value, source: 'crm' })
    else if (form.value !== null) {
      fields[erpField] = form.value
      changes.push({ field, label, side: 'erp', erpField, from: null, to: form.value, reason: 'created' })
    }
  }
  return { fields, changes, warnings, lacksClient: lacksClient(input, fields) }
}

function isGivenAtCreation(entry: FieldMapEntry, erpFields: readonly ErpField[]): boolean {
  if (entry.erp === '' || entry.constant !== undefined) return false
  if (entry.role === 'number') return true
  if (entry.role !== undefined && entry.role !== 'sync-flag') return false
  return entry.transform.kind === 'reference' || isErpWritable(entry.erp, erpFields)
}

/** The CRM's value of an entry in canonical form; `null` where it holds none, or the name travels in the other field. */
function crmValue(entry: FieldMapEntry, { crm, lookups }: ErpCreateInput): FieldValue {
  const { kind } = entry.transform
  if (entry.role === 'sync-flag') return 'Y'
  if (entry.role === 'number') return foldWhiteSpace(crm.id)
  if (kind === 'short-name' || kind === 'long-name') {
    const name = newErpName(crm, lookups.description.shortName.limit)
    return kind === `${projectNameField(name, lookups.description.shortName.limit)}-name` ? name || null : null
  }
  const held = crm.fields[entry.crm]
  return held === undefined ? null : canonicalCrmValue(entry.transform, held)
}

/** The name a record gets in the ERP: a project's long name where it is longer than a short one can be (§13.17). */
export function newErpName(crm: Pick<CrmRecord, 'name' | 'longName'>, shortNameLimit: number): string {
  const long = foldWhiteSpace(crm.longName ?? '')
  return codePointLength(long) > shortNameLimit ? long : foldWhiteSpace(crm.name)
}

/** A project needs a client; a contact needs the client that it names, since the ERP never takes it later. */
function lacksClient({ crm, entries }: ErpCreateInput, fields: Fields): boolean {
  const client = entries.find(({ transform }) => transform.kind === 'reference' && transform.type === 'client')
  if (!client || (crm.type !== 'project' && crm.type !== 'contact')) return false
  if (fields[client.erp] != null) return false
  return crm.type === 'project' || foldWhiteSpace(crm.fields[client.crm] ?? '') !== ''
}

/** The ERP template of a new project, or why there is none; `wanted` is the description that was looked for. */
export type TemplateChoice =
  | { readonly ok: true; readonly template: ErpTemplate }
  | { readonly ok: false; readonly code: ProblemCode; readonly wanted: string | null }

/**
 * The template named on the CRM project, else the connection's default, by its exact description; of two that are called
 * the same the first of the ERP's list (sync-rules §8 step 9, §13.17).
 */
export function chooseTemplate(
  crm: CrmRecord,
  entries: readonly FieldMapEntry[],
  defaultTemplate: string | null,
  templates: readonly ErpTemplate[],
): TemplateChoice {
  const field = entries.find((entry) => entry.role === 'template')?.crm
  const named = field === undefined ? '' : (crm.fields[field] ?? '').trim()
  const wanted = named === '' ? (defaultTemplate ?? '').trim() : named
  if (wanted === '') return { ok: false, code: problemCodes.templateMissing, wanted: null }
  const template = templates.find((one) => one.description.trim() === wanted)
  return template ? { ok: true, template } : { ok: false, code: problemCodes.templateUnknown, wanted }
}
