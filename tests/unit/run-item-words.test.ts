import { expect, test } from 'vitest'
import { shownValue } from '#app/(console)/sync/[run]/item-words.ts'

test('amounts are grouped with two decimals, everything else stays as it is', () => {
  expect(shownValue('project', 'Fee', '1234567.5')).toBe('1,234,567.50')
  expect(shownValue('project', 'AjeraSpentLabor', '-12')).toBe('-12.00')
  expect(shownValue('project', 'StartDate', '2026-05-04')).toBe('2026-05-04')
  expect(shownValue('client', 'Zip', '02110')).toBe('02110')
})

test('long notes are cut and characters that turn the direction of writing are taken out', () => {
  expect(shownValue('project', 'Memo', 'a'.repeat(5_000)).length).toBeLessThanOrEqual(161)
  expect(shownValue('project', 'Name', 'Town\u202E Hall')).toBe('Town Hall')
})
