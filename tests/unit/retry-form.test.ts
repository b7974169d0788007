import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRetryable } from '#app/(console)/sync/_run/run-words.ts'
import { oneRecordSchema, retrySchema } from '#app/(console)/sync/retry-schema.ts'
import { may, ROLES } from '#lib/access/roles'

const run = '01900000-0000-7000-8000-000000000000'
const record = { type: 'project', side: 'erp', key: '1042' } as const

describe('the posted form of a retry', () => {
  test.each([
    ['everything that failed', { run }, {}],
    ['what one problem has stopped', { run, code: 'CW-1115' }, { code: 'CW-1115' }],
    ['one record', { run, ...record }, { record }],
    ['one that is not in the ERP yet', { run, ...record, side: 'crm' }, { record: { ...record, side: 'crm' } }],
  ])('means %s', (_, posted, choice) => {
    expect(retrySchema.parse(posted)).toEqual({ run, choice })
  })

  test.each([
    ['no run', {}],
    ['a run that is none', { run: 'latest' }],
    ['a code that is none', { run, code: 'everything' }],
    ['a code and a record', { run, code: 'CW-1115', ...record }],
    ['half a record', { run, type: 'project', key: '1042' }],
    ['a type that is none', { run, ...record, type: 'spaceship' }],
    ['a key that no database can hold', { run, ...record, key: '\u0000' }],
    ['a field that does not belong to it', { run, connectionId: '7' }],
  ])('with %s is refused', (_, posted) => {
    expect(retrySchema.safeParse(posted).success).toBe(false)
  })

  test('for one chosen record names it and nothing else', () => {
    expect(oneRecordSchema.parse(record)).toEqual(record)
    expect(oneRecordSchema.safeParse({ ...record, run }).success).toBe(false)
  })
})

test('only who may run a sync may retry or sync one record, and the server asks before it reads the form', async () => {
  const source = await readFile(join(import.meta.dirname, '../../app/(console)/sync/retry-actions.ts'), 'utf8')
  const actions = source.split('export async function ').slice(1)
  expect(actions).toHaveLength(2)
  for (const action of actions) {
    expect(action.indexOf("actionUser('run')")).toBeGreaterThan(0)
    expect(action.indexOf("actionUser('run')")).toBeLessThan(action.indexOf('safeParse'))
  }
  expect(ROLES.filter((role) => may(role, 'run'))).toEqual(['operator', 'admin'])
})

test('a run that is going, and an undo, have nothing to retry', () => {
  expect(isRetryable({ state: 'completed_with_errors', kind: 'sync' })).toBe(true)
  expect(isRetryable({ state: 'failed', kind: 'retry' })).toBe(true)
  expect(isRetryable({ state: 'running', kind: 'sync' })).toBe(false)
  expect(isRetryable({ state: 'completed_with_errors', kind: 'undo' })).toBe(false)
})
