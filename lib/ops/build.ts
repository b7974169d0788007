import { createHash, type Hash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Child, ChildOptions } from './child.ts'
import { errorCode, OperatorProblem } from './operator-problem.ts'

/** Starts a program of this installation and remembers to end it; given by the supervisor. */
export type Run = (
  options: Pick<ChildOptions, 'name' | 'args' | 'output'> & { env?: Record<string, string> },
) => Promise<Child>

const SOURCES = ['app', 'lib', 'prisma/schema.prisma', 'public', 'instrumentation.ts', 'proxy.ts']
const CONFIGURATION = ['next.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json']

/** Generates the Prisma client when schema.prisma or Prisma's version changed; says whether it had to. */
export async function generateIfChanged(root: string, run: Run, log: string): Promise<boolean> {
  const stamp = join(root, 'prisma', 'generated', '.made-from')
  const wanted = await hashOf(root, ['prisma/schema.prisma', 'prisma/prisma.config.ts', 'package-lock.json'])
  if ((await readStamp(stamp)) === wanted) return false
  const args = [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--config', 'prisma/prisma.config.ts']
  const child = await run({ name: 'prisma generate', args, output: { file: log }, env: { CHECKPOINT_DISABLE: '1' } })
  await requireSuccess(child, 'The database client could not be generated', log)
  await writeFile(stamp, wanted)
  return true
}

/** Builds the web app when a source or a setting of the build changed; `announce` is called when it takes that long. */
export async function buildIfChanged(root: string, run: Run, log: string, announce: () => void): Promise<boolean> {
  const output = join(root, process.env.NEXT_DIST ?? '.next')
  const stamp = join(output, 'made-from')
  const wanted = await hashOf(root, [...SOURCES, ...CONFIGURATION])
  if ((await readStamp(stamp)) === wanted) return false
  announce()
  await rm(stamp, { force: true })
  const args = [join(root, 'node_modules/next/dist/bin/next'), 'build']
  const child = await run({ name: 'next build', args, output: { file: log } })
  await requireSuccess(child, 'The web app could not be built', log)
  await writeFile(stamp, wanted)
  return true
}

async function requireSuccess(child: Child, problem: string, log: string): Promise<void> {
  const ending = await child.ended
  if (ending.ok) return
  const reason = ending.lastLines.find((line) => /error/i.test(line)) ?? ending.lastLines.at(-1) ?? ending.how
  throw new OperatorProblem(`${problem}: ${reason}; see ${log}.`)
}

async function readStamp(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

async function hashOf(root: string, paths: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths) await addToHash(hash, root, path)
  return hash.digest('hex')
}

async function addToHash(hash: Hash, root: string, path: string): Promise<void> {
  try {
    const content = await readFile(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    if (errorCode(error) !== 'EISDIR') throw error
    const names = await readdir(join(root, path))
    for (const name of names.sort()) await addToHash(hash, root, `${path}/${name}`)
  }
}
