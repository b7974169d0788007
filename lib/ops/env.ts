import { z } from 'zod'

/** Both systems' access, given by environment for unattended set-ups (product §4); names as in `lib/store/connections`. */
export type EnvironmentConnection = {
  erpUrl: string
  erpUsername: string
  erpPassword: string
  crmUrl: string
  crmDatabase: string
  crmClientId: string
  crmClientSecret: string
  crmUsername: string
  crmPassword: string
}

/** How a connection given by environment is worked; rates in requests a second, null: unlimited. */
export type EnvironmentSettings = {
  batchSize: number
  crmConcurrency: number
  erpConcurrency: number
  erpRate: number | null
  crmRate: number | null
  graceSeconds: number
  projectTotals: 'each_run' | 'nightly' | 'never'
  externalKeyField: string
  defaultTemplate: string | null
}

/** The sandbox pair that `npm start` runs beside the app; what `crosswalk sandbox --json` prints when it is ready. */
export type SandboxAccess = z.infer<typeof sandboxAccess>

export type Environment = {
  /** null: the embedded PostgreSQL. */
  databaseUrl: string | null
  /** As given; relative to the installation's folder. */
  dataDirectory: string
  port: number
  nextauthUrl: string | null
  nextauthSecret: string | null
  /** Base64 of 32 bytes. */
  encryptionKey: string | null
  connection: EnvironmentConnection | null
  settings: EnvironmentSettings
  /** Names of the settings that are really set; the others are defaults. */
  settingsGiven: (keyof EnvironmentSettings)[]
  /** Hosts, with port or without, that a connection entered on the screen may name besides public https ones. */
  allowedHosts: string[]
  sandbox: SandboxAccess | null
}

export type EnvironmentRead = { ok: true; environment: Environment } | { ok: false; problem: string }

const text = z.string()
const sandboxAccess = z.object({
  erpUrl: text,
  crmUrl: text,
  controlUrl: text,
  credentials: z.object({
    ajera: z.object({ url: text, username: text, password: text }),
    vantagepoint: z.object({
      url: text,
      database: text,
      clientId: text,
      clientSecret: text,
      username: text,
      password: text,
    }),
  }),
})

const CONNECTION = {
  erpUrl: 'AJERA_API_URL',
  erpUsername: 'AJERA_USERNAME',
  erpPassword: 'AJERA_PASSWORD',
  crmUrl: 'VANTAGEPOINT_API_URL',
  crmDatabase: 'VANTAGEPOINT_DATABASE',
  crmClientId: 'VANTAGEPOINT_CLIENT_ID',
  crmClientSecret: 'VANTAGEPOINT_CLIENT_SECRET',
  crmUsername: 'VANTAGEPOINT_USERNAME',
  crmPassword: 'VANTAGEPOINT_PASSWORD',
} as const satisfies Record<keyof EnvironmentConnection, string>

const SETTINGS = {
  batchSize: 'CROSSWALK_BATCH_SIZE',
  crmConcurrency: 'CROSSWALK_CRM_CONCURRENCY',
  erpConcurrency: 'CROSSWALK_ERP_CONCURRENCY',
  erpRate: 'CROSSWALK_ERP_RATE',
  crmRate: 'CROSSWALK_CRM_RATE',
  graceSeconds: 'CROSSWALK_GRACE_SECONDS',
  projectTotals: 'CROSSWALK_PROJECT_TOTALS',
  externalKeyField: 'CROSSWALK_EXTERNAL_KEY_FIELD',
  defaultTemplate: 'CROSSWALK_DEFAULT_TEMPLATE',
} as const satisfies Record<keyof EnvironmentSettings, string>

function whole(min: number, max: number, fallback: number) {
  const sentence = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, sentence)
    .transform(Number)
    .refine((value) => value >= min && value <= max, sentence)
    .default(fallback)
}

const rate = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,2})?$/, 'must be a number of requests a second, like 9 or 2.5')
  .transform(Number)
  .refine((value) => value > 0, 'must be more than 0; leave it out for the default')

function address(protocols: string[], sentence: string) {
  return z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), sentence)
}

const httpAddress = address(['http:', 'https:'], 'must be an address that starts with https:// (or http://)')

const TOTALS = { 'each-run': 'each_run', nightly: 'nightly', never: 'never' } as const
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/i

const variables = z.object({
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'must be a PostgreSQL address, like postgresql://user:password@host:5432/crosswalk; leave it out for the embedded database',
  ).optional(),
  NEXTAUTH_URL: httpAddress.optional(),
  NEXTAUTH_SECRET: text.min(32, 'must have at least 32 characters: openssl rand -base64 32 makes one').optional(),
  CROSSWALK_ENCRYPTION_KEY: text
    .refine(
      (value) => /^[A-Za-z0-9+/]{43}=$/.test(value),
      'must be 32 bytes in base64: openssl rand -base64 32 makes one',
    )
    .optional(),
  CROSSWALK_DATA_DIR: text.default('.crosswalk'),
  PORT: whole(1, 65_535, 3000),
  AJERA_API_URL: httpAddress.optional(),
  AJERA_USERNAME: text.optional(),
  AJERA_PASSWORD: text.optional(),
  VANTAGEPOINT_API_URL: httpAddress
    .transform((value) => value.replace(/\/+$/, ''))
    .refine((value) => value.endsWith('/api'), 'must go up to /api, like https://host/Vantagepoint/api')
    .optional(),
  VANTAGEPOINT_DATABASE: text.optional(),
  VANTAGEPOINT_CLIENT_ID: text.optional(),
  VANTAGEPOINT_CLIENT_SECRET: text.optional(),
  VANTAGEPOINT_USERNAME: text.optional(),
  VANTAGEPOINT_PASSWORD: text.optional(),
  CROSSWALK_BATCH_SIZE: whole(1, 10_000, 500),
  CROSSWALK_CRM_CONCURRENCY: whole(1, 16, 4),
  CROSSWALK_ERP_CONCURRENCY: whole(1, 16, 4),
  CROSSWALK_ERP_RATE: rate.default(9),
  CROSSWALK_CRM_RATE: rate.nullable().default(null),
  CROSSWALK_GRACE_SECONDS: whole(0, 3600, 120),
  CROSSWALK_PROJECT_TOTALS: z
    .enum(['each-run', 'nightly', 'never'], 'must be each-run, nightly or never')
    .default('each-run')
    .transform((value) => TOTALS[value]),
  CROSSWALK_EXTERNAL_KEY_FIELD: text
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, "must be a custom field's name, like CustAjeraKey")
    .default('CustAjeraKey'),
  CROSSWALK_DEFAULT_TEMPLATE: text.nullable().default(null),
  CROSSWALK_ALLOWED_HOSTS: text
    .transform((value) => value.split(/[\s,]+/).filter((host) => host !== ''))
    .refine(
      (hosts) => hosts.every((host) => HOST.test(host)),
      'must be host names, each whole and without *, with commas between them',
    )
    .default([]),
})

/** Every variable a person may set (product §4), in the order of the documents; `.env.example` lists the same. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(variables.shape)

/**
 * The validated environment (product §4). A variable that is empty counts as not set. What is wrong is told in one sentence
 * that names the variable; the caller prints it and ends with status 2.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentRead {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )
  const parsed = variables.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return { ok: false, problem: `${String(issue?.path[0])} ${issue?.message}.` }
  }
  const sandbox = readSandbox(given.CROSSWALK_SANDBOX)
  const connection = readConnection(parsed.data)
  if (!connection.ok) return connection
  const values = parsed.data
  return {
    ok: true,
    environment: {
      databaseUrl: values.DATABASE_URL ?? null,
      dataDirectory: values.CROSSWALK_DATA_DIR,
      port: values.PORT,
      nextauthUrl: values.NEXTAUTH_URL ?? null,
      nextauthSecret: values.NEXTAUTH_SECRET ?? null,
      encryptionKey: values.CROSSWALK_ENCRYPTION_KEY ?? null,
      connection: connection.connection,
      settings: readSettings(values),
      settingsGiven: settingNames.filter((name) => SETTINGS[name] in given),
      allowedHosts: values.CROSSWALK_ALLOWED_HOSTS,
      sandbox,
    },
  }
}

type Values = z.infer<typeof variables>
const settingNames = Object.keys(SETTINGS).filter((name): name is keyof EnvironmentSettings => name in SETTINGS)
const connectionNames = Object.keys(CONNECTION).filter(
  (name): name is keyof EnvironmentConnection => name in CONNECTION,
)

function readSettings(values: Values): EnvironmentSettings {
  return {
    batchSize: values[SETTINGS.batchSize],
    crmConcurrency: values[SETTINGS.crmConcurrency],
    erpConcurrency: values[SETTINGS.erpConcurrency],
    erpRate: values[SETTINGS.erpRate],
    crmRate: values[SETTINGS.crmRate],
    graceSeconds: values[SETTINGS.graceSeconds],
    projectTotals: values[SETTINGS.projectTotals],
    externalKeyField: values[SETTINGS.externalKeyField],
    defaultTemplate: values[SETTINGS.defaultTemplate],
  }
}

/** All nine, or none; a part of them names the first that is missing. */
function readConnection(
  values: Values,
): { ok: true; connection: EnvironmentConnection | null } | { ok: false; problem: string } {
  const missing = connectionNames.find((name) => values[CONNECTION[name]] === undefined)
  const present = connectionNames.find((name) => values[CONNECTION[name]] !== undefined)
  if (present === undefined) return { ok: true, connection: null }
  if (missing !== undefined) {
    const problem = `${CONNECTION[missing]} is missing: a connection given by environment needs all of ${Object.values(CONNECTION).join(', ')}.`
    return { ok: false, problem }
  }
  const of = (name: keyof EnvironmentConnection) => values[CONNECTION[name]] ?? ''
  const connection = {
    erpUrl: of('erpUrl'),
    erpUsername: of('erpUsername'),
    erpPassword: of('erpPassword'),
    crmUrl: of('crmUrl'),
    crmDatabase: of('crmDatabase'),
    crmClientId: of('crmClientId'),
    crmClientSecret: of('crmClientSecret'),
    crmUsername: of('crmUsername'),
    crmPassword: of('crmPassword'),
  }
  return { ok: true, connection }
}

/** Set by `npm start` alone; anything else in it is as good as nothing. */
function readSandbox(value: string | undefined): SandboxAccess | null {
  return value === undefined ? null : parseSandboxAccess(value)
}

/** The line `crosswalk sandbox --json` prints when the pair is ready; null for any other line. */
export function parseSandboxAccess(line: string): SandboxAccess | null {
  try {
    return sandboxAccess.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
