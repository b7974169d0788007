import { describe, expect, it } from 'vitest'
import { TOTAL_LABELS, totalsFrom } from '#lib/ajera/totals'
import { clientsByProject, filterStamp, modifiedStamp, propertyFor, recordFrom, type WireRow } from '#lib/ajera/wire'
import { defaultFieldMap } from '#lib/default-field-map'
import { decimalText, quotable } from '#lib/http/json-values'
import type { FieldMap } from '#lib/sync/field-map'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'

function read(type: RecordType, row: WireRow, more: { fieldMap?: FieldMap; today?: string; client?: string } = {}) {
  const record = recordFrom(type, row, {
    fieldMap: more.fieldMap ?? defaultFieldMap,
    today: more.today ?? '2026-03-01',
    clientOf: new Map(more.client ? [[String(row.ProjectKey), more.client]] : []),
  })
  if (!record) throw new Error('the row gave no record')
  return record
}

describe('modified stamps', () => {
  it.each([
    ['2023-09-27 09:57:49.607 GMT-04:00 (Eastern Daylight Time)', '2023-09-27T13:57:49.607Z'],
    ['2023-09-27 09:57:49.607 GMT-0700', '2023-09-27T16:57:49.607Z'],
    ['2023-12-27 00:30:00 GMT+05:45 (Nepal Time)', '2023-12-26T18:45:00.000Z'],
    ['2023-09-27 09:57:49.6071234 GMT', '2023-09-27T09:57:49.607Z'],
    ['2023-09-27T09:57:49Z', '2023-09-27T09:57:49.000Z'],
    ['2023-09-27', '2023-09-27T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(modifiedStamp(text)).toBe(iso)
  })

  it.each(['', 'yesterday', '2023-13-45 09:00:00 GMT', null, 12, undefined])('%s is no stamp', (value) => {
    expect(modifiedStamp(value)).toBeNull()
  })

  it('a filter says the same instant in Ajera’s form', () => {
    const at = Date.parse('2026-02-03T04:05:06.789Z')
    expect(filterStamp(at)).toBe('2026-02-03 04:05:06.789 GMT+0000')
    expect(modifiedStamp(filterStamp(at))).toBe('2026-02-03T04:05:06.789Z')
  })
})

describe('fields', () => {
  it.each(RECORD_TYPES)('a %s without any property but its key has every mapped field, all empty', (type) => {
    const key = {
      project: 'ProjectKey',
      client: 'ClientKey',
      vendor: 'VendorKey',
      contact: 'ContactKey',
      employee: 'EmployeeKey',
    }[type]
    const record = read(type, { [key]: 7 })
    const wanted = defaultFieldMap[type].filter(({ erp, role }) => erp !== '' && role !== 'total').map(({ erp }) => erp)
    expect(Object.keys(record.fields).sort()).toEqual([...new Set(wanted)].sort())
    expect(new Set(Object.values(record.fields))).toEqual(new Set([null]))
    expect(record.key).toBe('7')
  })

  it('people are named by their parts, without gaps (§4.5)', () => {
    expect(read('contact', { ContactKey: 1, FirstName: ' Ada ', MiddleName: '', LastName: 'Byron' }).name).toBe(
      'Ada Byron',
    )
  })

  it('both spellings of an address are understood', () => {
    const short = read('client', { ClientKey: 1, City: 'Bend', State: 'OR', Zip: '97701', Country: 'USA' })
    const long = read('client', {
      ClientKey: 1,
      PrimaryAddressCity: 'Bend',
      PrimaryAddressState: 'OR',
      PrimaryAddressZip: '97701',
      PrimaryAddressCountry: 'USA',
    })
    expect(short.fields).toMatchObject({ City: 'Bend', State: 'OR', Zip: '97701', Country: 'USA' })
    expect(long.fields).toEqual(short.fields)
    expect(propertyFor({ PrimaryAddressCity: '' }, 'City')).toBe('PrimaryAddressCity')
  })

  it('the start is the actual one, else the estimated one', () => {
    const estimated = { ProjectKey: 1, EstimatedStartDate: '2024-02-01' }
    expect(read('project', estimated).fields.StartDate).toBe('2024-02-01')
    expect(read('project', { ...estimated, ActualStartDate: null }).fields.StartDate).toBe('2024-02-01')
    expect(read('project', { ...estimated, ActualStartDate: '2024-03-05T00:00:00' }).fields.StartDate).toBe(
      '2024-03-05',
    )
  })

  it('people of a project are their employee keys, its client the one of its first invoice group', () => {
    const groups = [
      { ProjectKey: 5, InvoiceGroupKey: 50, ClientKey: 31, ClientDescription: 'First' },
      { ProjectKey: 5, InvoiceGroupKey: 51, ClientKey: 32 },
      { ProjectKey: 6, InvoiceGroupKey: 60, ClientKey: null },
    ]
    expect([...clientsByProject(groups)]).toEqual([['5', '31']])
    const row = { ProjectKey: 5, ProjectManager: { EmployeeKey: 12, FirstName: 'A' }, PrincipalInCharge: null }
    const { fields } = read('project', row, { client: '31' })
    expect(fields).toMatchObject({ ProjectManager: '12', PrincipalInCharge: null, ClientKey: '31' })
  })

  it('flags and the closed state are told apart', () => {
    const open = read('project', { ProjectKey: 1, Status: 'Active', SyncToCRM: true, CreateInCRM: false })
    expect(open).toMatchObject({ closed: false, syncToCrm: true, createInCrm: false })
    const closed = read('project', { ProjectKey: 1, Status: 'Closed', SyncToCRM: false, CreateInCRM: true })
    expect(closed).toMatchObject({ closed: true, syncToCrm: false, createInCrm: true })
    expect(read('client', { ClientKey: 1, Status: 'Closed' })).toMatchObject({ closed: false, syncToCrm: true })
  })

  it('an employee whose last day has passed counts as terminated, on the last day itself not yet', () => {
    const row = { EmployeeKey: 1, Status: 'Active', DateTerminated: '2026-02-28' }
    expect(read('employee', row, { today: '2026-03-01' }).fields.Status).toBe('Terminated')
    expect(read('employee', row, { today: '2026-02-28' }).fields.Status).toBe('Active')
  })

  it('amounts are decimal text without the noise of binary fractions', () => {
    expect(decimalText(0.1 + 0.2)).toBe('0.3')
    expect(decimalText(1e21)).toBe('1000000000000000000000')
    expect(decimalText(-1234.5)).toBe('-1234.5')
    expect(decimalText('1250.50')).toBe('1250.5')
    expect(decimalText(0)).toBe('0')
    expect(decimalText('n/a')).toBeNull()
    expect(decimalText(Number.NaN)).toBeNull()
  })

  it('sensitive fields are never read, not even when a field map asks for them (§3.5)', () => {
    const names = [
      'SocialSecurityNumber',
      'BirthDate',
      'Gender',
      'PayRates',
      'CreditCards',
      'PayrollServiceID',
      'AccountID',
    ]
    const asked: FieldMap = {
      ...defaultFieldMap,
      employee: [
        ...defaultFieldMap.employee,
        ...names.map((erp) => ({ erp, crm: 'Memo', owner: 'erp', transform: { kind: 'text' }, label: erp }) as const),
      ],
    }
    const secrets = Object.fromEntries(names.map((name) => [name, `canary-${name}`]))
    const record = read('employee', { EmployeeKey: 1, LastName: 'Doe', ...secrets }, { fieldMap: asked })
    expect(JSON.stringify(record)).not.toContain('canary')
    expect(record.name).toBe('Doe')
  })

  it('a row without a usable key is no record', () => {
    const context = { fieldMap: defaultFieldMap, today: '2026-03-01', clientOf: new Map() }
    expect(recordFrom('client', { Description: 'Nobody' }, context)).toBeNull()
  })
})

describe('project totals', () => {
  it('there are fifteen', () => {
    expect(TOTAL_LABELS.size).toBe(15)
    const mapped = defaultFieldMap.project.filter(({ role }) => role === 'total').map(({ erp }) => erp)
    expect([...TOTAL_LABELS.keys()].sort()).toEqual(mapped.sort())
  })

  it('labels are found in either wording and under either content key', () => {
    const row = {
      'Spent Labor': 10.1,
      'Billed Expense': 5,
      'Receipts Consultant': '7.50',
      Billed: 99,
      'Hours Worked': 3,
    }
    for (const key of ['ProjectTotals', 'Projects']) {
      const totals = totalsFrom({ [key]: [row] })
      expect(totals).toMatchObject({
        SpentLabor: '10.1',
        BilledReimbursable: '5',
        ReceivedConsultant: '7.5',
        WIPLabor: null,
      })
    }
  })

  it('a project without totals has none, another shape is not mistaken for that', () => {
    expect(totalsFrom({ ProjectTotals: [] })).toBeNull()
    expect(totalsFrom({})).toBeNull()
    expect(totalsFrom('gone')).toBeUndefined()
  })
})

describe('foreign text in a sentence', () => {
  it('loses markup, control and direction characters and its length', () => {
    expect(quotable('a<br/>b\u0000\u202Ec\n d')).toBe('a b c d')
    expect(Array.from(quotable('x'.repeat(999)))).toHaveLength(241)
  })
})
