import { closeAlerts, findAlertSettings, openAlert } from '#lib/store/alerts'
import { database, type Transaction } from '#lib/store/database'
import { enqueueDigests } from '#lib/store/digests'
import { findRunDrift } from '#lib/store/drift'
import { enqueueAlertMessage } from '#lib/store/notifications'
import type { Run } from '#lib/store/runs'
import { textOfBreak, textOfDigest, textOfRecovery } from '#lib/sync/alert-words'
import {
  type AlertChange,
  type AlertKind,
  alertsAfterAutomaticStart,
  alertsAfterRun,
  alertsWhenGoingOn,
  alertsWhenParked,
  type EndedRun,
} from '#lib/sync/alerts'

/**
 * What runs say of their connection becomes alerts and queued messages, in the transaction in which the run's own state
 * changes: a crash leaves both or neither. How messages reach people is not the engine's business.
 */

type End = Pick<EndedRun, 'status' | 'failure' | 'preflightPassed' | 'recordErrors' | 'remainingProjects'>

/** To be called in the transaction that ends a run. */
export async function noteRunEnd(tx: Transaction, run: Pick<Run, 'id' | 'connectionId' | 'kind'>, end: End) {
  const { names, driftPercent } = await findAlertSettings(tx, run.connectionId)
  const drift = run.kind === 'reconcile' ? await findRunDrift(tx, run.id) : []
  const facts: EndedRun = { kind: run.kind, drift, driftPercent, ...end }
  await change(tx, run.connectionId, run.id, alertsAfterRun(facts, names))
}

/** To be called in the transaction that parks a run until a system answers again. `reason`: a sentence. */
export async function noteRunParked(tx: Transaction, run: Pick<Run, 'id' | 'connectionId'>, reason: string) {
  await change(tx, run.connectionId, run.id, alertsWhenParked(reason))
}

/** To be called when a run that had waited gets further. */
export async function noteRunGoesOn(tx: Transaction, run: Pick<Run, 'id' | 'connectionId'>) {
  const { names } = await findAlertSettings(tx, run.connectionId)
  await change(tx, run.connectionId, run.id, alertsWhenGoingOn(names))
}

/** To be called in the transaction in which the schedule starts a sync. */
export async function noteAutomaticStart(tx: Transaction, connectionId: string, runId: string) {
  await change(tx, connectionId, runId, alertsAfterAutomaticStart())
}

/** Something is wrong that no run's end tells. While an alert of its kind is open, this changes nothing. */
export async function raiseAlert(
  connectionId: string,
  kind: AlertKind,
  message: string,
  runId: string | null,
): Promise<void> {
  const raised: AlertChange = { opened: [{ kind, message, code: null }], recovered: [] }
  await database().$transaction((tx) => change(tx, connectionId, runId, raised))
}

/** It is over. Changes nothing where no alert of the kind is open. `message`: what shows it, as a sentence. */
export async function recoverAlert(
  connectionId: string,
  kind: AlertKind,
  message = 'What was wrong is over.',
): Promise<void> {
  await database().$transaction((tx) => change(tx, connectionId, null, { opened: [], recovered: [{ kind, message }] }))
}

async function change(tx: Transaction, connectionId: string, runId: string | null, { opened, recovered }: AlertChange) {
  const closed = await closeAlerts(
    tx,
    connectionId,
    recovered.map(({ kind }) => kind),
  )
  if (closed.length === 0 && opened.length === 0) return
  const place = await findAlertSettings(tx, connectionId)
  for (const before of closed) {
    const message = recovered.find(({ kind }) => kind === before.kind)?.message ?? ''
    const text = textOfRecovery({ kind: before.kind, message }, before, place)
    await enqueueAlertMessage(tx, { alertId: before.id, alertKind: before.kind, kind: 'recovered', ...text })
  }
  for (const one of opened) {
    const alertId = await openAlert(tx, { connectionId, runId, kind: one.kind, message: one.message })
    if (alertId === null) continue
    await enqueueAlertMessage(tx, { alertId, alertKind: one.kind, kind: 'broken', ...textOfBreak(one, place) })
  }
}

/** Digests are about the 24 hours up to this hour, UTC. */
const DIGEST_HOUR = 8

/** Queues the digests that are due, once a day and channel however often and wherever this is called. */
export async function enqueueDueDigests(now: Date): Promise<void> {
  await enqueueDigests(endOfDigestDay(now), textOfDigest)
}

/** The latest moment at which a day of digests ended. */
export function endOfDigestDay(now: Date): Date {
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), DIGEST_HOUR))
  if (end > now) end.setUTCDate(end.getUTCDate() - 1)
  return end
}
