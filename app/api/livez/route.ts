/** The process answers. Nothing else is looked at (guide/security.md, Health). */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
