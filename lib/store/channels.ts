import type { AlertKind } from '#lib/sync/alerts'
import { database } from './database.ts'

/** A channel is one address that messages go to, with what it wants to hear of. */
export interface ChannelView {
  readonly id: string
  readonly kind: 'email' | 'webhook'
  /** E-mail address or https address. */
  readonly target: string
  readonly alertKinds: readonly AlertKind[]
  /** Every event by itself, or one message a day. */
  readonly mode: 'each' | 'digest'
  readonly enabled: boolean
}

export interface NewChannel {
  readonly id: string
  readonly kind: ChannelView['kind']
  readonly target: string
  /** Webhook: the key its requests are signed with, in an envelope of `lib/ops/secrets`. */
  readonly sealedSecret: string | null
  readonly alertKinds: readonly AlertKind[]
  readonly mode: ChannelView['mode']
  readonly createdBy: string
}

const SHOWN = { id: true, kind: true, target: true, alertKinds: true, mode: true, enabled: true } as const

export async function listChannels(): Promise<ChannelView[]> {
  return database().notificationChannel.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: SHOWN })
}

export async function findChannel(id: string): Promise<ChannelView | null> {
  return database().notificationChannel.findUnique({ where: { id }, select: SHOWN })
}

export async function insertChannel(channel: NewChannel): Promise<void> {
  await database().notificationChannel.create({ data: { ...channel, alertKinds: [...channel.alertKinds] } })
}

/** False when it no longer exists. */
export async function updateChannel(
  id: string,
  change: Pick<NewChannel, 'alertKinds' | 'mode'> | Pick<NewChannel, 'sealedSecret'>,
): Promise<boolean> {
  const data = 'alertKinds' in change ? { ...change, alertKinds: [...change.alertKinds] } : change
  return (await database().notificationChannel.updateMany({ where: { id }, data })).count === 1
}

/** Switches a channel on or off. What waits to be sent when it is switched off is given up, not sent weeks later. */
export async function setChannelEnabled(id: string, enabled: boolean): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const changed = await tx.notificationChannel.updateMany({ where: { id }, data: { enabled } })
    if (!enabled) {
      await tx.notification.updateMany({
        where: { channelId: id, state: 'waiting' },
        data: { state: 'failed', problem: 'The channel was switched off before this was sent.' },
      })
    }
    return changed.count === 1
  })
}

/** Removes a channel and its history. */
export async function removeChannel(id: string): Promise<boolean> {
  return (await database().notificationChannel.deleteMany({ where: { id } })).count === 1
}
