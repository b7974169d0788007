import { z } from 'zod'
import { audit } from '#lib/access/audit'
import { routeUser } from '#lib/access/session'
import { findPlan } from '#lib/store/plans'
import { listPlanForExport, PLAN_EXPORT_COLUMNS } from '#lib/store/views-plan'
import { oneValue, toParams } from '../../../../address.ts'
import { exportFormatSchema, exportRefusal, exportResponse } from '../../../../export-response.ts'
import { readPlanSearch } from '../search-params.ts'

/** The items that the same parameters show on the page, a line for each field, as CSV or JSON. */
export async function GET(request: Request, context: { params: Promise<{ plan: string }> }): Promise<Response> {
  const access = await routeUser(request, 'export')
  if (!access.ok) return access.response
  const id = z.uuid().safeParse((await context.params).plan)
  const plan = id.success ? await findPlan(id.data) : null
  if (!plan) return exportRefusal('This plan does not exist.')
  const params = toParams(new URL(request.url).searchParams)
  const format = exportFormatSchema.safeParse(oneValue(params, 'format'))
  if (!format.success) return exportRefusal('Say which format to export: format=csv or format=json.')
  const { filter, ignored } = readPlanSearch(params)
  if (ignored.length > 0) return exportRefusal(`This filter cannot be used: ${ignored.join(', ')}.`)
  const details = { format: format.data, filter }
  await audit({ actor: access.user.email, action: 'plan.export', subject: plan.id, details })
  return exportResponse(listPlanForExport(plan, filter), {
    format: format.data,
    name: 'plan',
    columns: PLAN_EXPORT_COLUMNS,
  })
}
