import { z } from 'zod'
import { unlessAborted } from '#lib/http/abortable'
import { flagText } from '#lib/http/json-values'
import { type CallOptions, type CrmField, RemoteFailure } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS } from './config.ts'

/** What this tenant's metadata says about one hub. Names are compared without regard to case. */
export interface HubSchema {
  has(field: string): boolean
  isWritable(field: string): boolean
  isRequired(field: string): boolean
  lengthOf(field: string): number | null
  /** Length of a column of the firm's address table. */
  addressLength(field: string): number | null
  readonly writableFields: readonly string[]
  /** Of the hub's own tables, each name once. */
  readonly fields: readonly FieldInfo[]
}

const flag = z
  .unknown()
  .optional()
  .transform((value) => flagText(value))
const length = z.coerce.number().int().positive().nullish().catch(null)

/** A field as metadata describes it; what it leaves open is `null`. */
export interface FieldInfo {
  readonly name: string
  readonly label: string | null
  readonly kind: CrmField['kind']
  readonly required: boolean
  readonly writable: boolean
  readonly length: number | null
}

const KINDS: readonly (readonly [RegExp, Exclude<CrmField['kind'], null>])[] = [
  [/memo|clob|longtext/i, 'memo'],
  [/date|time/i, 'date'],
  [/decimal|money|currency|numeric|float|double|number/i, 'decimal'],
  [/int/i, 'whole'],
  [/flag|bool|bit|check/i, 'flag'],
  [/string|char|text/i, 'text'],
]

const word = z.string().trim().min(1).nullish().catch(null)

/** Two sources disagree on the shape (vantagepoint-api §6.7): both spellings are read, none is relied on. */
const field = z
  .looseObject({
    FieldName: z.string(),
    Required: flag,
    IsRequired: flag,
    Updateable: flag,
    IsReadOnly: flag,
    MaxLength: length,
    Length: length,
    FieldType: word,
    Label: word,
    FieldLabel: word,
    Caption: word,
  })
  .transform(
    (each): FieldInfo => ({
      name: each.FieldName,
      // Whether and under which name a label is published is not known.
      label: each.Label ?? each.FieldLabel ?? each.Caption ?? null,
      kind: KINDS.find(([pattern]) => pattern.test(each.FieldType ?? ''))?.[1] ?? null,
      required: (each.Required ?? each.IsRequired) === 'Y',
      writable: each.Updateable !== 'N' && each.IsReadOnly !== 'Y',
      length: each.MaxLength ?? each.Length ?? null,
    }),
  )

const table = z.looseObject({ TableName: z.string().optional(), Fields: z.array(field) })
const ADDRESS_TABLE = 'claddress'

function tablesOf(json: unknown): { name: string; fields: FieldInfo[] }[] {
  const body: unknown = Array.isArray(json) && json.length === 1 ? json[0] : json
  const single = table.safeParse(body)
  if (single.success) return [{ name: single.data.TableName ?? '', fields: single.data.Fields }]
  const many = z.record(z.string(), z.unknown()).safeParse(body)
  return Object.entries(many.data ?? {}).flatMap(([name, value]) => {
    const parsed = table.safeParse(value)
    return parsed.success ? [{ name, fields: parsed.data.Fields }] : []
  })
}

/** Reads metadata of one hub; `null` if it names no field at all. Custom columns live in tables of their own. */
export function schemaFrom(json: unknown): HubSchema | null {
  const tables = tablesOf(json)
  const isAddress = (name: string) => name.toLowerCase() === ADDRESS_TABLE
  const own = tables.filter(({ name }) => !isAddress(name)).flatMap(({ fields }) => fields)
  if (own.length === 0) return null
  const index = (fields: readonly FieldInfo[]) => {
    const byName = new Map<string, FieldInfo>()
    for (const each of fields) if (!byName.has(each.name.toLowerCase())) byName.set(each.name.toLowerCase(), each)
    return byName
  }
  const fields = index(own)
  const address = index(tables.filter(({ name }) => isAddress(name)).flatMap((each) => each.fields))
  const find = (name: string) => fields.get(name.toLowerCase())
  return {
    has: (name) => find(name) !== undefined,
    isWritable: (name) => find(name)?.writable ?? false,
    isRequired: (name) => find(name)?.required ?? false,
    lengthOf: (name) => find(name)?.length ?? null,
    addressLength: (name) => address.get(name.toLowerCase())?.length ?? null,
    writableFields: [...fields.values()].filter(({ writable }) => writable).map(({ name }) => name),
    fields: [...fields.values()],
  }
}

export interface Schemas {
  /** From memory, or read now. `null`: this tenant or user gets no metadata. */
  of(type: RecordType, options: CallOptions): Promise<HubSchema | null>
  forget(): void
}

export function createSchemas(client: VantagepointClient): Schemas {
  const known = new Map<RecordType, Promise<HubSchema | null>>()

  async function load(type: RecordType): Promise<HubSchema | null> {
    const { path, noun } = HUBS[type]
    try {
      return schemaFrom(await client.call({ method: 'GET', path: ['metadata', path], noun: `metadata of ${noun}s` }))
    } catch (error) {
      if (error instanceof RemoteFailure && ['not-found', 'forbidden'].includes(error.reason)) return null
      throw error
    }
  }

  return {
    of(type, { signal }) {
      signal?.throwIfAborted()
      const running = known.get(type) ?? load(type)
      known.set(type, running)
      running.catch(() => {
        if (known.get(type) === running) known.delete(type)
      })
      return unlessAborted(running, signal)
    },
    forget: () => known.clear(),
  }
}
