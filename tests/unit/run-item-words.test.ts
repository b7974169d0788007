import { expect, test } from 'vitest'
import { shownValue } from '#app/(console)/sync/[run]/item-words.ts'
import { defaultFieldMap } from '#lib/default-field-map'

test('amounts are grouped with two decimals, everything else stays as it is', () => {
  expect(shownValue(defaultFieldMap, 'project', 'Fee', '1234567.5')).toBe('1,234,567.50')
  expect(shownValue(defaultFieldMap, 'project', 'AjeraSpentLabor', '-12')).toBe('-12.00')
  expect(shownValue(defaultFieldMap, 'project', 'StartDate', '2026-05-04')).toBe('2026-05-04')
  expect(shownValue(defaultFieldMap, 'client', 'Zip', '02110')).toBe('02110')
})

test('long notes are cut and characters that turn the direction of writing are taken out', () => {
  expect(shownValue(defaultFieldMap, 'project', 'Memo', 'a'.repeat(5_000)).length).toBeLessThanOrEqual(161)
  expect(shownValue(defaultFieldMap, 'project', 'Name', 'Town\u202E Hall')).toBe('Town Hall')
})
