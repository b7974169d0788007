import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths } from '../../lib/ops/data-dir.ts'
import { type Environment, readEnvironment } from '../../lib/ops/env.ts'
import { installationSecrets } from '../../lib/ops/installation-secrets.ts'

let paths: DataPaths
beforeEach(async () => {
  paths = dataPaths('data', await mkdtemp(join(tmpdir(), 'crosswalk-secrets-')))
})
afterEach(() => rm(join(paths.directory, '..'), { recursive: true, force: true }))

function environment(env: Record<string, string>): Environment {
  const read = readEnvironment(env)
  if (!read.ok) throw new Error(read.problem)
  return read.environment
}

test('keys made at the first start are kept, for their owner alone', async () => {
  const first = await installationSecrets(paths, environment({}))
  expect(Buffer.from(first.encryptionKey, 'base64')).toHaveLength(32)
  expect(await installationSecrets(paths, environment({}))).toEqual(first)
  expect((await stat(paths.secrets)).mode & 0o777).toBe(0o600)
})

test('processes that start at the same moment agree on the keys', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => installationSecrets(paths, environment({}))))
  expect(new Set(all.map((keys) => JSON.stringify(keys))).size).toBe(1)
})

test('a key of the environment goes before the kept one, and is not kept', async () => {
  const kept = await installationSecrets(paths, environment({}))
  const encryptionKey = Buffer.alloc(32, 1).toString('base64')
  const given = await installationSecrets(paths, environment({ CROSSWALK_ENCRYPTION_KEY: encryptionKey }))
  expect(given).toEqual({ ...kept, encryptionKey })
  expect(await installationSecrets(paths, environment({}))).toEqual(kept)
})

test('a damaged file is not silently replaced: credentials may be sealed with what was in it', async () => {
  await installationSecrets(paths, environment({}))
  await writeFile(paths.secrets, '{"nextauth')
  await expect(installationSecrets(paths, environment({}))).rejects.toThrow(/secrets\.json is damaged/)
})
