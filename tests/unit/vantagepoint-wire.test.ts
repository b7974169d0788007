import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { failureFromAnswer, isOwnRefusal, messagesOf, signInRefused } from '#lib/vantagepoint/errors'
import { lengthsFor } from '#lib/vantagepoint/lengths'
import { schemaFrom } from '#lib/vantagepoint/metadata'
import { keepCookies } from '#lib/vantagepoint/token'
import {
  columnsFor,
  filterStamp,
  isOfType,
  isTopLevel,
  recordFrom,
  rowsFrom,
  stamp,
  type WireRow,
  wireValue,
} from '#lib/vantagepoint/wire'

const config = { fieldMap: defaultFieldMap, externalKeyField: 'CustAjeraKey' }

function read(type: 'project' | 'client' | 'contact' | 'employee', row: WireRow, address: WireRow | null = null) {
  const record = recordFrom(type, row, { ...config, address })
  if (!record) throw new Error('the row gave no record')
  return record
}

describe('refusals', () => {
  it.each([
    ['Field FirmID does not exist', 'unknown-field', 'FirmID'],
    ['Column:CashBasisAccount does not exist', 'required-field', 'CashBasisAccount'],
    ['Please provide a Last for table Contacts.', 'required-field', 'Last'],
    ['Please provide a Vendor Type for table Firm', 'required-field', 'Vendor Type'],
    ['Organization is required', 'required-field', 'Organization'],
    ['Country Code USA does not exist.', 'bad-reference', 'Country'],
    ['Project Manager 00012 does not exist.', 'bad-reference', 'Project Manager'],
    ['Firm Number already exists: C00131.<BR/>Vendor Number already exists: 000056.', 'duplicate-key', 'Firm Number'],
    ['Record P24|01 already exists and cannot be added', 'duplicate-key', null],
    ['Firm Number value ignored, autonumber enabled and override is not allowed', 'number-not-allowed', 'Firm Number'],
    ['Cannot insert NULL into Company column', 'required-field', 'Company'],
    [
      "String or binary data would be truncated in table 'ACME.dbo.PR', column 'Name'. Truncated value: 'Secret'. The statement has been terminated.",
      'too-long',
      'Name',
    ],
    ['Object reference not set to an instance of an object.', 'invalid', null],
    ["Invalid column name 'CustAjeraKey'.", 'unknown-field', 'CustAjeraKey'],
  ])('%s', (text, reason, field) => {
    for (const status of [400, 422, 500]) {
      for (const json of [{ Message: text }, { errors: [{ Message: text }] }, [{ message: text }]]) {
        const failure = failureFromAnswer({ status, json }, 'project', false)
        expect(failure).toMatchObject({ reason, failureClass: 'definite', side: 'crm' })
        if (field !== null) expect(failure.field).toBe(field)
        expect(isOwnRefusal(json)).toBe(true)
        expect(failure.message).toMatch(/^[A-Z].*\.$/)
        expect(failure.message).not.toMatch(/<|dbo|Secret/)
      }
    }
  })

  it('a message that says nothing known is an outage when the status says so', () => {
    expect(isOwnRefusal({ Message: 'An error has occurred.' })).toBe(false)
    expect(isOwnRefusal('<html>')).toBe(false)
    expect(isOwnRefusal(undefined)).toBe(false)
  })

  it('a crash of the server during a create leaves open whether the record exists', () => {
    const json = { Message: 'Object reference not set to an instance of an object.' }
    expect(failureFromAnswer({ status: 500, json }, 'firm', true).failureClass).toBe('unknown')
    expect(failureFromAnswer({ status: 400, json }, 'firm', true).failureClass).toBe('definite')
  })

  it('several problems in one text are all told', () => {
    const json = { Message: 'Please provide a Last for table Contacts.<BR/>Organization is required' }
    expect(messagesOf(json)).toEqual(['Please provide a Last for table Contacts.', 'Organization is required'])
    const { message } = failureFromAnswer({ status: 400, json }, 'contact', false)
    expect(message).toBe(
      'Vantagepoint refused the contact: Please provide a Last for table Contacts.; Organization is required.',
    )
  })

  it.each([
    [401, 'session-lost'],
    [403, 'forbidden'],
    [404, 'not-found'],
  ])('status %i means %s', (status, reason) => {
    expect(failureFromAnswer({ status, json: { Message: 'no' } }, 'firm', true)).toMatchObject({
      reason,
      failureClass: 'definite',
    })
  })

  it('a refused sign-in quotes nothing a gateway may have echoed', () => {
    const json = { error: 'invalid_grant', error_description: 'Password=canary-secret refused' }
    const failure = signInRefused(400, json)
    expect(failure.reason).toBe('sign-in-refused')
    expect(failure.message).not.toContain('canary')
    expect(signInRefused(400, { error: 'canary-secret' }).message).not.toContain('canary')
  })
})

describe('metadata', () => {
  const field = { FieldName: 'Name', FieldType: 'string', DefaultValue: '', Required: true, Updateable: true }

  it('both reported shapes are understood', () => {
    const live = schemaFrom({
      PR: { Fields: [field, { FieldName: 'ModDate', Required: false, Updateable: false }] },
      ProjectCustomTabFields: { Fields: [{ FieldName: 'CustAjeraKey', Required: false, Updateable: true }] },
    })
    const typed = schemaFrom({
      TableName: 'PR',
      Fields: [
        { FieldName: 'Name', MaxLength: 40, IsRequired: true, IsReadOnly: false },
        { FieldName: 'ModDate', IsReadOnly: true },
        { FieldName: 'CustAjeraKey' },
      ],
    })
    for (const schema of [live, typed]) {
      expect(schema?.has('custajerakey')).toBe(true)
      expect(schema?.isRequired('Name')).toBe(true)
      expect(schema?.isWritable('ModDate')).toBe(false)
      expect(schema?.writableFields).toEqual(['Name', 'CustAjeraKey'])
    }
    expect(typed?.lengthOf('Name')).toBe(40)
    expect(live?.lengthOf('Name')).toBeNull()
  })

  it.each([[{}], [[]], ['text'], [null], [{ PR: { Fields: 'none' } }]])('%j is no metadata', (json) => {
    expect(schemaFrom(json)).toBeNull()
  })

  it('a published length beats the table; text fields only have limits', () => {
    const schema = schemaFrom({
      CL: { Fields: [{ FieldName: 'Name', Length: '120' }] },
      CLAddress: { Fields: [{ FieldName: 'City', MaxLength: 35 }] },
    })
    const lengths = lengthsFor('client', defaultFieldMap, schema)
    expect(lengths).toMatchObject({ Name: 120, City: 35, Address1: 50, FAX: 24 })
    expect(lengths).not.toHaveProperty('Country')
    expect(lengthsFor('project', defaultFieldMap, null)).toEqual({ WBS1: 30, Name: 40, LongName: 255 })
  })
})

describe('records', () => {
  it('a project is read with its names, key, flag and canonical values', () => {
    const record = read('project', {
      WBS1: 'P24.01 ',
      WBS2: ' ',
      WBS3: ' ',
      Name: 'Short',
      LongName: 'A long name',
      Status: 'A',
      ClientID: '',
      StartDate: '2024-02-03T00:00:00.000',
      Fee: 1250.5,
      ConsultFee: '0.0000',
      AjeraSync: 'Y',
      CustAjeraKey: ' 1042 ',
      Memo: '',
      ModDate: '2024-02-03T04:05:06',
      CreateDate: '',
    })
    expect(record).toMatchObject({
      id: 'P24.01',
      name: 'Short',
      longName: 'A long name',
      externalKey: '1042',
      syncFlag: true,
      modifiedAt: '2024-02-03T04:05:06.000Z',
      createdAt: null,
    })
    expect(record.fields).toMatchObject({
      StartDate: '2024-02-03',
      Fee: '1250.5',
      ConsultFee: '0',
      ClientID: null,
      Memo: null,
    })
    expect(record.fields).not.toHaveProperty('Principal')
  })

  it('a firm has the address of its primary row, and none without one', () => {
    const row = { ClientID: 'AB12', Name: 'Acme' }
    expect(read('client', row, { Address1: '1 Main St', City: 'Bend', FAX: '' }).fields).toMatchObject({
      Address1: '1 Main St',
      City: 'Bend',
      FAX: null,
    })
    expect(read('client', row).fields).toMatchObject({ Address1: null, City: null })
  })

  it('phases and tasks are told from projects', () => {
    expect(isTopLevel({ WBS1: 'P1', WBS2: ' ', WBS3: '' })).toBe(true)
    expect(isTopLevel({ WBS1: 'P1', WBS2: '01', WBS3: ' ' })).toBe(false)
  })

  it.each([
    [{ ClientInd: 'Y' }, true, false],
    [{ ClientInd: 'Y', VendorInd: 'N' }, true, false],
    [{ ClientInd: 'Y', VendorInd: 'Y' }, true, false],
    [{ ClientInd: 'N', VendorInd: 'Y' }, false, true],
    [{ ClientInd: 'false', VendorInd: 'true' }, false, true],
    [{ VendorInd: 'Y' }, false, true],
    [{ ClientInd: 'N', VendorInd: 'N' }, false, false],
    [{ ClientInd: 'N' }, false, false],
    [{}, true, false],
  ])('a firm marked %o is never a client and a vendor at once', (row, client, vendor) => {
    expect(isOfType('client', row)).toBe(client)
    expect(isOfType('vendor', row)).toBe(vendor)
  })

  it('a row whose number has not been filled in yet is no record', () => {
    expect(recordFrom('project', { WBS1: '', Name: 'New' }, { ...config, address: null })).toBeNull()
  })

  it('lists, lists of one and single objects are all rows', () => {
    expect(rowsFrom([{ a: 1 }, { a: 2 }])).toHaveLength(2)
    expect(rowsFrom({ a: 1 })).toHaveLength(1)
    expect(rowsFrom('text')).toBeNull()
  })

  it('stamps are UTC, blanks are none', () => {
    expect(stamp('2024-02-03T04:05:06.789Z')).toBe('2024-02-03T04:05:06.789Z')
    expect(stamp('2024-02-03 04:05:06')).toBe('2024-02-03T04:05:06.000Z')
    expect(stamp('')).toBeNull()
    expect(filterStamp('2024-02-03T04:05:06.999Z')).toBe('2024-02-03T04:05:06')
  })

  it('amounts are sent as numbers, null as the empty text that clears', () => {
    const fee = defaultFieldMap.project.find(({ crm }) => crm === 'Fee')
    const memo = defaultFieldMap.project.find(({ crm }) => crm === 'Memo')
    if (!fee || !memo) throw new Error('the default field map has no Fee or Memo')
    expect(wireValue('1250.50', fee)).toBe(1250.5)
    expect(wireValue(null, memo)).toBe('')
  })
})

describe('what is asked for', () => {
  it('only mapped fields and what identifies a record, never pay, SSN or the other two hundred (§3.5)', () => {
    const columns = columnsFor('employee', config, null)
    const mapped = defaultFieldMap.employee.map(({ crm }) => crm)
    expect(columns.sort()).toEqual(['Employee', 'ModDate', 'CreateDate', 'CustAjeraKey', ...mapped].sort())
  })

  it('columns this tenant lacks are not asked for', () => {
    const schema = schemaFrom({ PR: { Fields: [{ FieldName: 'Name' }, { FieldName: 'Fee' }] } })
    expect(columnsFor('project', config, schema)).toEqual([
      'WBS1',
      'WBS2',
      'WBS3',
      'ModDate',
      'CreateDate',
      'Name',
      'Fee',
    ])
  })

  it('address fields of a firm are not asked of the firm', () => {
    expect(columnsFor('client', config, null)).not.toContain('City')
  })
})

describe('cookies', () => {
  it('the latest value of each name is sent back', () => {
    const jar = new Map<string, string>()
    keepCookies(jar, ['AWSELB=one; Path=/', 'AWSELBCORS=two'])
    keepCookies(jar, ['AWSELB=three'])
    expect([...jar]).toEqual([
      ['AWSELB', 'three'],
      ['AWSELBCORS', 'two'],
    ])
  })
})
