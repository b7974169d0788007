import { randomBytes } from 'node:crypto'
import { link, rm } from 'node:fs/promises'
import { z } from 'zod'
import { type DataPaths, ensureDataDirectory, readJson, writePrivateJson } from './data-dir.ts'
import type { Environment } from './env.ts'
import { errorCode } from './operator-problem.ts'

export type InstallationSecrets = { nextauthSecret: string; encryptionKey: string }

const kept = z.object({ nextauthSecret: z.string(), encryptionKey: z.string() })

/**
 * The keys of this installation: those of the environment, and for those that it does not give the ones made at the first
 * start and kept with the data, readable by their owner alone.
 */
export async function installationSecrets(paths: DataPaths, environment: Environment): Promise<InstallationSecrets> {
  const { nextauthSecret, encryptionKey } = environment
  if (nextauthSecret && encryptionKey) return { nextauthSecret, encryptionKey }
  const own = (await readJson(paths.secrets, kept)) ?? (await firstSecrets(paths))
  return { nextauthSecret: nextauthSecret ?? own.nextauthSecret, encryptionKey: encryptionKey ?? own.encryptionKey }
}

async function firstSecrets(paths: DataPaths): Promise<InstallationSecrets> {
  await ensureDataDirectory(paths.directory)
  const made = { nextauthSecret: randomBytes(32).toString('base64'), encryptionKey: randomBytes(32).toString('base64') }
  const draft = `${paths.secrets}.first-${process.pid}`
  await writePrivateJson(draft, made)
  try {
    // Only one process can be first: whoever comes second takes what the first one made.
    await link(draft, paths.secrets)
    return made
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return (await readJson(paths.secrets, kept)) ?? made
  } finally {
    await rm(draft, { force: true })
  }
}
