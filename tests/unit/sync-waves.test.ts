import { expect, test } from 'vitest'
import { supervisorWaves } from '#lib/sync/waves'

test('a new record is created after the one it refers to, whatever their order (§8.6)', () => {
  const waves = supervisorWaves([
    { key: '3', supervisorKey: '2' },
    { key: '10', supervisorKey: '3' },
    { key: '2', supervisorKey: '77' },
    { key: '1', supervisorKey: null },
  ])
  expect(Object.fromEntries(waves)).toEqual({ '1': 1, '2': 1, '3': 2, '10': 3 })
})

test('a circle of superiors is broken and every record still has a wave', () => {
  const waves = supervisorWaves([
    { key: '1', supervisorKey: '2' },
    { key: '2', supervisorKey: '3' },
    { key: '3', supervisorKey: '1' },
    { key: '4', supervisorKey: '4' },
  ])
  expect(waves.size).toBe(4)
  expect([...waves.values()].every((wave) => wave >= 1)).toBe(true)
})
