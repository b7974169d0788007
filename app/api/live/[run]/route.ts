import { routeUser } from '#lib/access/session'
import { runProgress } from '#lib/store/views-runs'
import { followRun } from '../follow-run.ts'

export const dynamic = 'force-dynamic'

/** Server-sent events of one run. A single read, so nobody's rights can change while it is decided; later ones recheck. */
export async function GET(request: Request, { params }: { params: Promise<{ run: string }> }): Promise<Response> {
  const access = await routeUser(request, 'read')
  if (!access.ok) return access.response
  const { run } = await params
  const first = await runProgress(run)
  if (!first) return Response.json({ error: 'There is no such run.' }, { status: 404 })
  const stream = followRun({
    first,
    read: () => runProgress(run),
    isStillAllowed: async () => (await routeUser(request, 'read')).ok,
    gone: request.signal,
  })
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // no-transform: compression would hold events back.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
