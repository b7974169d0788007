import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemLink } from '#app/(console)/problem-links.ts'
import { pageOfRecord } from '#app/(console)/records/record-href.ts'
import type { LogLine } from '#lib/store/log'
import { runEntry } from '#lib/sync/log-entry'
import type { FailureReason } from '#lib/sync/ports'
import { FIXERS, PROBLEM_ACTIONS, type Problem } from '#lib/sync/problem'
import { problemView, whoWords } from '#lib/sync/problem-words'
import { PROBLEMS, type ProblemCode, problemCodes, problemOfFailure } from '#lib/sync/problems'

const root = join(import.meta.dirname, '../..')
const names = { erp: 'Ledger', crm: 'Pursuit' }
const entries = Object.entries(PROBLEMS) as [ProblemCode, Problem][]

/** Every reason there is: the type checker misses one that is added. */
const REASONS: Readonly<Record<FailureReason, true>> = {
  unreachable: true,
  timeout: true,
  'broken-answer': true,
  'server-error': true,
  throttled: true,
  'sign-in-refused': true,
  'session-lost': true,
  forbidden: true,
  'not-found': true,
  'duplicate-key': true,
  'number-not-allowed': true,
  'number-required': true,
  'required-field': true,
  'too-long': true,
  'bad-reference': true,
  'unknown-field': true,
  'no-change': true,
  invalid: true,
  'address-refused': true,
}

describe('every code that the product can write is in the catalogue (§11)', () => {
  it('whatever reason a call failed for, in whatever it was doing', () => {
    for (const reason of Object.keys(REASONS) as FailureReason[]) {
      for (const action of ['read', 'create', 'update'] as const) {
        expect(PROBLEMS[problemOfFailure(reason, action)], `${reason} in a ${action}`).toBeDefined()
      }
    }
  })

  it('by its name, and wherever a code is written out', async () => {
    const written = new Set<string>(Object.values(problemCodes))
    const sources = (await Promise.all(['lib', 'app'].map((folder) => filesOf(folder)))).flat()
    expect(sources.length).toBeGreaterThan(300)
    for (const text of sources) for (const code of text.match(/CW-\d{4}/g) ?? []) written.add(code)
    expect([...written].filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([])
    expect(written.size).toBeGreaterThan(40)
  })

  it('and no line of the log that is a warning or an error can be without one', () => {
    // @ts-expect-error: an error without a code does not compile
    const error: LogLine = { severity: 'error', method: 'Synchronize', message: 'Something broke.' }
    // @ts-expect-error: a code that is not in the catalogue does not compile either
    const unknown: LogLine = { severity: 'warning', code: 'CW-9999', method: 'Synchronize', message: 'Something.' }
    expect([error, unknown]).toHaveLength(2)
    expect(runEntry('All is well.')).toMatchObject({ severity: 'info', code: null })
    for (const [code, problem] of entries) expect(runEntry('It broke.', code).severity).toBe(problem.severity)
  })
})

describe('every entry of the catalogue (§11)', () => {
  it.each(entries)('%s says what it is, why, who can fix it and how', (code, problem) => {
    expect(problem.code).toBe(code)
    const shown = problemView(code, names)
    if (!shown) throw new Error('The catalogue does not show its own entry.')
    expect(FIXERS).toContain(problem.who)
    expect(shown.title).toMatch(/^[A-Z].*[^.]$/)
    for (const sentence of [shown.cause, shown.fix]) expect(sentence).toMatch(/^[A-Z].{8,}\.$/)
    const words = Object.values(shown)
      .join(' ')
      .replaceAll(/(Sync to|Create in) CRM/g, '')
    expect(words, 'the systems are called by their names').not.toMatch(/\b(ERP|CRM)\b|undefined/)
    expect(words, 'no text loses its grammar with the names').not.toMatch(/\ban? (Ledger|Pursuit) (is|has|does)\b/)
  })

  it('names the fixer in words, with the system that is meant', () => {
    const words = FIXERS.map((who) => whoWords(who, names))
    expect(new Set(words).size).toBe(FIXERS.length)
    expect(whoWords('here', names)).toBe('You, here')
    expect(whoWords('crm-system', names)).toBe('Whoever runs Pursuit')
  })

  it('is unknown for a code of another version, which screens show as it is', () => {
    expect(problemView('CW-9999', names)).toBeNull()
    expect(problemView('toString', names)).toBeNull()
    expect(problemView(null, names)).toBeNull()
  })
})

describe('the fix as a button', () => {
  const place = { runId: '01900000-0000-7000-8000-000000000000', type: 'project', erpKey: '10 42' } as const

  it.each(PROBLEM_ACTIONS)('%s leads to a page that exists, with a verb on it', (action) => {
    const link = problemLink(action, place)
    if (action === 'retry') return expect(link).toBeNull()
    expect(link?.label).toMatch(/^[A-Z][a-z]+ /)
    expect(pageOf(link?.href ?? ''), link?.href).toBe(true)
  })

  it('is offered for every problem that a person can deal with here', () => {
    const without = entries.filter(([, { who, action }]) => who === 'here' && !action)
    expect(without).toEqual([])
  })

  it('names the record, and is left out where the screen knows none', () => {
    expect(pageOfRecord(place)).toContain('10%2042')
    expect(pageOfRecord({ type: 'project', erpKey: '', crmId: 'P 1' })).toBe('/records/project/crm?id=P+1')
    expect(problemLink('open-record', {})).toBeNull()
    expect(problemLink('settle-conflict', { type: 'client' })?.href).toBe('/mapping?status=conflict&type=client')
    expect(problemLink('allow-removal', {})).toBeNull()
  })
})

async function filesOf(folder: string): Promise<string[]> {
  const paths = (await readdir(join(root, folder), { recursive: true })).filter((path) => /\.tsx?$/.test(path))
  return Promise.all(paths.map((path) => readFile(join(root, folder, path), 'utf8')))
}

/** Whether the signed-in app has a page at this address; a run's id and a record's key stand for any. */
function pageOf(href: string): boolean {
  const path = new URL(href, 'http://crosswalk.test').pathname
    .replace(/^\/sync\/[0-9a-f-]{36}$/, '/sync/[run]')
    .replace(/^\/records\/[a-z]+\/[^/]+$/, '/records/[type]/[key]')
  return existsSync(join(root, 'app/(console)', path, 'page.tsx'))
}
