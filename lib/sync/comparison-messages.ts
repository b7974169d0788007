import { displayText } from './display-text.ts'
import { type LogEntry, runEntry } from './log-entry.ts'
import type { SideNames } from './messages.ts'

/** Lines of a comparison of both sides (sync-rules §11). */

/** First line: who or what started it. `startedBy` is null for the schedule. */
export function messageComparisonStarted(startedBy: string | null, names: SideNames): LogEntry {
  const who = startedBy === null ? 'the schedule' : displayText(startedBy)
  return runEntry(`A comparison of ${names.erp} and ${names.crm} was started by ${who}. It writes to neither of them.`)
}

/** Last line: how far the two sides have drifted apart, all types together. */
export function messageComparisonCompleted(
  drift: readonly { readonly compared: number; readonly differing: number; readonly missing: number }[],
): LogEntry {
  const sum = (key: 'compared' | 'differing' | 'missing') => drift.reduce((total, point) => total + point[key], 0)
  const [compared, differing, missing] = [sum('compared'), sum('differing'), sum('missing')]
  const number = (count: number) => count.toLocaleString('en-US')
  const pairs = `${number(compared)} ${compared === 1 ? 'pair' : 'pairs'}`
  const agree =
    differing === 0 ? 'all of them agree' : `${number(differing)} of them ${differing === 1 ? 'differs' : 'differ'}`
  const partners = `${number(missing)} ${missing === 1 ? 'record lacks its partner' : 'records lack their partner'}`
  const found = missing === 0 ? agree : `${agree}, ${partners}`
  return runEntry(`Comparison completed: ${pairs}, ${found}. Nothing was changed in either system.`)
}
