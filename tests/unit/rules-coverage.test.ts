import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  allRuleReferences,
  COVERAGE_FILE,
  coverageDocument,
  type RuleReferences,
  ruleReferences,
  rulesWithoutTest,
} from '../support/rules-coverage.ts'
import { NOT_YET, SYNC_RULES } from '../support/sync-rules.ts'

describe('the rules of the sync', () => {
  let found: RuleReferences
  beforeAll(async () => {
    found = await allRuleReferences()
  })

  it('each have a test that names them, but those on the list of missing ones', () => {
    expect(rulesWithoutTest(found.references), 'NOT_YET in tests/support/sync-rules.ts').toEqual(NOT_YET)
  })

  it('are the only ones that tests name', () => {
    const known = new Set(SYNC_RULES.map(({ id }) => id))
    expect(found.references.filter(({ rule }) => !known.has(rule))).toEqual([])
  })

  it('are named as the table reads them, at no other place of a title and in no other form', () => {
    expect(found.misspelt).toEqual([])
  })

  it('are listed with their tests in docs/rules-coverage.md', async () => {
    const written = await readFile(COVERAGE_FILE, 'utf8').catch(() => '')
    expect(written, 'Run: npm run rules:coverage').toBe(coverageDocument(found.references))
  })
})

describe('reading the titles of tests', () => {
  const named = (source: string) => ruleReferences('f', source).references.map(({ rule, title }) => `${rule} ${title}`)

  it('one title may name several rules, and each is listed with the titles around it', () => {
    const source = `
      describe('merge (§7.2)', () => {
        it('sends (§7.3, §13.4)', async () => {})
        it('keeps', () => {})
      })
      test("alone (§9)", () => {})`
    expect(named(source)).toEqual(['7.2 merge', '7.3 merge › sends', '13.4 merge › sends', '9 alone'])
  })

  it('tables of cases and titles with values count', () => {
    const source = `
      it.each([[1, ')'], [2, '(§1.1)']] as const)('case %i (§6.1)', (n) => {})
      it.each<[Map<string, () => void>, { a: 1 }]>([])('typed %s (§6.4)', () => {})
      test.each\`a \${\`b\${'}'}\`} (§1.2)\`('b (§6.2)', () => {})
      describe.each(TYPES)(\`of \${1} (§6.3)\`, () => { test.runIf(isRoot)('c', () => {}) })`
    expect(named(source)).toEqual(['6.1 case %i', '6.4 typed %s', '6.2 b', `6.3 of ${'$'}{1}`])
  })

  it('what is not run names nothing', () => {
    const source = `
      // test('in a comment (§1.1)', () => {})
      /* it('in another (§1.2)', () => {}) */
      test.skip('skipped (§1.3)', () => {})
      test.todo('later (§1.4)')
      describe.skip('off (§1.5)', () => { it('inner (§1.6)', () => {}) })
      describe('empty (§1.7)', () => {})
      const text = "test('quoted (§1.8)', () => {})" + /[/'"]\\/test('(§1.9)'/.test('(§1.10)')
      test.describe.configure({ mode: 'serial' })
      test('last (§2.1)', () => { test.step('step (§1.11)', () => {}) })`
    expect(named(source)).toEqual(['2.1 last'])
  })

  it.each(['§7.2 first', 'words (sync-rules §7.2)', 'range (§7.2–7.4) and §8'])(
    '“%s” is misspelt or unknown',
    (title) => {
      const { references, misspelt } = ruleReferences('f', `test('${title}', () => {})`)
      const known = references.filter(({ rule }) => SYNC_RULES.some(({ id }) => id === rule))
      expect(known).toEqual([])
      expect(misspelt.length + references.length).toBeGreaterThan(0)
    },
  )
})
