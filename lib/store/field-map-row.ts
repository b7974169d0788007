import { z } from 'zod'
import type { Prisma } from '#generated/client'
import type { FieldMapEntry, FieldTransform } from '#lib/sync/field-map'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'

/** Between the rows of the field map and its entries. A transform is stored without its value map, which has a table. */

type EntryRow = Prisma.FieldMapEntryGetPayload<{ include: { values: true } }>

const storedTransform = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['text', 'memo', 'date', 'flag', 'values', 'short-name', 'long-name']) }),
  z.strictObject({ kind: z.literal('decimal'), places: z.int().min(0).max(8) }),
  z.strictObject({ kind: z.enum(['code', 'listed-name']), table: z.string().min(1) }),
  z.strictObject({ kind: z.literal('reference'), type: z.enum(RECORD_TYPES) }),
])

const storedRole = z.enum(['number', 'sync-flag', 'total', 'template', 'read-only']).nullable()

export type ReadEntry =
  | { readonly ok: true; readonly entry: FieldMapEntry }
  /** `problem` goes on after "the entry for … has". */
  | { readonly ok: false; readonly crm: string; readonly problem: string }

/** A stored row as an entry, or what about it this version cannot use. */
export function toMapEntry(row: EntryRow): ReadEntry {
  const { crm } = row
  const transform = storedTransform.safeParse(row.transform)
  const shown = JSON.stringify(row.transform).slice(0, 80)
  if (!transform.success) return { ok: false, crm, problem: `a transform that is not known here (${shown})` }
  const role = storedRole.safeParse(row.role)
  if (!role.success) return { ok: false, crm, problem: `a role that is not known here (${row.role})` }
  const values = Object.fromEntries(row.values.map(({ fromValue, toValue }) => [fromValue, toValue]))
  const entry: FieldMapEntry = {
    erp: row.erp,
    crm,
    owner: row.owner,
    transform: withValues(transform.data, values),
    label: row.label,
    ...(role.data === null ? {} : { role: role.data }),
    ...(row.onlyIfEmpty ? { onlyIfEmpty: true } : {}),
    ...(row.constant === null ? {} : { constant: row.constant }),
  }
  return { ok: true, entry }
}

function withValues(stored: z.infer<typeof storedTransform>, values: Readonly<Record<string, string>>): FieldTransform {
  switch (stored.kind) {
    case 'values':
      return { kind: stored.kind, values }
    case 'listed-name':
      return { ...stored, kind: stored.kind, values }
    case 'code':
      return { ...stored, kind: stored.kind }
    case 'decimal':
    case 'reference':
      return stored
    default:
      return { kind: stored.kind }
  }
}

/** An entry as the rows that hold it. */
export function toStoredEntry(
  entry: FieldMapEntry,
  at: { readonly connectionId: string; readonly type: RecordType; readonly id: string; readonly index: number },
): { row: Prisma.FieldMapEntryCreateManyInput; values: Prisma.ValueMapEntryCreateManyInput[] } {
  const { erp, crm, owner, label, role = null, onlyIfEmpty = false, constant = null } = entry
  const { transform, values } = withoutValues(entry.transform)
  return {
    row: {
      id: at.id,
      connectionId: at.connectionId,
      type: at.type,
      position: at.index + 1,
      erp,
      crm,
      owner,
      transform,
      label,
      role,
      onlyIfEmpty,
      constant,
    },
    values: Object.entries(values).map(([fromValue, toValue], index) => ({
      entryId: at.id,
      position: index + 1,
      fromValue,
      toValue,
    })),
  }
}

function withoutValues(transform: FieldTransform): {
  transform: Prisma.InputJsonObject
  values: Readonly<Record<string, string>>
} {
  if (!('values' in transform)) return { transform, values: {} }
  const { values, ...rest } = transform
  return { transform: rest, values }
}
