import { judgeClock } from '#lib/http/clock-difference'
import { type CallOptions, type CheckFinding, RemoteFailure } from '#lib/sync/ports'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS, SYSTEM, type VantagepointConfig } from './config.ts'
import type { HubSchema, Schemas } from './metadata.ts'
import { syncFlagField } from './wire.ts'

/** Fewer than in a run: somebody is looking at the screen. */
const RETRIES = 2

type Config = Pick<VantagepointConfig, 'fieldMap' | 'externalKeyField'>

function finding(check: CheckFinding['check'], level: CheckFinding['level'], message: string): CheckFinding {
  return { side: 'crm', check, level, message }
}

async function signInFindings(client: VantagepointClient, options: CallOptions): Promise<CheckFinding[]> {
  try {
    await client.signIn({ ...options, retries: RETRIES })
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    if (error.failureClass !== 'definite') {
      return [{ ...finding('reachable', 'error', error.message), reason: error.reason }]
    }
    return [finding('reachable', 'ok', `${SYSTEM} answers.`), finding('signed-in', 'error', error.message)]
  }
  return [finding('reachable', 'ok', `${SYSTEM} answers.`), finding('signed-in', 'ok', `Signed in to ${SYSTEM}.`)]
}

/** Reads one record of each hub. Writing cannot be tried without writing. */
async function permissionFindings(client: VantagepointClient, options: CallOptions): Promise<CheckFinding[]> {
  const refused: string[] = []
  const hubs = new Map(RECORD_TYPES.map((type) => [HUBS[type].path, HUBS[type]]))
  for (const { path, key, noun } of hubs.values()) {
    const query: [string, string][] = [
      ['fieldFilter', key],
      ['limit', '1'],
    ]
    try {
      await client.call({ method: 'GET', path: [path], query, noun, retries: RETRIES, signal: options.signal })
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error
      if (error.reason !== 'forbidden') {
        return [{ ...finding('permissions', 'error', error.message), reason: error.reason }]
      }
      refused.push(`${noun}s`)
    }
  }
  if (refused.length === 0) return [finding('permissions', 'ok', `The ${SYSTEM} user may read all four hubs.`)]
  const message = `The ${SYSTEM} user may not read ${refused.join(', ')}. Give its role access to these hubs.`
  return [finding('permissions', 'error', message)]
}

type Schemata = Readonly<Record<RecordType, HubSchema | null>>

function nounsWithout(schemata: Schemata, field: string, types: readonly RecordType[]): string[] {
  const nouns = types.filter((type) => schemata[type]?.has(field) === false).map((type) => `${HUBS[type].noun}s`)
  return [...new Set(nouns)]
}

function externalKeyFinding(schemata: Schemata, field: string): CheckFinding {
  if (RECORD_TYPES.every((type) => schemata[type] === null)) {
    const message = `${SYSTEM} does not show its metadata to this user, so it is not known whether the field ${field} exists.`
    return finding('external-key', 'warning', message)
  }
  const without = nounsWithout(schemata, field, RECORD_TYPES)
  if (without.length === 0) return finding('external-key', 'ok', `The field ${field} is there to hold the ERP key.`)
  const message = `${SYSTEM} has no field ${field} for ${without.join(', ')}. Records are looked up by number and name instead; add it as a character field to make sure that nothing is ever created twice.`
  return finding('external-key', 'warning', message)
}

function customFieldFindings(schemata: Schemata, { fieldMap }: Config): CheckFinding[] {
  const flag = syncFlagField(fieldMap)
  const withoutFlag = nounsWithout(schemata, flag, ['project', 'client'])
  const totals = fieldMap.project.filter(({ role }) => role === 'total').map(({ crm }) => crm)
  const missing = totals.filter((field) => schemata.project?.has(field) === false)
  const findings: CheckFinding[] = []
  if (withoutFlag.length > 0) {
    const message = `${SYSTEM} has no field ${flag} for ${withoutFlag.join(', ')}, so records cannot be marked for the sync there.`
    findings.push(finding('custom-fields', 'warning', message))
  }
  if (missing.length > 0) {
    const message = `${SYSTEM} lacks ${missing.length} of the ${totals.length} columns for project totals (${missing.join(', ')}); these totals are not sent.`
    findings.push(finding('custom-fields', 'warning', message))
  }
  if (findings.length > 0) return findings
  return [finding('custom-fields', 'ok', 'The custom fields of the sync are there.')]
}

function clockFinding(seconds: number | null): CheckFinding {
  const { agrees, message } = judgeClock(SYSTEM, seconds)
  return finding('clock', agrees ? 'ok' : 'warning', message)
}

async function readSchemata(schemas: Schemas, options: CallOptions): Promise<Schemata> {
  schemas.forget()
  const [employee, client, vendor, contact, project] = await Promise.all([
    schemas.of('employee', options),
    schemas.of('client', options),
    schemas.of('vendor', options),
    schemas.of('contact', options),
    schemas.of('project', options),
  ])
  return { employee, client, vendor, contact, project }
}

/** The check list for Vantagepoint: reachable, signed in, permissions, custom fields, clock. It stops at the first wall. */
export async function checkVantagepoint(
  client: VantagepointClient,
  config: Config,
  schemas: Schemas,
  options: CallOptions,
): Promise<CheckFinding[]> {
  const findings = await signInFindings(client, options)
  if (findings.some(({ level }) => level === 'error')) return findings
  findings.push(...(await permissionFindings(client, options)))
  // It does not answer, or asks for a pause: whoever looks at the screen need not wait for that too.
  if (findings.some(({ reason }) => reason !== undefined)) return findings
  try {
    const schemata = await readSchemata(schemas, options)
    findings.push(externalKeyFinding(schemata, config.externalKeyField), ...customFieldFindings(schemata, config))
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    findings.push(finding('custom-fields', 'error', error.message))
  }
  return [...findings, clockFinding(client.clockDifference())]
}
