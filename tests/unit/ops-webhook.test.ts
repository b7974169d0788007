import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { endOfDigestDay } from '#lib/engine/alerts'
import { postWebhook, signatureHeader } from '#lib/ops/webhook'

test('the signature is the HMAC-SHA256 of the time, a full stop and the body', () => {
  const expected = createHmac('sha256', 'whsec_x').update('1764126000.{"id":"1"}').digest('hex')
  expect(signatureHeader('whsec_x', '{"id":"1"}', 1764126000)).toBe(`t=1764126000,v1=${expected}`)
})

test.each([
  ['http://example.com/hook', 'does not begin with https'],
  ['https://127.0.0.1/hook', 'private or reserved'],
  ['https://10.1.2.3/hook', 'private or reserved'],
  ['https://169.254.169.254/latest', 'private or reserved'],
  ['https://[::1]/hook', 'private or reserved'],
  ['https://localhost/hook', 'this very machine'],
  ['https://ann:secret@example.com/hook', 'must not stand in the address'],
])('nothing is sent to %s', async (url, why) => {
  const delivery = await postWebhook({ url, secret: 's', body: '{}' }, { trusted: false, allowedHosts: [] })
  expect(delivery).toMatchObject({ ok: false, problem: expect.stringContaining(why) })
  expect(JSON.stringify(delivery)).not.toContain('secret@')
})

test('a host name that leads to this machine is refused as well', async () => {
  const hook = { url: 'https://sub.localhost/hook', secret: 's', body: '{}' }
  expect((await postWebhook(hook, { trusted: false, allowedHosts: [] })).ok).toBe(false)
})

test.each([
  ['2026-11-26T07:59:59Z', '2026-11-25T08:00:00.000Z'],
  ['2026-11-26T08:00:00Z', '2026-11-26T08:00:00.000Z'],
  ['2026-11-26T23:00:00Z', '2026-11-26T08:00:00.000Z'],
])('at %s the last day of digests had ended at %s', (now, end) => {
  expect(endOfDigestDay(new Date(now)).toISOString()).toBe(end)
})
