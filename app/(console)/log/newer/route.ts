import { routeUser } from '#lib/access/session'
import { currentConnection } from '#lib/store/connections'
import { countNewerLines } from '#lib/store/views-log'
import { findOpenRunView } from '#lib/store/views-runs'
import { oneValue, toParams } from '../../address.ts'
import { countText } from '../../count-text.ts'
import { readLogSearch } from '../search-params.ts'

/** How many lines have come after the one at `since`: asked every few seconds by an open log, so two index look-ups. */
export async function GET(request: Request): Promise<Response> {
  const access = await routeUser(request, 'read')
  if (!access.ok) return access.response
  const params = toParams(new URL(request.url).searchParams)
  const { filter } = readLogSearch(params, new Date())
  const connection = await currentConnection()
  const since = oneValue(params, 'since')
  if (connection === null || since === null) return answer('0', false)
  const [newer, run] = await Promise.all([
    countNewerLines(connection.id, filter, since),
    findOpenRunView(connection.id),
  ])
  return answer(countText(newer), run !== null)
}

function answer(newer: string, isRunOpen: boolean): Response {
  return Response.json({ newer, isRunOpen }, { headers: { 'cache-control': 'no-store' } })
}
