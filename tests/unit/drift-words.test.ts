import { expect, test } from 'vitest'
import { driftPercent, endWords, percentWords } from '#app/(console)/reconciliation/drift-words.ts'
import { readDriftSearch } from '#app/(console)/reconciliation/search-params.ts'
import { messageComparisonCompleted } from '#lib/sync/comparison-messages'

test('what is not quite nothing is not called nothing, and nothing compared is no 0 %', () => {
  expect(percentWords(driftPercent({ compared: 20_000, differing: 1, missing: 0 }))).toBe('< 0.1 %')
  expect(percentWords(driftPercent({ compared: 1000, differing: 3, missing: 0 }))).toBe('0.3 %')
  expect(percentWords(driftPercent({ compared: 8, differing: 1, missing: 0 }))).toBe('13 %')
  expect(percentWords(driftPercent({ compared: 8, differing: 0, missing: 4 }))).toBe('0 %')
  expect(percentWords(driftPercent({ compared: 0, differing: 0, missing: 4 }))).toBe('–')
})

test('the ends of a chart of one day are told by their times', () => {
  expect(endWords('2026-11-25T02:00:00Z', '2026-11-26T02:00:00Z')).toEqual(['Nov 25', 'Nov 26'])
  expect(endWords('2026-11-26T02:00:00Z', '2026-11-26T14:05:00Z')).toEqual(['Nov 26, 02:00 UTC', '14:05 UTC'])
})

test('a type that is none is left out and named', () => {
  expect(readDriftSearch({ type: 'client' })).toEqual({ type: 'client', ignored: [] })
  expect(readDriftSearch({ type: 'spaceship' })).toEqual({ type: null, ignored: ['type “spaceship”'] })
})

test('a comparison sums up all types in one sentence', () => {
  const sentence = (...drift: Parameters<typeof messageComparisonCompleted>[0]) =>
    messageComparisonCompleted(drift).message
  expect(sentence({ compared: 1600, differing: 0, missing: 0 }, { compared: 1, differing: 0, missing: 0 })).toBe(
    'Comparison completed: 1,601 pairs, all of them agree. Nothing was changed in either system.',
  )
  expect(sentence({ compared: 1, differing: 1, missing: 1 })).toBe(
    'Comparison completed: 1 pair, 1 of them differs, 1 record lacks its partner. Nothing was changed in either system.',
  )
})
