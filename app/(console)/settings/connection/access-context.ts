import { readEnvironment } from '#lib/ops/env'
import { type ConnectionSettings, currentConnection, DEFAULT_SETTINGS } from '#lib/store/connections'
import type { AccessContext } from './schema.ts'

/** What the access form is checked against, or `null` when the connection is given by environment variables. */
export async function accessContext(): Promise<AccessContext | null> {
  const connection = await currentConnection()
  if (connection?.origin === 'environment') return null
  const read = readEnvironment(process.env)
  return {
    hasSaved: connection?.origin === 'screen',
    allowedHosts: read.ok ? read.environment.allowedHosts : [],
  }
}

/** A pair entered over the present one keeps its settings; after the sandbox, whose rates suit no real system, the defaults. */
export async function newConnectionSettings(): Promise<ConnectionSettings> {
  const connection = await currentConnection()
  return connection?.origin === 'screen' ? connection.settings : DEFAULT_SETTINGS
}
