import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { planUpdate, type UpdateInput, type UpdatePlan } from '#lib/sync/plan'
import type { CrmDescription, CrmTypeDescription } from '#lib/sync/ports'
import type { CrmRecord, ErpRecord, Fields, RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** Records and descriptions for tests of the rules: a test names only what it is about. */

const typeDescription: CrmTypeDescription = {
  lengths: {},
  writableFields: null,
  externalKeyField: 'CustAjeraKey',
  acceptsKey: 'yes',
  assignsKey: 'no',
}

export function describeCrm(more: Partial<CrmDescription> = {}): CrmDescription {
  return {
    types: {
      project: typeDescription,
      client: { ...typeDescription, lengths: { Name: 100, PrimaryEmail: 50, Zip: 10 } },
      vendor: { ...typeDescription, lengths: { Name: 100 } },
      contact: { ...typeDescription, lengths: { FirstName: 25, LastName: 30, Email: 50 } },
      employee: typeDescription,
    },
    codeTables: {
      ProjectType: [
        { code: 'EDU', description: 'Education' },
        { code: 'HLT', description: 'Health Care' },
      ],
      Country: [
        { code: 'US', description: 'United States' },
        { code: 'GB', description: 'United Kingdom' },
      ],
      FirmType: [],
    },
    shortName: { field: 'Name', limit: 40 },
    longName: { field: 'LongName', limit: 255 },
    ...more,
  }
}

/** A CRM whose one record type has these fields and no others. */
export function describeWritable(type: RecordType, writableFields: readonly string[]): CrmDescription {
  const { types } = describeCrm()
  return describeCrm({ types: { ...types, [type]: { ...types[type], writableFields } } })
}

export function lookups(mapped: Readonly<Record<string, string>> = {}, description = describeCrm()): Lookups {
  const back = new Map(
    Object.entries(mapped).map(([key, id]) => [`${key.split(' ')[0]} ${id}`, key.split(' ')[1] ?? '']),
  )
  return {
    description,
    reference: (type, key) => mapped[`${type} ${key}`] ?? null,
    referenceBack: (type, id) => back.get(`${type} ${id}`) ?? null,
  }
}

export function erpRecord(type: RecordType, fields: Fields, more: Partial<ErpRecord> = {}): ErpRecord {
  return {
    type,
    key: '1042',
    name: fields.Description ?? '',
    fields,
    modifiedAt: '2026-01-05T10:00:00Z',
    closed: false,
    syncToCrm: true,
    createInCrm: false,
    ...more,
  }
}

export function crmRecord(type: RecordType, fields: Fields): CrmRecord {
  return {
    type,
    id: 'C-1',
    name: fields.Name ?? '',
    longName: fields.LongName ?? null,
    externalKey: null,
    syncFlag: true,
    fields,
    modifiedAt: null,
    createdAt: null,
  }
}

/** The entries of the default map for these CRM fields. */
export function entriesOf(type: RecordType, ...fields: string[]): FieldMapEntry[] {
  return defaultFieldMap[type].filter((entry) => fields.includes(entry.crm))
}

/** Plans one record of which only the named sides matter; `base: null` is a fresh pair. */
export function planOf(
  type: RecordType,
  sides: { erp: Fields; crm: Fields; base: Fields | null },
  more: Partial<UpdateInput> = {},
): UpdatePlan {
  return planUpdate({
    erp: erpRecord(type, sides.erp),
    crm: crmRecord(type, sides.crm),
    base: sides.base,
    pins: [],
    entries: defaultFieldMap[type].filter((entry) => entry.role !== 'sync-flag'),
    lookups: lookups(),
    policy: 'erp-wins',
    ...more,
  })
}
