import { expect, test } from 'vitest'
import { ALERT_KINDS } from '#lib/sync/alerts'
import { channelForm, mailServerForm, newChannelForm } from '../../app/(console)/settings/notifications/schema.ts'

const server = {
  host: 'smtp.firm.com',
  port: '587',
  encryption: 'starttls',
  username: 'crosswalk',
  password: ' spaces kept ',
  sender: 'crosswalk@firm.com',
}
const saved = { host: 'smtp.firm.com', username: 'crosswalk', hasPassword: true }
const channel = { kind: 'email', target: 'ops@firm.com', mode: 'each', alert_drift: 'on' }
const id = '01990000-0000-7000-8000-000000000000'

/** The fields that a form complains about; an empty list: none. */
function wrong(result: { error?: { issues: { path: PropertyKey[] }[] } }): string[] {
  return [...new Set(result.error?.issues.map(({ path }) => String(path[0] ?? '')) ?? [])]
}

test('a mail server is read with its port as a number and its password as typed', () => {
  expect(mailServerForm(null).parse(server)).toEqual({ ...server, port: 587 })
  expect(mailServerForm(null).parse({ ...server, username: ' ', password: '' })).toMatchObject({ username: null })
})

test.each([
  ['host', { host: 'smtp.firm.com:587' }],
  ['host', { host: 'https://smtp.firm.com' }],
  ['host', { host: 'user@smtp' }],
  ['port', { port: '0' }],
  ['port', { port: '70000' }],
  ['encryption', { encryption: 'none' }],
  ['sender', { sender: 'a@b.c\r\nBcc: x@y.z' }],
  ['username', { username: '' }],
  ['password', { password: '' }],
])('a mail server with a wrong %s is refused there', (field, change) => {
  expect(wrong(mailServerForm(null).safeParse({ ...server, ...change }))).toEqual([field])
})

test('an empty password keeps the saved one, but not for another server or user', () => {
  const kept = { ...server, password: '' }
  expect(wrong(mailServerForm(saved).safeParse(kept))).toEqual([])
  expect(wrong(mailServerForm(saved).safeParse({ ...kept, host: 'smtp.elsewhere.com' }))).toEqual(['password'])
  expect(wrong(mailServerForm(saved).safeParse({ ...kept, username: 'somebody' }))).toEqual(['password'])
  expect(wrong(mailServerForm({ ...saved, hasPassword: false }).safeParse(kept))).toEqual(['password'])
})

test('a channel is read with the kinds that are ticked, in the order of the page', () => {
  expect(newChannelForm.parse({ ...channel, alert_run_failed: 'on' })).toEqual({
    kind: 'email',
    target: 'ops@firm.com',
    mode: 'each',
    alertKinds: ['run_failed', 'drift'],
  })
  const all = Object.fromEntries(ALERT_KINDS.map((kind) => [`alert_${kind}`, 'on']))
  expect(newChannelForm.parse({ ...channel, ...all }).alertKinds).toEqual(ALERT_KINDS)
})

test.each([
  ['target', { target: '' }],
  ['target', { target: 'ops@firm.com, boss@firm.com' }],
  ['target', { kind: 'webhook', target: 'ops' }],
  ['mode', { mode: 'never' }],
  ['alertKinds', { alert_drift: undefined }],
])('a channel with a wrong %s is refused there', (field, change) => {
  expect(wrong(newChannelForm.safeParse({ ...channel, ...change }))).toEqual([field])
})

test('a form with a field that is not its own changes nothing', () => {
  const forged = { ...channel, sealedSecret: 'mine', alert_everything: 'on' }
  expect(newChannelForm.safeParse(forged).error?.issues[0]?.message).toMatch(/sealedSecret, alert_everything/)
  expect(channelForm.safeParse({ intent: 'remove', channelId: id, mode: 'each' }).success).toBe(false)
})

test('a change of a channel says which and what', () => {
  expect(channelForm.parse({ intent: 'save', channelId: id, mode: 'digest', alert_drift: 'on' })).toEqual({
    intent: 'save',
    channelId: id,
    mode: 'digest',
    alertKinds: ['drift'],
  })
  expect(channelForm.parse({ intent: 'renew', channelId: id })).toEqual({ intent: 'renew', channelId: id })
  expect(wrong(channelForm.safeParse({ intent: 'save', channelId: id, mode: 'each' }))).toEqual(['alertKinds'])
  expect(wrong(channelForm.safeParse({ intent: 'enable', channelId: 'x' }))).toEqual(['channelId'])
})
