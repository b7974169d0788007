import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIfChanged } from './build.ts'
import { startChild } from './child.ts'
import { errorLine, OperatorProblem } from './operator-problem.ts'
import { installationRoot as root } from './root.ts'

/** Runs a program of node_modules on this terminal and answers its exit status; a signal counts as a failure. */
export function runProgram(script: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('close', (status) => resolve(status ?? 1))
  })
}

/** The Prisma client, which types and tests need; made only when the schema changed. */
export async function ensureClient(): Promise<void> {
  const folder = join(tmpdir(), `crosswalk-generate-${process.getuid?.() ?? 0}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const run = async (options: Parameters<Parameters<typeof generateIfChanged>[1]>[0]) =>
    startChild({ ...options, cwd: root, env: { ...process.env, ...options.env } })
  await generateIfChanged(root, run, join(folder, 'generate.log'))
}

/** Ends this process with what `work` answers, or with the sentence of what went wrong. */
export async function exitWith(work: () => Promise<number>): Promise<never> {
  try {
    process.exit(await work())
  } catch (error) {
    console.error(errorLine(error))
    process.exit(error instanceof OperatorProblem ? error.exitStatus : 1)
  }
}
