import { describe, expect, it } from 'vitest'
import { checkAddress, isPublicAddress, publicLookup } from '#lib/http/address-check'
import { ADDRESS_REFUSED } from '#lib/http/failure'

const strict = { trusted: false, allowedHosts: [] }

describe('addresses entered on the screen', () => {
  it.each([
    'http://ajera.example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://10.1.2.3/',
    'https://172.31.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://localhost/',
    'https://localhost./',
    'https://user:secret@example.com/',
    'ftp://example.com/',
  ])('%s is refused', (address) => {
    expect(checkAddress(new URL(address), strict).ok).toBe(false)
  })

  it.each(['https://ajera.com/acme/AjeraAPI.ashx', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    '%s is accepted',
    (address) => {
      expect(checkAddress(new URL(address), strict)).toEqual({ ok: true })
    },
  )

  it('a host the operator has listed may be private, on that port only if one is named', () => {
    const rules = { trusted: false, allowedHosts: ['erp.internal', '10.0.0.5:8443'] }
    expect(checkAddress(new URL('http://ERP.internal:81/'), rules).ok).toBe(true)
    expect(checkAddress(new URL('https://10.0.0.5:8443/'), rules).ok).toBe(true)
    expect(checkAddress(new URL('https://10.0.0.5/'), rules).ok).toBe(false)
    expect(checkAddress(new URL('http://erp.internal.example.com/'), rules).ok).toBe(false)
  })

  it('the operator’s own word is enough, but never for another protocol or a password in the address', () => {
    const trusted = { trusted: true, allowedHosts: [] }
    expect(checkAddress(new URL('http://127.0.0.1:4001/'), trusted).ok).toBe(true)
    expect(checkAddress(new URL('file:///etc/passwd'), trusted).ok).toBe(false)
    expect(checkAddress(new URL('http://a:b@127.0.0.1/'), trusted).ok).toBe(false)
  })
})

describe('addresses behind a name', () => {
  it('a name that leads to this machine is refused when it is resolved', async () => {
    const code = await new Promise((resolve) =>
      publicLookup('localhost', { all: true }, (error) => resolve(error?.code ?? null)),
    )
    expect(code).toBe(ADDRESS_REFUSED)
  })

  it('text that is no address is not public', () => {
    expect(isPublicAddress('example.com')).toBe(false)
  })
})
