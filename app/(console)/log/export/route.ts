import { audit } from '#lib/access/audit'
import { routeUser } from '#lib/access/session'
import { currentConnection } from '#lib/store/connections'
import { LOG_EXPORT_COLUMNS, listLogForExport } from '#lib/store/views-log'
import { oneValue, toParams } from '../../address.ts'
import { exportFormatSchema, exportRefusal, exportResponse } from '../../export-response.ts'
import { readLogSearch } from '../search-params.ts'

/** The lines that the same parameters show on the page, as CSV or JSON. A filter that cannot be used is refused here. */
export async function GET(request: Request): Promise<Response> {
  const access = await routeUser(request, 'export')
  if (!access.ok) return access.response
  const params = toParams(new URL(request.url).searchParams)
  const format = exportFormatSchema.safeParse(oneValue(params, 'format'))
  if (!format.success) return exportRefusal('Say which format to export: format=csv or format=json.')
  const { filter, ignored } = readLogSearch(params, new Date())
  if (ignored.length > 0) return exportRefusal(`This filter cannot be used: ${ignored.join(', ')}.`)
  const connection = await currentConnection()
  if (connection === null) return exportRefusal('No connection is set up yet, so there is no log to export.')
  await audit({
    actor: access.user.email,
    action: 'log.export',
    subject: connection.id,
    details: { format: format.data, filter },
  })
  return exportResponse(listLogForExport(connection.id, filter), {
    format: format.data,
    name: 'integration-log',
    columns: LOG_EXPORT_COLUMNS,
  })
}
