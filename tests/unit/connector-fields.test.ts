import { describe, expect, it } from 'vitest'
import { FIELDS, fieldNamed } from '#lib/ajera/fields'
import { patchFor } from '#lib/ajera/patch'
import { TOTAL_LABELS } from '#lib/ajera/totals'
import { recordFrom as erpRecordFrom, type WireRow } from '#lib/ajera/wire'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'
import { fieldsFor } from '#lib/vantagepoint/fields'
import { schemaFrom } from '#lib/vantagepoint/metadata'
import { columnsFor, recordFrom } from '#lib/vantagepoint/wire'

const entry = (erp: string, transform: FieldMapEntry['transform'], crm = 'CustField'): FieldMapEntry => ({
  erp,
  crm,
  owner: 'erp',
  transform,
  label: erp,
})

function mapOf(type: RecordType, ...entries: FieldMapEntry[]): FieldMap {
  return { ...defaultFieldMap, [type]: entries }
}

function readErp(type: RecordType, row: WireRow, ...entries: FieldMapEntry[]) {
  const context = { fieldMap: mapOf(type, ...entries), today: '2026-03-01', clientOf: new Map() }
  return erpRecordFrom(type, row, context)?.fields
}

describe('the ERP’s fields', () => {
  it.each(RECORD_TYPES)('hold every field of the default map for %s records, each under one kind', (type) => {
    const names = FIELDS[type].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { erp, transform, role } of defaultFieldMap[type]) {
      if (erp === '') continue
      const field = fieldNamed(type, erp)
      expect(field, `${type} ${erp}`).toBeDefined()
      if (role === 'total') expect(field?.kind).toBe('total')
      else if (['date', 'decimal', 'flag', 'memo'].includes(transform.kind)) expect(field?.kind).toBe(transform.kind)
      if (transform.kind === 'reference') expect(field?.references).toBe(transform.type)
    }
  })

  it('name the fifteen totals, and nothing that must be left where it is (§3.5)', () => {
    const totals = FIELDS.project.filter(({ kind }) => kind === 'total').map(({ name }) => name)
    expect(totals.toSorted()).toEqual([...TOTAL_LABELS.keys()].toSorted())
    for (const type of RECORD_TYPES) expect(FIELDS[type].filter(({ name }) => isSensitive(name))).toEqual([])
    for (const name of ['SocialSecurityNumber', 'BirthDate', 'Gender', 'PayRates', 'CreditCards', 'PayrollServiceID']) {
      expect(isSensitive(name)).toBe(true)
    }
  })

  it('are labelled as people write', () => {
    const label = (type: RecordType, name: string) => fieldNamed(type, name)?.label
    expect(label('project', 'TotalContractAmount')).toBe('Total contract amount')
    expect(label('project', 'ProjectTypeDescription')).toBe('Project type')
    expect(label('project', 'BillLaborAsTE')).toBe('Bill labor as TE')
    expect(label('project', 'Description')).toBe('Description')
    expect(label('contact', 'ContactClientKey')).toBe('Contact client')
  })

  it('of employees are changed in the ERP only; keys and looked-up texts nowhere', () => {
    expect(FIELDS.employee.some(({ writable }) => writable)).toBe(false)
    const map = mapOf(
      'client',
      entry('ClientTypeDescription', { kind: 'text' }),
      entry('FaxDescription', { kind: 'text' }),
    )
    expect(() => patchFor('client', {}, { ClientTypeDescription: 'x' }, map)).toThrow(/cannot be changed/)
    expect(patchFor('client', {}, { FaxDescription: 'x' }, map)).toEqual({ FaxDescription: 'x' })
  })

  it('have one form whatever a map makes of them, in both directions', () => {
    const yes: FieldMapEntry = entry('IsCertified', { kind: 'values', values: { Y: 'Certified' } })
    const row = { ProjectKey: 1, IsCertified: true, HoursBudget: 12.5, ProjectManager: { EmployeeKey: 7 } }
    expect(
      readErp('project', row, yes, entry('HoursBudget', { kind: 'text' }), entry('ProjectManager', { kind: 'text' })),
    ).toEqual({ IsCertified: 'Y', HoursBudget: '12.5', ProjectManager: '7' })
    expect(patchFor('project', row, { IsCertified: 'N' }, mapOf('project', yes))).toEqual({ IsCertified: false })
    const count = entry('HoursBudget', { kind: 'text' })
    expect(patchFor('project', row, { HoursBudget: '3' }, mapOf('project', count))).toEqual({ HoursBudget: 3 })
  })

  it('that an installation has made for itself are read by their name, plain or from a list', () => {
    const method = entry('CustomFields.Delivery method', { kind: 'text' })
    const stage = entry('CustomFields.Next stage', { kind: 'date' }, 'CustStage')
    const CustomFields = {
      'Delivery method': { Value: 'CM at risk', AllowEdit: true, Values: ['CM at risk'] },
      'Next stage': '2026-04-01',
    }
    expect(readErp('project', { ProjectKey: 1, CustomFields }, method, stage)).toEqual({
      'CustomFields.Delivery method': 'CM at risk',
      'CustomFields.Next stage': '2026-04-01',
    })
    expect(readErp('project', { ProjectKey: 1 }, method)).toEqual({ 'CustomFields.Delivery method': null })
    expect(() => patchFor('project', {}, { 'CustomFields.Delivery method': 'x' }, mapOf('project', method))).toThrow(
      /cannot be changed/,
    )
  })
})

describe('the CRM’s fields', () => {
  const schema = schemaFrom({
    EM: {
      Fields: [
        { FieldName: 'Employee', FieldType: 'string', Required: true, Updateable: true },
        { FieldName: 'Org', FieldType: 'string', Required: true, Updateable: true, Label: 'Organization unit' },
        { FieldName: 'HireDate', FieldType: 'datetime', Required: false, Updateable: true },
        { FieldName: 'CustYears', FieldType: 'integer', Required: false, Updateable: true },
        { FieldName: 'CustLead', FieldType: 'nvarchar(255)', Required: false, Updateable: false },
        { FieldName: 'Odd', FieldType: 17, Required: false, Updateable: true },
        ...['SSN', 'BirthDate', 'PayRate', 'JobCostRate', 'BankID', 'TaxFilingStatus', 'Gender'].map((FieldName) => ({
          FieldName,
          Updateable: true,
        })),
      ],
    },
  })

  it('are what metadata tells, each with kind, label and whether it is needed', () => {
    const fields = new Map(fieldsFor('employee', schema).map((field) => [field.name, field]))
    expect(fields.get('Org')).toMatchObject({ label: 'Organization unit', required: true, kind: 'text' })
    expect(fields.get('HireDate')).toMatchObject({ label: 'Hire date', kind: 'date', required: false })
    expect(fields.get('CustYears')).toMatchObject({ label: 'Years', kind: 'whole' })
    expect(fields.get('CustLead')).toMatchObject({ label: 'Lead', writable: false })
    expect(fields.get('Odd')?.kind).toBeNull()
    // The key is chosen by the sync or the CRM itself.
    expect(fields.get('Employee')).toMatchObject({ required: false, writable: false })
  })

  it('never hold what must be left where it is: not offered, not asked for, not kept (§3.5)', () => {
    expect(fieldsFor('employee', schema).map(({ name }) => name)).not.toContain('SSN')
    expect(fieldsFor('employee', schema)).toHaveLength(6)
    const fieldMap = mapOf('employee', entry('Notes', { kind: 'text' }, 'SSN'))
    const config = { fieldMap, externalKeyField: 'CustAjeraKey' }
    expect(columnsFor('employee', config, schema)).not.toContain('SSN')
    const record = recordFrom('employee', { Employee: '1', SSN: '078-05-1120' }, { ...config, address: null })
    expect(record?.fields).toEqual({})
  })

  it.each(RECORD_TYPES)('are the documented ones for %s records where a tenant shows no metadata', (type) => {
    const names = fieldsFor(type, null).map(({ name }) => name)
    const custom = /^Ajera|ProjectTemplate|Probability/
    const wanted = defaultFieldMap[type].map(({ crm }) => crm).filter((crm) => !custom.test(crm))
    expect(names).toEqual(expect.arrayContaining(wanted))
    expect(fieldsFor(type, null).filter(({ required }) => required)).toHaveLength(1)
  })

  it('of a firm’s address count among the firm’s own', () => {
    const firm = schemaFrom({ CL: { Fields: [{ FieldName: 'Name' }] }, CLAddress: { Fields: [{ FieldName: 'City' }] } })
    expect(fieldsFor('client', firm).map(({ name }) => name)).toEqual(expect.arrayContaining(['Name', 'City', 'FAX']))
  })

  it('no field of the default map is one that must be left where it is', () => {
    const names = RECORD_TYPES.flatMap((type) => defaultFieldMap[type].flatMap(({ erp, crm }) => [erp, crm]))
    expect(names.filter(isSensitive)).toEqual([])
  })
})
