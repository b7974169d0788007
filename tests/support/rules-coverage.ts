import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NOT_YET, SYNC_RULES } from './sync-rules.ts'
import { titledTests } from './test-titles.ts'

/** Where a test names a rule: the file, and the titles down to the one that names it, without the numbers. */
export type RuleReference = { rule: string; file: string; title: string }

export type RuleReferences = { references: RuleReference[]; misspelt: string[] }

const FOLDERS = ['chaos', 'contract', 'e2e', 'integration', 'property', 'unit']
const TEST_FILE = /\.(test|spec)\.tsx?$/
const NAMED_RULES = /\s*\(§([^()]*)\)/g
const root = fileURLToPath(new URL('../..', import.meta.url))

export const COVERAGE_FILE = join(root, 'docs', 'rules-coverage.md')

/**
 * The rules that the titles of a test file name as `(§7.2)` or `(§7.2, §13.4)`, each title once though it stands over
 * many tests, and the titles that speak of a rule in any other way. A test that is skipped names nothing.
 */
export function ruleReferences(file: string, source: string): RuleReferences {
  const titles = new Map<string, string[]>()
  for (const test of titledTests(source).filter(({ runs }) => runs)) {
    for (let depth = 1; depth <= test.titles.length; depth++) {
      const path = test.titles.slice(0, depth)
      titles.set(path.join('\n'), path)
    }
  }
  const references: RuleReference[] = []
  const misspelt: string[] = []
  for (const path of titles.values()) {
    const own = path.at(-1) ?? ''
    const title = path.map((text) => text.replace(NAMED_RULES, '')).join(' › ')
    if (own.replace(NAMED_RULES, '').includes('§')) misspelt.push(`${file}: ${own}`)
    for (const [, numbers] of own.matchAll(NAMED_RULES)) {
      references.push(...(numbers ?? '').split(', §').map((rule) => ({ rule, file, title })))
    }
  }
  return { references, misspelt }
}

/** All references of all test files, in the order of files and of titles in them. */
export async function allRuleReferences(): Promise<RuleReferences> {
  const found = await Promise.all(FOLDERS.map((folder) => readdir(join(root, 'tests', folder), { recursive: true })))
  const files = found.flatMap((names, index) => names.map((name) => `tests/${FOLDERS[index]}/${name}`))
  const inOrder = files.filter((file) => TEST_FILE.test(file)).sort()
  const each = await Promise.all(
    inOrder.map(async (file) => ruleReferences(file, await readFile(join(root, file), 'utf8'))),
  )
  return {
    references: each.flatMap(({ references }) => references),
    misspelt: each.flatMap(({ misspelt }) => misspelt),
  }
}

/** The rules that no test names, in their order. */
export function rulesWithoutTest(references: RuleReference[]): string[] {
  const named = new Set(references.map(({ rule }) => rule))
  return SYNC_RULES.map(({ id }) => id).filter((id) => !named.has(id))
}

/** The text of docs/rules-coverage.md. */
export function coverageDocument(references: RuleReference[]): string {
  const rows = SYNC_RULES.map(({ id, inShort }) => {
    const tests = references
      .filter(({ rule }) => rule === id)
      .map(({ file, title }) => `\`${file.replace(/^tests\//, '')}\` ${title.replace(/[|<`*_\\]/g, '\\$&')}`)
    return `| ${id} | ${inShort} | ${tests.join('<br>') || 'not yet'} |`
  })
  return `# Rules and their tests

Which test proves which numbered rule of the sync. A test names its rule in its title, as \`(§7.2)\`; files are those
under \`tests\`. Written by \`npm run rules:coverage\`, held up to date by \`tests/unit/rules-coverage.test.ts\`.

| rule | in short | tests |
| --- | --- | --- |
${rows.join('\n')}
`
}

if (import.meta.main) {
  const { references } = await allRuleReferences()
  await writeFile(COVERAGE_FILE, coverageDocument(references))
  const without = rulesWithoutTest(references)
  console.log(`docs/rules-coverage.md is written. Rules without a test: ${without.join(', ') || 'none'}.`)
  const named = NOT_YET.filter((id) => !without.includes(id))
  if (named.length > 0) console.log(`Take out of NOT_YET in tests/support/sync-rules.ts: ${named.join(', ')}.`)
}
