#!/usr/bin/env node
// `npx crosswalk`, on whatever Node (20 or newer) a machine has: goes on with the Node that the repository pins.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const main = join(root, 'lib', 'cli', 'main.ts')
const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const pinnedVersion = readFileSync(join(root, '.nvmrc'), 'utf8').trim()

if (process.version === `v${pinnedVersion}`) {
  await import(main)
} else if (existsSync(pinnedNode)) {
  const child = spawn(pinnedNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // From a terminal the command has heard it already; it listens to the first one alone.
    process.on(signal, () => child.kill(signal))
  }
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1)
  })
} else {
  console.error(`The packages are not installed: run npm ci in ${root}, or npm start.`)
  process.exitCode = 1
}
