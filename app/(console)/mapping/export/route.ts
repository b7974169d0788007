import { audit } from '#lib/access/audit'
import { routeUser } from '#lib/access/session'
import { currentConnection } from '#lib/store/connections'
import { listMappingsForExport, MAPPING_EXPORT_COLUMNS } from '#lib/store/views-mapping'
import { oneValue, toParams } from '../../address.ts'
import { exportFormatSchema, exportRefusal, exportResponse } from '../../export-response.ts'
import { readMappingSearch } from '../search-params.ts'

/** The rows that the same parameters show on the page, as CSV or JSON; without a type, those of every type. */
export async function GET(request: Request): Promise<Response> {
  const access = await routeUser(request, 'export')
  if (!access.ok) return access.response
  const params = toParams(new URL(request.url).searchParams)
  const format = exportFormatSchema.safeParse(oneValue(params, 'format'))
  if (!format.success) return exportRefusal('Say which format to export: format=csv or format=json.')
  const { filter, ignored } = readMappingSearch(params)
  if (ignored.length > 0) return exportRefusal(`This filter cannot be used: ${ignored.join(', ')}.`)
  const connection = await currentConnection()
  if (connection === null) return exportRefusal('No connection is set up yet, so there is no mapping table to export.')
  const wanted = { ...filter, type: oneValue(params, 'type') === null ? null : filter.type }
  await audit({
    actor: access.user.email,
    action: 'mapping.export',
    subject: connection.id,
    details: { format: format.data, filter: wanted },
  })
  return exportResponse(listMappingsForExport(connection.id, wanted), {
    format: format.data,
    name: wanted.type === null ? 'crm-mapping' : `crm-mapping-${wanted.type}`,
    columns: MAPPING_EXPORT_COLUMNS,
  })
}
