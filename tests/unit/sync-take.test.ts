import { describe, expect, it } from 'vitest'
import type { FieldTransform } from '#lib/sync/field-map'
import type { FieldValue } from '#lib/sync/records'
import { isTakeable, takeValue } from '#lib/sync/take'
import { transformValue } from '#lib/sync/transform'
import { describeCrm, entriesOf, lookups } from '../support/sync-records.ts'

const known = lookups({ 'client 77': 'F77' })

function take(transform: FieldTransform, value: FieldValue, held: FieldValue = null): FieldValue {
  const entry = { erp: 'Any', crm: 'Any', owner: 'shared', transform, label: 'Any' } as const
  const taken = takeValue(entry, 'project', { value, held }, known)
  return taken.ok ? taken.value : `${taken.code} ${taken.value}`
}

const status: FieldTransform = { kind: 'values', values: { Preliminary: 'A', Active: 'A', Hold: 'I' } }
const country: FieldTransform = {
  kind: 'listed-name',
  table: 'Country',
  values: { USA: 'United States', US: 'United States' },
}

describe('the ERP form of a CRM value (§9)', () => {
  it.each<[FieldTransform['kind'], FieldTransform, FieldValue, FieldValue]>([
    ['text', { kind: 'text' }, 'Main Street', 'Main Street'],
    ['memo', { kind: 'memo' }, 'one\ntwo', 'one\ntwo'],
    ['date', { kind: 'date' }, '2026-02-28', '2026-02-28'],
    ['decimal', { kind: 'decimal', places: 2 }, '12.5', '12.5'],
    ['short-name', { kind: 'short-name' }, 'Town Hall', 'Town Hall'],
    ['long-name', { kind: 'long-name' }, 'Town Hall', 'Town Hall'],
    ['flag', { kind: 'flag' }, 'Y', 'Y'],
    ['flag', { kind: 'flag' }, null, 'N'],
    ['values', status, 'I', 'Hold'],
    ['code', { kind: 'code', table: 'ProjectType' }, 'HLT', 'Health Care'],
    ['listed-name', country, 'United Kingdom', 'United Kingdom'],
    ['reference', { kind: 'reference', type: 'client' }, 'F77', '77'],
  ])('%s: %o gives back the value %s as %s', (_, transform, value, expected) => {
    expect(take(transform, value)).toBe(expected)
  })

  it('of several values that mean the same in the CRM the one that the ERP holds stays', () => {
    expect(take(status, 'A', 'Active')).toBe('Active')
    expect(take(country, 'United States', 'US')).toBe('US')
  })

  it('else the first one of the value map is taken', () => {
    expect(take(status, 'A', 'Hold')).toBe('Preliminary')
    expect(take(status, 'A')).toBe('Preliminary')
    expect(take(country, 'United States', 'Canada')).toBe('USA')
  })

  it('an empty value is empty, whatever the transform', () => {
    expect(take(status, null, 'Active')).toBeNull()
    expect(take({ kind: 'code', table: 'ProjectType' }, null)).toBeNull()
    expect(take({ kind: 'reference', type: 'client' }, null)).toBeNull()
  })

  it('a code, a mapped value or a link without a counterpart has no form, and says why (§7.5, §7.6)', () => {
    expect(take(status, 'D')).toBe('CW-1302 D')
    expect(take({ kind: 'code', table: 'ProjectType' }, 'SUB')).toBe('CW-1302 SUB')
    expect(take({ kind: 'code', table: 'Missing' }, 'SUB')).toBe('CW-1303 SUB')
    expect(take({ kind: 'reference', type: 'client' }, 'F1')).toBe('CW-1304 F1')
  })

  it('what is no day or no amount has no form', () => {
    expect(take({ kind: 'date' }, '2026-02-30')).toBe('CW-1306 2026-02-30')
    expect(take({ kind: 'decimal', places: 2 }, 'plenty')).toBe('CW-1306 plenty')
  })

  it('what would not come back as the same value has no form, or the two sides would never agree (§7.3)', () => {
    expect(take(country, 'Atlantis')).toBe('CW-1302 Atlantis')
    expect(take(country, 'UNITED STATES')).toBe('CW-1302 UNITED STATES')
  })

  it('is what the transform turns into that CRM value again', () => {
    const cases: [FieldTransform, string][] = [
      [status, 'A'],
      [{ kind: 'code', table: 'ProjectType' }, 'EDU'],
      [country, 'United Kingdom'],
      [{ kind: 'reference', type: 'client' }, 'F77'],
    ]
    for (const [transform, value] of cases) {
      const back = transformValue({ crm: 'Any', transform }, 'project', take(transform, value), {
        ...known,
        description: describeCrm(),
      })
      expect(back).toMatchObject({ ok: true, value })
    }
  })
})

describe('what the ERP has a field for (§9)', () => {
  it.each([
    ['Memo', true],
    ['AjeraSync', true],
    ['WBS1', false],
    ['ProjectTemplate', false],
    ['Stage', false],
    ['AjeraSpentLabor', false],
  ])('%s: %s', (field, expected) => {
    expect(entriesOf('project', field).map((entry) => isTakeable(entry))).toEqual([expected])
  })

  it('a constant is not taken', () => {
    expect(entriesOf('project', 'Memo').map((entry) => isTakeable({ ...entry, constant: 'x' }))).toEqual([false])
  })
})
