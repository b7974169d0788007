import { database } from './database.ts'

/** Calls made to the two APIs of a connection on one day, in UTC. */
export interface ApiUsage {
  readonly erp: number
  readonly crm: number
}

/** Counts calls on the present day, by the database's clock. */
export async function addApiUsage(connectionId: string, calls: ApiUsage): Promise<void> {
  if (calls.erp === 0 && calls.crm === 0) return
  await database().$executeRaw`
    INSERT INTO api_usage (connection_id, side, day, calls)
    SELECT ${connectionId}::uuid, side::side, (now() AT TIME ZONE 'UTC')::date, calls
      FROM unnest(ARRAY['erp', 'crm'], ${[calls.erp, calls.crm]}::int[]) AS made(side, calls)
     WHERE calls > 0
    ON CONFLICT (connection_id, side, day) DO UPDATE SET calls = api_usage.calls + EXCLUDED.calls`
}

export async function apiUsageToday(connectionId: string): Promise<ApiUsage> {
  const rows = await database().$queryRaw<{ side: 'erp' | 'crm'; calls: number }[]>`
    SELECT side, calls FROM api_usage
     WHERE connection_id = ${connectionId}::uuid AND day = (now() AT TIME ZONE 'UTC')::date`
  const of = (side: 'erp' | 'crm') => rows.find((row) => row.side === side)?.calls ?? 0
  return { erp: of('erp'), crm: of('crm') }
}
