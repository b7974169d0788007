import { randomUUIDv7 } from 'node:crypto'
import type { AlertKind } from '#lib/sync/alerts'
import { database, type Transaction } from './database.ts'

/** What one channel's digest may be about. */
export interface DigestedAlert {
  readonly connection: string
  readonly kind: AlertKind
  readonly message: string
  readonly openedAt: Date
  /** `null`: still open when the day ended. */
  readonly recoveredAt: Date | null
  /** Opened or recovered since the last digest. */
  readonly isNew: boolean
}

/** A channel that has had no digest for months is not told of them. */
const LONGEST_LOOK_BACK_HOURS = 7 * 24

/**
 * Queues the digests of the day that ended at `until`, at most one per channel whatever the number of processes.
 * `compose` answers the text, or `null` where there is nothing to tell.
 */
export async function enqueueDigests(
  until: Date,
  compose: (alerts: readonly DigestedAlert[]) => { readonly subject: string; readonly body: string } | null,
): Promise<void> {
  await database().$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtext('crosswalk-digests')) AS held`
    if (!lock?.held) return
    const channels = await tx.notificationChannel.findMany({
      where: {
        enabled: true,
        mode: 'digest',
        createdAt: { lt: until },
        deliveries: { none: { kind: 'digest', createdAt: { gte: until } } },
      },
      select: { id: true },
    })
    for (const { id: channelId } of channels) {
      const text = compose(await alertsForDigest(tx, channelId, until))
      if (text) await tx.notification.create({ data: { id: randomUUIDv7(), channelId, kind: 'digest', ...text } })
    }
  })
}

/**
 * What was open when the day ended, and what was over since the end of the day that the last digest was about. Days
 * without a digest had nothing to tell, so looking back to the last one leaves nothing out; what was told one by one is
 * not told again.
 */
async function alertsForDigest(tx: Transaction, channelId: string, until: Date): Promise<DigestedAlert[]> {
  return tx.$queryRaw<DigestedAlert[]>`
    WITH channel AS (
      SELECT id, alert_kinds, greatest(
               created_at, ${until}::timestamptz - ${LONGEST_LOOK_BACK_HOURS} * interval '1 hour',
               (SELECT ${until}::timestamptz - ceil(extract(epoch FROM ${until}::timestamptz - max(n.created_at)) / 86400) * interval '24 hours'
                  FROM notification n WHERE n.channel_id = c.id AND n.kind = 'digest')) AS since
        FROM notification_channel c WHERE id = ${channelId}::uuid
    ), changed AS (
      SELECT a.*, CASE WHEN a.recovered_at <= ${until}::timestamptz THEN a.recovered_at END AS over
        FROM alert a, channel WHERE a.kind = ANY(channel.alert_kinds) AND a.opened_at <= ${until}::timestamptz
    )
    SELECT con.name AS connection, a.kind::text AS kind, a.message, a.opened_at AS "openedAt", a.over AS "recoveredAt",
           coalesce(a.over, a.opened_at) > channel.since AS "isNew"
      FROM changed a JOIN connection con ON con.id = a.connection_id, channel
     WHERE a.over IS NULL
        OR (a.over > channel.since
            AND NOT EXISTS (SELECT 1 FROM notification n
                             WHERE n.channel_id = channel.id AND n.alert_id = a.id AND n.kind = 'recovered'))
     ORDER BY a.opened_at, a.id`
}
