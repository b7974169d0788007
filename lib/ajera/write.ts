import { z } from 'zod'
import type { FieldMap } from '#lib/sync/field-map'
import { type CallOptions, type ErpCreateOptions, RemoteFailure } from '#lib/sync/ports'
import type { ErpRecord, FieldValue, RecordType } from '#lib/sync/records'
import type { AjeraClient } from './client.ts'
import { METHODS, SYSTEM } from './config.ts'
import { unreadable } from './errors.ts'
import { listRows } from './list.ts'
import { checkNewProject, newProject } from './new-project.ts'
import { type Changes, patchFor } from './patch.ts'
import type { AjeraReader } from './read.ts'
import { beforeSending, refuse } from './refusal.ts'
import type { AjeraTemplates } from './templates.ts'
import { type WireRow, wireRow } from './wire.ts'

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
  create(type: RecordType, fields: Changes, how: ErpCreateOptions): Promise<ErpRecord>
  update(type: RecordType, key: string, changes: Changes, options: CallOptions): Promise<ErpRecord>
}

/** A new key is negative (ajera-api §7). What refers to another record is set here, once, and never changed. */
function newRow(type: 'client' | 'vendor' | 'contact', fields: Changes, fieldMap: FieldMap): WireRow {
  const { ContactClientKey, ...rest } = fields
  const client = ContactClientKey ? { ContactClientKey: Number(ContactClientKey) } : {}
  return { ...patchFor(type, {}, rest, fieldMap), ...client, [METHODS[type].key]: -1 }
}

const CONSULTANT_TYPES = {
  version: 1,
  list: 'ListVendorTypes',
  rows: 'VendorTypes',
  key: 'VendorTypeKey',
  statuses: ['Active'],
} as const

/** Writes to Ajera: only changed fields, against a baseline read a moment before (ajera-api §7). */
export function createWriter(
  client: AjeraClient,
  reader: AjeraReader,
  templates: AjeraTemplates,
  fieldMap: FieldMap,
): AjeraWriter {
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

  async function projectArgs(fields: Changes, { template, signal }: ErpCreateOptions): Promise<WireRow> {
    checkNewProject(fields)
    if (!template) {
      const message = `${SYSTEM} makes a project from a template, and none is named for “${fields.Description}”.`
      throw refuse('required-field', message, 'template')
    }
    const parts = await beforeSending(templates.parts(template, { signal }))
    if (parts) return newProject(fields, parts, fieldMap)
    throw refuse('bad-reference', `${SYSTEM} has no project template with key ${template}.`, 'template')
  }

  /** What makes a vendor a consultant is its type. */
  async function consultantType(options: CallOptions): Promise<WireRow> {
    const types = await beforeSending(listRows(client, CONSULTANT_TYPES, { FilterByIsConsultant: [true] }, options))
    const key = types[0]?.[CONSULTANT_TYPES.key]
    if (key !== undefined) return { [CONSULTANT_TYPES.key]: key }
    const message = `${SYSTEM} has no active vendor type that is marked as consultant. Add one in ${SYSTEM}.`
    throw refuse('required-field', message, CONSULTANT_TYPES.key)
  }

  async function partyArgs(
    type: 'client' | 'vendor' | 'contact',
    fields: Changes,
    options: CallOptions,
  ): Promise<WireRow> {
    const row = newRow(type, fields, fieldMap)
    const more = type === 'vendor' ? await consultantType(options) : {}
    return {
      [`Updated${plural[type]}`]: [{ ...row, ...more }],
      [`Unchanged${plural[type]}`]: [],
      UseSingleTransaction: true,
    }
  }

  return {
    async create(type, fields, how) {
      if (type === 'employee') throw refuse('invalid', noPerson)
      const options = { signal: how.signal }
      const args = type === 'project' ? await projectArgs(fields, how) : await partyArgs(type, fields, options)
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
