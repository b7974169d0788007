import { z } from 'zod'
import {
  type CallOptions,
  type CodeEntry,
  type CrmDescription,
  type CrmTypeDescription,
  RemoteFailure,
} from '#lib/sync/ports'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'
import type { VantagepointClient } from './client.ts'
import { HUBS, isFirm, type VantagepointConfig } from './config.ts'
import { unreadable } from './errors.ts'
import { fieldsFor } from './fields.ts'
import { LONG_NAME_LIMIT, lengthsFor, SHORT_NAME_LIMIT } from './lengths.ts'
import type { HubSchema, Schemas } from './metadata.ts'
import { isAddressField } from './wire.ts'

type Config = Pick<VantagepointConfig, 'fieldMap' | 'externalKeyField' | 'autoNumbering'>
type Numbering = Pick<CrmTypeDescription, 'acceptsKey' | 'assignsKey'>

/**
 * Firms and contacts carry a server-made id that a caller may choose instead. Projects and employees are addressed by
 * their number; whether a number from outside is taken while the CRM numbers itself shows only when it is tried.
 */
function numberingOf(type: RecordType, { autoNumbering }: Config, schema: HubSchema | null): Numbering {
  if (isFirm(type) || type === 'contact') return { acceptsKey: 'yes', assignsKey: 'yes' }
  if (autoNumbering === 'on') return { acceptsKey: 'unknown', assignsKey: 'yes' }
  if (autoNumbering === 'off') return { acceptsKey: 'yes', assignsKey: 'no' }
  if (!schema?.has(HUBS[type].key)) return { acceptsKey: 'unknown', assignsKey: 'unknown' }
  return schema.isRequired(HUBS[type].key)
    ? { acceptsKey: 'yes', assignsKey: 'no' }
    : { acceptsKey: 'unknown', assignsKey: 'yes' }
}

function describeType(type: RecordType, config: Config, schema: HubSchema | null): CrmTypeDescription {
  const addressFields = config.fieldMap[type].map(({ crm }) => crm).filter((field) => isAddressField(type, field))
  // Names as the field map spells them: metadata is compared without regard to case.
  const mapped = config.fieldMap[type].map(({ crm }) => crm).filter((field) => schema?.isWritable(field))
  const all = [...mapped, ...addressFields, ...(schema?.writableFields ?? [])]
  return {
    lengths: lengthsFor(type, config.fieldMap, schema),
    writableFields: schema === null ? null : [...new Set(all)].filter((field) => !isSensitive(field)),
    fields: fieldsFor(type, schema).filter(({ name }) => name !== config.externalKeyField),
    externalKeyField: schema === null || schema.has(config.externalKeyField) ? config.externalKeyField : null,
    ...numberingOf(type, config, schema),
  }
}

const codeRow = z.looseObject({
  Code: z.union([z.string(), z.number()]).transform(String),
  Description: z.string().nullish(),
})

async function readCodes(client: VantagepointClient, table: string, options: CallOptions): Promise<CodeEntry[] | null> {
  try {
    const noun = `code table ${table}`
    const json = await client.call({ method: 'GET', path: ['codeTable', table], noun, signal: options.signal })
    const rows = z.array(codeRow).safeParse(json)
    if (!rows.success) throw unreadable(noun, 'something that is no code table')
    return rows.data.map(({ Code, Description }) => ({ code: Code, description: Description ?? Code }))
  } catch (error) {
    // A table this tenant or user does not have: its codes cannot be looked up and are left out (sync-rules §7.6).
    // With which status a tenant refuses an unknown table is not documented.
    if (error instanceof RemoteFailure && isRefusal(error)) return null
    throw error
  }
}

function isRefusal(error: RemoteFailure): boolean {
  return error.failureClass === 'definite' && !['sign-in-refused', 'session-lost'].includes(error.reason)
}

function codeTablesOf(config: Config): string[] {
  const transforms = RECORD_TYPES.flatMap((type) => config.fieldMap[type].map(({ transform }) => transform))
  const tables = transforms.flatMap((transform) =>
    transform.kind === 'code' || transform.kind === 'listed-name' ? [transform.table] : [],
  )
  return [...new Set(tables)]
}

/** What the rules need to know about this tenant, read afresh. */
export async function describeCrm(
  client: VantagepointClient,
  config: Config,
  schemas: Schemas,
  options: CallOptions,
): Promise<CrmDescription> {
  schemas.forget()
  const typed = async (type: RecordType) => describeType(type, config, await schemas.of(type, options))
  const tables = codeTablesOf(config)
  const [employee, client_, vendor, contact, project, ...codes] = await Promise.all([
    typed('employee'),
    typed('client'),
    typed('vendor'),
    typed('contact'),
    typed('project'),
    ...tables.map((table) => readCodes(client, table, options)),
  ])
  const readable = tables.flatMap((table, index): [string, CodeEntry[]][] => {
    const entries = codes[index]
    return entries ? [[table, entries]] : []
  })
  return {
    types: { employee, client: client_, vendor, contact, project },
    codeTables: Object.fromEntries(readable),
    shortName: { field: 'Name', limit: project.lengths.Name ?? SHORT_NAME_LIMIT },
    longName: { field: 'LongName', limit: project.lengths.LongName ?? LONG_NAME_LIMIT },
  }
}
