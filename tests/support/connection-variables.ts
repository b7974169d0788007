import type { Sandbox } from '#lib/sandbox/sandbox'

export type CliEnvironment = Readonly<Record<string, string>>

/** A sandbox pair as an operator gives a connection by environment (product §4). */
export function connectionVariables({ credentials }: Pick<Sandbox, 'credentials'>): CliEnvironment {
  const { ajera, vantagepoint } = credentials
  return {
    AJERA_API_URL: ajera.url,
    AJERA_USERNAME: ajera.username,
    AJERA_PASSWORD: ajera.password,
    VANTAGEPOINT_API_URL: vantagepoint.url,
    VANTAGEPOINT_DATABASE: vantagepoint.database,
    VANTAGEPOINT_CLIENT_ID: vantagepoint.clientId,
    VANTAGEPOINT_CLIENT_SECRET: vantagepoint.clientSecret,
    VANTAGEPOINT_USERNAME: vantagepoint.username,
    VANTAGEPOINT_PASSWORD: vantagepoint.password,
  }
}
