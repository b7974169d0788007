/**
 * Does this request come from our own pages? Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. A request that
 * says neither comes from no page of ours and is refused; so is an opaque origin (`null`).
 */
export function isSameOrigin(headers: Headers, ownOrigin = process.env.NEXTAUTH_URL): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = headers.get('origin')
  if (origin === null) return site === 'same-origin'
  const host = hostOf(origin)
  if (host === null) return false
  return host === headers.get('host') || (ownOrigin !== undefined && host === hostOf(ownOrigin))
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/**
 * The address a request came from, for counting attempts. The last entry was written by whatever stands nearest to us;
 * earlier ones can be invented by the caller.
 */
export function clientAddress(headers: Headers): string {
  const nearest = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
  return nearest ? nearest.replace(/^::ffff:/, '') : 'unknown'
}
