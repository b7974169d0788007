import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { installationRoot as root } from './root.ts'
import { ensureClient, exitWith, runProgram } from './run-program.ts'

/** What a runner counted; a runner that failed without a failed test (it could not even load one) counts as one. */
type Counts = { passed: number; failed: number; skipped: number }

const OUTPUT = join(root, 'tests', '.output')
/** What a developer has set for the app must not reach the tests. */
const OUR_VARIABLES = /^(CROSSWALK_|AJERA_|VANTAGEPOINT_|NEXTAUTH_|DATABASE_URL$|PORT$|NODE_ENV$)/

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
})
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
})

/** `npm test`: vitest, then the browser tests; the last line sums up both. */
await exitWith(async () => {
  await mkdir(OUTPUT, { recursive: true })
  await ensureClient()
  const counts = [await runVitest(), await runPlaywright()]
  const total = counts.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
  }))
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
})

async function runVitest(): Promise<Counts> {
  const report = join(OUTPUT, 'vitest.json')
  await rm(report, { force: true })
  const args = ['run', '--config', 'tests/vitest.config.ts', '--reporter=default', '--reporter=json']
  const status = await runProgram('vitest/vitest.mjs', [...args, `--outputFile.json=${report}`], testEnvironment())
  const read = vitestReport.safeParse(await readReport(report))
  if (!read.success) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = read.data
  return withStatus({ passed, failed, skipped: numPendingTests + numTodoTests }, status)
}

async function runPlaywright(): Promise<Counts> {
  if (!(await hasBrowserTests())) return { passed: 0, failed: 0, skipped: 0 }
  const report = join(OUTPUT, 'e2e.json')
  await rm(report, { force: true })
  const env = { ...testEnvironment(), PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  const status = await runProgram('@playwright/test/cli.js', ['test', '--config', 'tests/playwright.config.ts'], env)
  const read = playwrightReport.safeParse(await readReport(report))
  if (!read.success) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = read.data.stats
  return withStatus({ passed: expected, failed: unexpected + flaky, skipped }, status)
}

function withStatus(counts: Counts, status: number): Counts {
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

async function hasBrowserTests(): Promise<boolean> {
  const names = await readdir(join(root, 'tests', 'e2e'), { recursive: true }).catch(() => [])
  return names.some((name) => /\.(spec|test)\.ts$/.test(name))
}

async function readReport(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
}

function testEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OUR_VARIABLES.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: 'test' }
}
