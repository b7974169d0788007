import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

/** [file, what it imports]; the direction is that of guide/architecture.md. */
const FORBIDDEN: [string, string][] = [
  ['lib/sync/probe.ts', '#lib/store/runs'],
  ['lib/sync/probe.ts', '#lib/engine/start'],
  ['lib/sync/probe.ts', '#lib/default-field-map'],
  ['lib/sync/probe.ts', '../store/runs.ts'],
  ['lib/sync/probe.ts', '../console.ts'],
  ['lib/sync/probe.ts', '#generated/client'],
  ['lib/sync/probe.ts', 'node:fs/promises'],
  ['lib/sync/probe.ts', 'node:crypto'],
  ['lib/sync/probe.ts', 'pg'],
  ['lib/sync/probe.ts', 'next/server'],
  ['lib/engine/probe.ts', '#lib/ajera/client'],
  ['lib/engine/phases/probe.ts', '../../vantagepoint/crm.ts'],
  ['lib/engine/probe.ts', '#lib/http/request'],
  ['lib/engine/probe.ts', '#lib/access/roles'],
  ['lib/engine/probe.ts', '#lib/console'],
  ['lib/engine/probe.ts', '#generated/client'],
  ['lib/engine/probe.ts', '@prisma/client'],
  ['lib/engine/probe.ts', 'pg'],
  ['lib/engine/probe.ts', 'next/cache'],
  ['lib/store/probe.ts', '#lib/engine/start'],
  ['lib/store/sql/probe.ts', '../../engine/start.ts'],
  ['lib/store/probe.ts', '#lib/ops/env'],
  ['lib/store/probe.ts', '#lib/worker'],
  ['lib/store/probe.ts', 'next/cache'],
  ['lib/ajera/probe.ts', '#lib/store/runs'],
  ['lib/ajera/probe.ts', '#lib/vantagepoint/crm'],
  ['lib/ajera/probe.ts', '../vantagepoint/crm.ts'],
  ['lib/vantagepoint/probe.ts', '#lib/ajera/erp'],
  ['lib/vantagepoint/probe.ts', '#lib/engine/context'],
  ['lib/http/probe.ts', '#lib/sync/records'],
  ['lib/http/probe.ts', '../sync/records.ts'],
  ['lib/sandbox/probe.ts', '#lib/sync/plan'],
  ['lib/sandbox/probe.ts', '#lib/ajera/wire'],
  ['lib/sandbox/erp/probe.ts', '../../store/runs.ts'],
  ['lib/access/probe.ts', '#lib/engine/start'],
  ['lib/access/probe.ts', '#generated/client'],
  ['lib/ops/probe.ts', '#lib/cli/main'],
  ['lib/ops/probe.ts', '#lib/sandbox/sandbox'],
  ['lib/ops/probe.ts', '../engine/start.ts'],
  ['lib/ops/probe.ts', '@prisma/client'],
  ['lib/console.ts', '#lib/sandbox/sandbox'],
  ['lib/worker.ts', '#generated/client'],
  ['lib/cli/probe.ts', '#generated/client'],
  ['lib/cli/probe.ts', 'next/cache'],
  ['app/(console)/probe.tsx', '#generated/client'],
  ['app/(console)/probe.tsx', '../../prisma/generated/client.ts'],
  ['app/(console)/probe.tsx', '#lib/ajera/erp'],
  ['app/(console)/sync/probe.tsx', '../../../lib/vantagepoint/crm.ts'],
  ['app/api/probe.ts', '#lib/sandbox/sandbox'],
  ['app/api/probe.ts', '@prisma/client'],
  ['app/_ui/probe.tsx', '#lib/sync/records'],
  ['app/_ui/probe.tsx', '#lib/store/views-log'],
  ['app/_ui/probe.tsx', 'next-auth'],
  ['instrumentation.ts', '#lib/sandbox/sandbox'],
  ['proxy.ts', '#generated/client'],
]

const ALLOWED: [string, string][] = [
  ['lib/sync/probe.ts', './records.ts'],
  ['lib/sync/probe.ts', '#lib/sync/records'],
  ['lib/engine/phases/probe.ts', '../context.ts'],
  ['lib/engine/probe.ts', '#lib/store/runs'],
  ['lib/engine/probe.ts', '#lib/sync/plan'],
  ['lib/store/probe.ts', '#generated/client'],
  ['lib/store/probe.ts', '#lib/sync/records'],
  ['lib/ajera/probe.ts', '#lib/http/request'],
  ['lib/vantagepoint/probe.ts', '#lib/sync/ports'],
  ['lib/ops/probe.ts', '#lib/http/address-check'],
  ['lib/http/probe.ts', 'undici'],
  ['lib/sandbox/erp/probe.ts', '../json.ts'],
  ['lib/sandbox/probe.ts', '#lib/sync/records'],
  ['lib/access/probe.ts', '#lib/store/users'],
  ['lib/ops/probe.ts', '@prisma/adapter-pg'],
  ['lib/console.ts', '#lib/ajera/erp'],
  ['lib/worker.ts', '#lib/engine/advance'],
  ['lib/cli/probe.ts', '#lib/sandbox/sandbox'],
  ['app/(console)/sync/probe.tsx', '#lib/engine/start'],
  ['app/(console)/sync/probe.tsx', '../../_ui/card.tsx'],
  ['app/(console)/sync/probe.tsx', '#lib/store/views-runs'],
  ['app/_ui/probe.tsx', './button.tsx'],
  ['instrumentation.ts', '#lib/worker'],
]

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.unknown() }) })),
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosswalk-direction-'))
  const text = await readFile(new URL('../../biome.json', import.meta.url), 'utf8')
  const { $schema: _, ...configuration } = z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  await writeFile(join(folder, 'biome.json'), JSON.stringify({ ...configuration, vcs: { enabled: false } }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The edges of this table that the repository's own linter configuration refuses. */
async function refused(edges: [string, string][]): Promise<string[]> {
  const found: string[] = []
  // A file can hold one edge only, and some edges share a file: as many rounds as the busiest file has edges.
  for (let rest = edges; rest.length > 0; ) {
    const round = new Map(rest.map(([file, target]) => [file, target]))
    for (const [file, target] of round) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), `import { thing } from '${target}'\n\nconsole.log(thing)\n`)
    }
    const broken = await lintedPaths([...round.keys()])
    found.push(...[...round].filter(([file]) => broken.has(file)).map((edge) => edge.join(' → ')))
    rest = rest.filter(([file, target]) => round.get(file) !== target)
  }
  return found.sort()
}

async function lintedPaths(files: string[]): Promise<Set<string>> {
  const biome = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', ...files]
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, [biome, ...args], { cwd: folder }, (_error, stdout) => resolve(stdout))
  })
  const { diagnostics } = report.parse(JSON.parse(text))
  const broken = diagnostics.filter(({ category }) => category === 'lint/style/noRestrictedImports')
  const paths = broken.map(({ location: { path } }) => (typeof path === 'string' ? path : JSON.stringify(path)))
  return new Set(files.filter((file) => paths.some((path) => path.includes(file))))
}

test('every forbidden import fails the linter', async () => {
  expect(await refused(FORBIDDEN)).toEqual(FORBIDDEN.map((edge) => edge.join(' → ')).sort())
})

test('no allowed import does', async () => {
  expect(await refused(ALLOWED)).toEqual([])
})
