import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { isTypeable, typedOptions, typedValue } from '#lib/sync/typed-value'
import { describeCrm } from '../support/sync-records.ts'

const description = describeCrm()

function entry(type: 'project' | 'client', crm: string): FieldMapEntry {
  const found = defaultFieldMap[type].find((one) => one.crm === crm)
  if (!found) throw new Error(`There is no entry ${crm}.`)
  return found
}

const typed = (type: 'project' | 'client', crm: string, text: string) =>
  typedValue(entry(type, crm), type, text, { description })

describe('a value that a person types for both sides (§7.2) is checked by its field', () => {
  it.each([
    ['client', 'Zip', ' 80302 ', '80302'],
    ['client', 'Memo', ' one\r\ntwo ', 'one\ntwo'],
    ['project', 'StartDate', '2026-02-28', '2026-02-28'],
    ['project', 'Fee', '1,234.50', '1234.5'],
    ['project', 'Fee', '-12', '-12'],
    ['project', 'AjeraSync', 'yes', 'Y'],
    ['project', 'Status', 'I', 'I'],
    ['project', 'ProjectType', 'health care', 'HLT'],
    ['client', 'Country', 'united kingdom', 'United Kingdom'],
    ['client', 'Zip', '   ', null],
    ['project', 'Fee', '', null],
    ['project', 'AjeraSync', '', 'N'],
  ] as const)('%s %s takes %j as %j', (type, crm, text, value) => {
    expect(typed(type, crm, text)).toEqual({ ok: true, value })
  })

  it.each([
    ['client', 'Zip', '12345678901', /room for 10 characters, and this has 11/],
    ['project', 'StartDate', '2026-02-30', /year-month-day/],
    ['project', 'StartDate', '3/4/2026', /year-month-day/],
    ['project', 'Fee', 'twelve', /is an amount/],
    ['project', 'Fee', '1.005', /at most 2 decimal places/],
    ['project', 'Status', 'X', /choose one of the values/],
    ['project', 'ProjectType', 'Castle', /choose one of the values/],
    ['client', 'Country', 'Atlantis', /choose one of the values/],
    ['project', 'ClientID', 'ABC', /Take the value of one of the two sides/],
  ] as const)('%s %s refuses %j with a sentence', (type, crm, text, sentence) => {
    const result = typed(type, crm, text)
    expect(result).toMatchObject({ ok: false })
    expect(result.ok ? '' : result.sentence).toMatch(sentence)
  })

  it('a list offers what both systems know, and a reference offers nothing to type', () => {
    expect(typedOptions(entry('project', 'Status'), description)?.map((one) => one.value)).toEqual(['A', 'I', 'D'])
    expect(typedOptions(entry('project', 'Status'), description)?.[0]?.label).toBe('A (Active, Preliminary, Marketing)')
    expect(typedOptions(entry('client', 'Zip'), description)).toBeNull()
    expect(isTypeable(entry('project', 'ClientID'))).toBe(false)
  })

  it('a master list that the CRM does not give is typed freely (§13.11)', () => {
    const without = describeCrm({ codeTables: {} })
    expect(typedOptions(entry('client', 'Country'), without)).toBeNull()
    expect(typedValue(entry('client', 'Country'), 'client', 'USA', { description: without })).toEqual({
      ok: true,
      value: 'United States',
    })
  })
})
