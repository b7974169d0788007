import { randomUUIDv7 } from 'node:crypto'
import type { Prisma } from '#generated/client'
import type { ConflictPolicy } from '#lib/sync/merge'
import { type Database, database } from './database.ts'

/** A connection is one pair of systems with its settings (sync-rules §1). */

export const CREDENTIAL_FIELDS = [
  'erpUrl',
  'erpUsername',
  'erpPassword',
  'crmUrl',
  'crmDatabase',
  'crmClientId',
  'crmClientSecret',
  'crmUsername',
  'crmPassword',
] as const
export type CredentialField = (typeof CREDENTIAL_FIELDS)[number]

export interface SealedCredential {
  /** The envelope of `lib/ops/secrets`; opened only where the call is made. */
  readonly sealed: string
  /** Last two characters, for people to recognise it by. */
  readonly endsIn: string
  readonly setAt: string
  readonly setBy: string
}
export type SealedCredentials = Readonly<Record<CredentialField, SealedCredential>>

export interface ConnectionSettings {
  readonly batchSize: number
  readonly noMatchPolicy: 'leave' | 'create'
  readonly conflictPolicy: 'erp_wins' | 'crm_wins' | 'newest_wins' | 'ask'
  readonly projectTotals: 'each_run' | 'nightly' | 'never'
  /** Requests a second; `null`: unlimited. */
  readonly erpRate: number | null
  readonly crmRate: number | null
  readonly erpConcurrency: number
  readonly crmConcurrency: number
  readonly graceSeconds: number
  readonly externalKeyField: string
  readonly defaultTemplate: string | null
  readonly autoNumbering: 'detect' | 'on' | 'off'
  /** Every Nth run reads everything (sync-rules §3.2). */
  readonly fullReadEvery: number
  /** A plan is approved by somebody else than the person who made it. */
  readonly secondApprover: boolean
  /** Calls a day that each API allows, for the budget meter; `null`: not limited. */
  readonly erpDailyCalls: number | null
  readonly crmDailyCalls: number | null
}

export const DEFAULT_SETTINGS: ConnectionSettings = {
  batchSize: 500,
  noMatchPolicy: 'leave',
  conflictPolicy: 'erp_wins',
  projectTotals: 'each_run',
  erpRate: 9,
  crmRate: null,
  erpConcurrency: 4,
  crmConcurrency: 4,
  graceSeconds: 120,
  externalKeyField: 'CustAjeraKey',
  defaultTemplate: null,
  autoNumbering: 'detect',
  fullReadEvery: 24,
  secondApprover: false,
  erpDailyCalls: null,
  crmDailyCalls: null,
}

const POLICIES = {
  erp_wins: 'erp-wins',
  crm_wins: 'crm-wins',
  newest_wins: 'newest-wins',
  ask: 'ask',
} as const satisfies Record<ConnectionSettings['conflictPolicy'], ConflictPolicy>

/** The conflict policy of a connection as the rules call it. */
export function conflictPolicyOf(settings: ConnectionSettings): ConflictPolicy {
  return POLICIES[settings.conflictPolicy]
}

export interface ConnectionView {
  readonly id: string
  readonly name: string
  readonly origin: 'sandbox' | 'environment' | 'screen'
  readonly fingerprint: string
  readonly isCurrent: boolean
  readonly erpName: string
  readonly crmName: string
  readonly credentialHints: Partial<Record<CredentialField, { endsIn: string; setAt: string; setBy: string }>>
  readonly settings: ConnectionSettings
  /** Longest time seen until the CRM listed a record that it had just created; `null`: not measured yet. */
  readonly listLagMilliseconds: number | null
}

export async function currentConnection(): Promise<ConnectionView | null> {
  const row = await database().connection.findFirst({ where: { isCurrent: true } })
  return row ? toView(row) : null
}

export async function findConnection(id: string): Promise<ConnectionView | null> {
  const row = await database().connection.findUnique({ where: { id } })
  return row ? toView(row) : null
}

export async function listConnections(): Promise<ConnectionView[]> {
  return (await database().connection.findMany({ orderBy: { createdAt: 'asc' } })).map(toView)
}

export async function findConnectionBatchSize(id: string): Promise<number> {
  const row = await database().connection.findUniqueOrThrow({ where: { id }, select: { batchSize: true } })
  return row.batchSize
}

/** The sealed credentials, for the composition root that opens them. Empty for a connection of the environment. */
export async function findSealedCredentials(id: string): Promise<Partial<SealedCredentials>> {
  const row = await database().connection.findUniqueOrThrow({ where: { id }, select: { credentials: true } })
  return row.credentials as unknown as Partial<SealedCredentials>
}

export interface SavedConnection {
  readonly name: string
  readonly origin: ConnectionView['origin']
  /** Names the two databases, not their addresses: the same pair keeps its mappings when a host is renamed. */
  readonly fingerprint: string
  readonly credentials: Partial<SealedCredentials>
  readonly settings: Partial<ConnectionSettings>
}

/** Saves a pair of systems under its fingerprint and makes it the current one. Answers its id. */
export async function saveConnection(input: SavedConnection): Promise<string> {
  return database().$transaction(async (tx) => {
    const known = await tx.connection.findUnique({ where: { fingerprint: input.fingerprint }, select: { id: true } })
    const content = {
      name: input.name,
      origin: input.origin,
      credentials: input.credentials as unknown as Prisma.InputJsonValue,
      ...input.settings,
    }
    const id = known?.id ?? randomUUIDv7()
    await tx.connection.updateMany({ where: { isCurrent: true, id: { not: id } }, data: { isCurrent: false } })
    await tx.connection.upsert({
      where: { fingerprint: input.fingerprint },
      create: { id, fingerprint: input.fingerprint, isCurrent: true, ...content },
      update: { isCurrent: true, ...content },
    })
    return id
  })
}

/** Keeps the longest time that the CRM took to list a record which it had just created. */
export async function noteListLag(id: string, milliseconds: number): Promise<void> {
  await database().$executeRaw`
    UPDATE connection SET list_lag_milliseconds = greatest(list_lag_milliseconds, ${milliseconds}) WHERE id = ${id}::uuid`
}

export async function updateConnectionSettings(id: string, settings: Partial<ConnectionSettings>): Promise<void> {
  await database().connection.update({ where: { id }, data: settings })
}

/** Makes a saved connection the one that screens and runs work with. False when it does not exist. */
export async function selectConnection(id: string): Promise<boolean> {
  return database().$transaction(async (tx) => {
    if (!(await exists(tx, id))) return false
    await tx.connection.updateMany({ where: { isCurrent: true }, data: { isCurrent: false } })
    await tx.connection.update({ where: { id }, data: { isCurrent: true } })
    return true
  })
}

async function exists(tx: Database, id: string): Promise<boolean> {
  return (await tx.connection.findUnique({ where: { id }, select: { id: true } })) !== null
}

function toView(row: Prisma.ConnectionGetPayload<object>): ConnectionView {
  const credentials = row.credentials as unknown as Partial<SealedCredentials>
  return {
    id: row.id,
    name: row.name,
    origin: row.origin,
    fingerprint: row.fingerprint,
    isCurrent: row.isCurrent,
    erpName: row.erpName,
    crmName: row.crmName,
    listLagMilliseconds: row.listLagMilliseconds,
    credentialHints: Object.fromEntries(
      Object.entries(credentials).map(([field, { endsIn, setAt, setBy }]) => [field, { endsIn, setAt, setBy }]),
    ),
    settings: {
      batchSize: row.batchSize,
      noMatchPolicy: row.noMatchPolicy,
      conflictPolicy: row.conflictPolicy,
      projectTotals: row.projectTotals,
      erpRate: row.erpRate?.toNumber() ?? null,
      crmRate: row.crmRate?.toNumber() ?? null,
      erpConcurrency: row.erpConcurrency,
      crmConcurrency: row.crmConcurrency,
      graceSeconds: row.graceSeconds,
      externalKeyField: row.externalKeyField,
      defaultTemplate: row.defaultTemplate,
      autoNumbering: row.autoNumbering,
      fullReadEvery: row.fullReadEvery,
      secondApprover: row.secondApprover,
      erpDailyCalls: row.erpDailyCalls,
      crmDailyCalls: row.crmDailyCalls,
    },
  }
}
