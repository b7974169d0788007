import { type LookupAddress, lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { ADDRESS_REFUSED } from './failure.ts'

export interface AddressRules {
  /** The address is the operator's own word (environment, sandbox): http, loopback and private networks are fine. */
  readonly trusted: boolean
  /** `host` or `host:port` the operator has listed; they are as good as trusted. */
  readonly allowedHosts: readonly string[]
}

export type AddressVerdict = { readonly ok: true } | { readonly ok: false; readonly detail: string }

const reserved4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Within global unicast: documentation, 6to4 and Teredo, which can carry a private IPv4 address inside. */
const reserved6: readonly (readonly [string, number])[] = [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
]

const notPublic = new BlockList()
for (const [network, prefix] of reserved4) notPublic.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of reserved6) notPublic.addSubnet(network, prefix, 'ipv6')
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** Is this literal address on the public internet? Private, loopback, link-local, metadata and reserved ones are not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !notPublic.check(address, 'ipv4')
  if (family === 6) return globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
  return false
}

function isListed(url: URL, allowedHosts: readonly string[]): boolean {
  const host = url.hostname.toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return allowedHosts.some((entry) => {
    const wanted = entry.trim().toLowerCase()
    return wanted === host || wanted === `${host}:${port}`
  })
}

/** Do the rules of public addresses apply to this URL at all? */
export function isExempt(url: URL, rules: AddressRules): boolean {
  return rules.trusted || isListed(url, rules.allowedHosts)
}

/** Checks what can be seen without asking DNS (guide/security.md, "Outgoing addresses"). */
export function checkAddress(url: URL, rules: AddressRules): AddressVerdict {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, detail: 'only https addresses can be used' }
  }
  if (url.username !== '' || url.password !== '') {
    return { ok: false, detail: 'a user name or password must not stand in the address' }
  }
  if (isExempt(url, rules)) return { ok: true }
  if (url.protocol !== 'https:') return { ok: false, detail: 'it does not begin with https' }
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    return { ok: false, detail: 'it is a private or reserved address' }
  }
  if (host === 'localhost' || host.endsWith('.localhost')) {
    return { ok: false, detail: 'it is the address of this very machine' }
  }
  return { ok: true }
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('The host name leads to an address that is not public.'), { code: ADDRESS_REFUSED })
}

/**
 * A `lookup` for `net.connect` that refuses a host as soon as one of its addresses is not public: the address that is
 * checked is the address that is used, so a name cannot change its mind in between.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const first = addresses?.[0]
    if (error || !first) return callback(error ?? refusal(), [])
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(refusal(), [])
    if (options.all) return callback(null, addresses)
    return callback(null, first.address, first.family)
  })
}
