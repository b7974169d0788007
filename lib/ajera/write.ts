import { z } from 'zod'
import type { FieldMap } from '#lib/sync/field-map'
import { type CallOptions, RemoteFailure } from '#lib/sync/ports'
import type { ErpRecord, FieldValue, RecordType } from '#lib/sync/records'
import type { AjeraClient } from './client.ts'
import { METHODS, SYSTEM } from './config.ts'
import { unreadable } from './errors.ts'
import type { AjeraReader } from './read.ts'
import { propertyFor, type WireRow, wireRow } from './wire.ts'

type Changes = Readonly<Record<string, FieldValue>>

/** Number and client of a project and every looked-up description belong to Ajera; its API takes no text for them. */
const FIXED = new Set(['ID', 'ClientKey', 'ContactClientKey', 'ProjectTypeDescription', 'ClientTypeDescription'])

function refuse(
  reason: 'unknown-field' | 'not-found' | 'invalid',
  message: string,
  field: string | null = null,
): RemoteFailure {
  return new RemoteFailure({ side: 'erp', failureClass: 'definite', reason, message, field })
}

function wireValue(kind: string, value: FieldValue, type: RecordType): unknown {
  switch (kind) {
    case 'flag':
      return value === 'Y'
    case 'decimal':
      return value === null ? null : Number(value)
    case 'date':
      return value
    case 'reference':
      if (value === null) return null
      return type === 'project' ? { EmployeeKey: Number(value) } : Number(value)
    default:
      return value ?? ''
  }
}

/** Our field names and values as properties of `row`, in the spelling this row uses. */
function patchFor(type: RecordType, row: WireRow, changes: Changes, fieldMap: FieldMap): WireRow {
  const patch: WireRow = {}
  for (const [field, value] of Object.entries(changes)) {
    const entry = fieldMap[type].find(({ erp }) => erp === field)
    const kind = field === 'SyncToCRM' ? 'flag' : entry?.transform.kind
    if (kind === undefined || entry?.role === 'total' || FIXED.has(field)) {
      throw refuse('unknown-field', `The field ${field} cannot be changed in ${SYSTEM}.`, field)
    }
    patch[propertyFor(row, field)] = wireValue(kind, value, type)
  }
  return patch
}

const noPerson = `${SYSTEM} employees are changed in ${SYSTEM} only.`
const plural: Readonly<Record<Exclude<RecordType, 'employee'>, string>> = {
  client: 'Clients',
  vendor: 'Vendors',
  contact: 'Contacts',
  project: 'Projects',
}

function holds(record: ErpRecord, field: string, value: FieldValue): boolean {
  const current =
    field === 'SyncToCRM' && record.type === 'project' ? (record.syncToCrm ? 'Y' : 'N') : record.fields[field]
  return current === value
}

export interface AjeraWriter {
  create(type: RecordType, fields: Changes, options: CallOptions): Promise<ErpRecord>
  update(type: RecordType, key: string, changes: Changes, options: CallOptions): Promise<ErpRecord>
}

/** A new key is negative; all new keys of one call differ (ajera-api §7). */
function newProject(fields: Changes, fieldMap: FieldMap): Record<string, unknown> {
  const { ClientKey, ID, ...rest } = fields
  const description = fields.Description ?? ''
  const known = patchFor('project', {}, rest, fieldMap)
  const group = { InvoiceGroupKey: -2, Description: description, ClientKey: ClientKey ? Number(ClientKey) : null }
  return {
    CreateType: 'Project',
    Project: { BillingType: 'TimeAndExpense', ...known, ProjectKey: -1, ...(ID ? { ID } : {}) },
    InvoiceGroups: [group],
    Phases: [{ PhaseKey: -3, ParentKey: -1, InvoiceGroupKey: -2, Description: description }],
  }
}

function newRow(type: 'client' | 'vendor' | 'contact', fields: Changes, fieldMap: FieldMap): WireRow {
  const { ContactClientKey, ...rest } = fields
  const client = ContactClientKey ? { ContactClientKey: Number(ContactClientKey) } : {}
  return { ...patchFor(type, {}, rest, fieldMap), ...client, [METHODS[type].key]: -1 }
}

/** Writes to Ajera: only changed fields, against a baseline read a moment before (ajera-api §7). */
export function createWriter(client: AjeraClient, reader: AjeraReader, fieldMap: FieldMap): AjeraWriter {
  /** What was written is there, whatever prevents us from seeing it: such a failure is never "nothing was done". */
  async function readBack(type: RecordType, key: string, options: CallOptions): Promise<ErpRecord> {
    try {
      const record = (await reader.get(type, [key], options)).records[0]
      if (record) return record
    } catch (error) {
      throw error instanceof RemoteFailure ? error.withClass('unknown') : error
    }
    throw refuse('not-found', `${SYSTEM} no longer has the ${type} with key ${key}.`).withClass('unknown')
  }

  async function send(
    type: 'client' | 'vendor' | 'contact' | 'project',
    args: Record<string, unknown>,
    options: CallOptions,
    creating = false,
  ) {
    const isProject = type === 'project'
    const method = creating && isProject ? 'CreateProjects' : `Update${plural[type]}`
    const version = isProject ? 2 : 1
    const safety = creating ? 'once' : 'repeatable'
    return {
      method,
      ...(await client.call({ version, method, args, safety, slow: isProject, signal: options.signal })),
    }
  }

  function createdKey(type: RecordType, method: string, content: unknown): string {
    const { key, rows } = METHODS[type]
    const list = z.array(wireRow).safeParse(wireRow.safeParse(content).data?.[rows])
    const created = list.data?.map((row) => row[key]).find((value) => typeof value === 'number' && value > 0)
    if (created === undefined) throw unreadable(method, 'no key for the new record')
    return String(created)
  }

  return {
    async create(type, fields, options) {
      if (type === 'employee') throw refuse('invalid', noPerson)
      const updated = `Updated${plural[type]}`
      const args =
        type === 'project'
          ? newProject(fields, fieldMap)
          : {
              [updated]: [newRow(type, fields, fieldMap)],
              [`Unchanged${plural[type]}`]: [],
              UseSingleTransaction: true,
            }
      const { method, content } = await send(type, args, options, true)
      return readBack(type, createdKey(type, method, content), options)
    },

    async update(type, key, changes, options) {
      if (type === 'employee') throw refuse('invalid', noPerson)
      const { rows, content, records } = await reader.get(type, [key], options)
      const [row] = rows
      const [before] = records
      if (!row || !before) throw refuse('not-found', `${SYSTEM} no longer has the ${type} with key ${key}.`)
      const wanted = Object.entries(changes).filter(([field, value]) => !holds(before, field, value))
      if (wanted.length === 0) return before
      const patch = patchFor(type, row, Object.fromEntries(wanted), fieldMap)
      const args =
        type === 'project'
          ? { UpdatedProjects: [{ ProjectKey: Number(key), ...patch }], UnchangedProjects: content }
          : {
              [`Updated${plural[type]}`]: [{ ...row, ...patch }],
              [`Unchanged${plural[type]}`]: [row],
              UseSingleTransaction: true,
            }
      try {
        await send(type, args, options)
      } catch (error) {
        // "No valid changes", or a baseline that no longer fits because an earlier attempt's answer was lost: where
        // the values are in place, the update is done.
        if (!(error instanceof RemoteFailure && ['no-change', 'invalid'].includes(error.reason))) throw error
        const now = await readBack(type, key, options)
        if (!wanted.every(([field, value]) => holds(now, field, value))) throw error
        return now
      }
      return readBack(type, key, options)
    },
  }
}
