import { judgeClock } from '#lib/http/clock-difference'
import { type CallOptions, type CheckFinding, RemoteFailure } from '#lib/sync/ports'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { AjeraClient } from './client.ts'
import { METHODS, SYSTEM } from './config.ts'
import { TEMPLATE_METHODS } from './templates.ts'
import { wireRow } from './wire.ts'

/** Fewer than in a run: somebody is looking at the screen. */
const RETRIES = 2

function finding(check: CheckFinding['check'], level: CheckFinding['level'], message: string): CheckFinding {
  return { side: 'erp', check, level, message }
}

async function signInFindings(client: AjeraClient, options: CallOptions): Promise<CheckFinding[]> {
  try {
    await client.signIn(1, { ...options, retries: RETRIES })
    await client.signIn(2, { ...options, retries: RETRIES })
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    if (error.failureClass !== 'definite') {
      return [{ ...finding('reachable', 'error', error.message), reason: error.reason }]
    }
    return [finding('reachable', 'ok', `${SYSTEM} answers.`), finding('signed-in', 'error', error.message)]
  }
  return [
    finding('reachable', 'ok', `${SYSTEM} answers.`),
    finding('signed-in', 'ok', `Signed in to ${SYSTEM} with both versions of its API.`),
  ]
}

/** `missing`: the method, where the user may not use it. */
type Probe = { readonly missing: string | null; readonly content: unknown }

async function probe(
  client: AjeraClient,
  version: 1 | 2,
  method: string,
  args: Record<string, unknown>,
  options: CallOptions,
): Promise<Probe> {
  try {
    const page = method.startsWith('List') ? { number: 1, size: 1 } : undefined
    const { content } = await client.call({ version, method, args, page, retries: RETRIES, signal: options.signal })
    return { missing: null, content }
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    if (error.reason === 'forbidden') return { missing: method, content: null }
    // The method answered, if only to say that it does not know this key.
    if (error.failureClass === 'definite') return { missing: null, content: null }
    throw error
  }
}

function firstKey(content: unknown, rows: string, key: string): number | null {
  const list = wireRow.safeParse(content).data?.[rows]
  const value = Array.isArray(list) ? wireRow.safeParse(list[0]).data?.[key] : undefined
  return typeof value === 'number' ? value : null
}

/** Methods that a sync can do without, and what it does without them. */
const OPTIONAL: readonly { readonly methods: readonly string[]; readonly without: string }[] = [
  {
    methods: ['GetProjectTotals'],
    without: 'project totals cannot be sent. Tick it, or set project totals to never.',
  },
  { methods: ['ListVendors', 'GetVendors'], without: 'consultants cannot be synced. Tick them if you want that.' },
  {
    methods: ['ListProjectTemplates', 'GetProjectTemplates'],
    without: `new projects of the CRM cannot be created in ${SYSTEM}. Tick them if you want that.`,
  },
]

/** List and Get of one kind of record, the Get with the first key of the list. */
async function probePair(
  client: AjeraClient,
  { version, list, get, requested, rows, key }: ProbedKind,
  options: CallOptions,
): Promise<{ probes: Probe[]; one: number }> {
  const listed = await probe(client, version, list, {}, options)
  const one = firstKey(listed.content, rows, key) ?? 1
  return { probes: [listed, await probe(client, version, get, { [requested]: [one] }, options)], one }
}

type ProbedKind = Pick<(typeof METHODS)[RecordType], 'version' | 'list' | 'get' | 'requested' | 'rows' | 'key'>

/**
 * Tries every method a sync reads with, each on one record; writing cannot be tried without writing. Throws
 * {@link RemoteFailure} at the first that does not answer at all: the others would keep a person waiting as long.
 */
async function probeAll(client: AjeraClient, options: CallOptions): Promise<Probe[]> {
  const all: Probe[] = []
  for (const type of RECORD_TYPES) {
    const { probes, one } = await probePair(client, METHODS[type], options)
    all.push(...probes)
    if (type !== 'project') continue
    all.push(await probe(client, 1, 'GetProjectTotals', { RequestedProjectTotals: one }, options))
  }
  return [...all, ...(await probePair(client, TEMPLATE_METHODS, options)).probes]
}

async function permissionFindings(client: AjeraClient, options: CallOptions): Promise<CheckFinding[]> {
  const missing = (await probeAll(client, options)).flatMap((each) => each.missing ?? [])
  const optional = OPTIONAL.flatMap(({ methods }) => methods)
  const needed = missing.filter((method) => !optional.includes(method))
  const findings: CheckFinding[] = []
  if (needed.length > 0) {
    const message = `The ${SYSTEM} API user may not use ${needed.join(', ')}. Tick them for the API user under Setup Integrations.`
    findings.push(finding('permissions', 'error', message))
  }
  for (const { methods, without } of OPTIONAL) {
    const lacking = methods.filter((method) => missing.includes(method))
    if (lacking.length === 0) continue
    const message = `The ${SYSTEM} API user may not use ${lacking.join(', ')}, so ${without}`
    findings.push(finding('permissions', 'warning', message))
  }
  if (findings.length > 0) return findings
  return [finding('permissions', 'ok', `The ${SYSTEM} API user may read everything a sync needs.`)]
}

function clockFinding(seconds: number | null): CheckFinding {
  const { agrees, message } = judgeClock(SYSTEM, seconds)
  return finding('clock', agrees ? 'ok' : 'warning', message)
}

/** The check list for Ajera: reachable, signed in, permissions, clock. It stops at the first wall. */
export async function checkAjera(client: AjeraClient, options: CallOptions): Promise<CheckFinding[]> {
  const findings = await signInFindings(client, options)
  if (findings.some(({ level }) => level === 'error')) return findings
  try {
    findings.push(...(await permissionFindings(client, options)))
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    findings.push({ ...finding('permissions', 'error', error.message), reason: error.reason })
  }
  return [...findings, clockFinding(client.clockDifference())]
}
