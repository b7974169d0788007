import { describe, expect, it } from 'vitest'
import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import { equalDecimals, normaliseDecimal, roundDecimal } from '#lib/sync/decimal'
import type { FieldTransform } from '#lib/sync/field-map'
import type { FieldValue } from '#lib/sync/records'
import { transformValue } from '#lib/sync/transform'
import { describeCrm, entriesOf, lookups } from '../support/sync-records.ts'

const money: FieldTransform = { kind: 'decimal', places: 2 }

function transform(kind: FieldTransform, raw: FieldValue, description = describeCrm()) {
  return transformValue({ crm: 'Any', transform: kind }, 'client', raw, lookups({}, description))
}

function sentValue(kind: FieldTransform, raw: FieldValue): FieldValue | 'left out' {
  const result = transform(kind, raw)
  return result.ok ? result.value : 'left out'
}

describe('amounts (§13.11)', () => {
  it.each([
    ['1.005', '1.01'],
    ['-1.005', '-1.01'],
    ['1.0049999999999999999999', '1'],
    ['2.675', '2.68'],
    ['0.005', '0.01'],
    ['-0.004', '0'],
    ['999999999999999999.995', '1000000000000000000'],
    ['1234.5', '1234.5'],
    ['+007.10', '7.1'],
    ['.5', '0.5'],
    ['5.', '5'],
  ])('%s rounds to %s', (text, rounded) => {
    expect(roundDecimal(text, 2)).toBe(rounded)
  })

  it('rounds to whole numbers too', () => {
    expect(roundDecimal('0.5', 0)).toBe('1')
    expect(roundDecimal('-9.5', 0)).toBe('-10')
  })

  it.each(['', '.', '1e3', '1,000', '$5', 'NaN', '--1', '1.2.3'])('%j is no amount', (text) => {
    expect(normaliseDecimal(text)).toBeNull()
    expect(equalDecimals(text, text)).toBe(false)
  })

  it('are compared as decimals', () => {
    expect(equalDecimals('1500.0000', '1500')).toBe(true)
    expect(equalDecimals('0.1', '0.10000000000000000001')).toBe(false)
  })

  it('zero and none are the same amount once a base is known', () => {
    expect(sameValue(money, null, '0')).toBe(true)
    expect(sameValue(money, null, '0.01')).toBe(false)
  })

  it('an amount that is none is left out', () => {
    expect(transform(money, 'n/a')).toEqual({
      ok: false,
      warning: { code: 'CW-1306', value: 'n/a' },
      mayResolve: false,
    })
  })
})

describe('text (§13.7)', () => {
  it('one-line fields are trimmed and folded', () => {
    expect(sentValue({ kind: 'text' }, ' Acme\u00A0\t Supplies\n')).toBe('Acme Supplies')
    expect(sentValue({ kind: 'text' }, ' \t')).toBeNull()
  })

  it('notes keep their lines', () => {
    expect(sentValue({ kind: 'memo' }, '\r\n first  line\r\nsecond\rthird \n')).toBe('first  line\nsecond\nthird')
  })

  it('a spelling that the transform does not keep is no difference', () => {
    expect(canonicalCrmValue({ kind: 'memo' }, 'a\r\nb ')).toBe('a\nb')
    expect(canonicalCrmValue({ kind: 'text' }, ' Cafe\u0301  Bar ')).toBe('Café Bar')
    expect(canonicalCrmValue(money, '1500.0000')).toBe('1500')
    expect(canonicalCrmValue({ kind: 'flag' }, null)).toBe('N')
  })
})

describe('dates and flags', () => {
  it.each([
    ['2026-02-28', '2026-02-28'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', 'left out'],
    ['02/28/2026', 'left out'],
    ['', null],
  ])('date %j: %s', (raw, value) => {
    expect(sentValue({ kind: 'date' }, raw)).toBe(value)
  })

  it.each([
    ['Y', 'Y'],
    ['y', 'Y'],
    ['N', 'N'],
    [null, 'N'],
  ])('flag %j: %s', (raw, value) => {
    expect(sentValue({ kind: 'flag' }, raw)).toBe(value)
  })
})

describe('value maps and codes (§7.6, §13.11)', () => {
  const [country] = entriesOf('client', 'Country')
  const [status] = entriesOf('project', 'Status')

  it.each([
    ['USA', 'United States'],
    ['usa', 'United States'],
    ['United States', 'United States'],
    [' united  STATES ', 'United States'],
    ['GB', 'United Kingdom'],
    ['UK', 'United Kingdom'],
    ['Atlantis', 'left out'],
    ['constructor', 'left out'],
  ])('country %j: the name %s of the master list', (raw, name) => {
    if (!country) throw new Error('the default map has a country')
    expect(sentValue(country.transform, raw)).toBe(name)
  })

  it('where the CRM does not give its master list, the mapped country name is sent', () => {
    if (!country) throw new Error('the default map has a country')
    const sent = transform(country.transform, 'USA', describeCrm({ codeTables: {} }))
    expect(sent).toMatchObject({ ok: true, value: 'United States' })
  })

  it.each([
    ['Active', 'A'],
    ['Marketing', 'A'],
    ['WorkHold', 'I'],
    ['Closed', 'D'],
    ['Imaginary', 'left out'],
  ])('project status %s: %s', (raw, code) => {
    if (!status) throw new Error('the default map has a status')
    expect(sentValue(status.transform, raw)).toBe(code)
  })

  it('of several codes with one description, always the same one is sent', () => {
    const codes = [
      { code: 'B', description: 'Education' },
      { code: 'A', description: 'education' },
    ]
    for (const table of [codes, [...codes].reverse()]) {
      const found = transform({ kind: 'code', table: 'T' }, 'Education', describeCrm({ codeTables: { T: table } }))
      expect(found).toMatchObject({ ok: true, value: 'A' })
    }
  })

  it('a table that could not be read is told apart from an unknown code', () => {
    const found = transform({ kind: 'code', table: 'T' }, 'Education')
    expect(found).toEqual({ ok: false, warning: { code: 'CW-1303', value: 'Education' }, mayResolve: true })
  })
})
