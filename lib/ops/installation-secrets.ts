import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type DataPaths, ensureDataDirectory, firstPrivateJson, readJson } from './data-dir.ts'
import type { Environment } from './env.ts'

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
  const key = () => randomBytes(32).toString('base64')
  return firstPrivateJson(paths.secrets, kept, { nextauthSecret: key(), encryptionKey: key() })
}
