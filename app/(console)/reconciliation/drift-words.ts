import type { DriftCounts } from '#lib/store/views-drift'

/** How many of the compared pairs differ, in percent; `null`: nothing was compared. */
export function driftPercent({ compared, differing }: DriftCounts): number | null {
  return compared === 0 ? null : (differing / compared) * 100
}

/** `0 %`, `0.3 %`, `12 %`; what is not quite nothing is not called nothing. */
export function percentWords(percent: number | null): string {
  if (percent === null) return '–'
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 10 ? 1 : 0 })} %`
}

/** `Nov 26`: the day of a comparison in UTC, as the days of all charts. */
export function dayWords(at: string): string {
  return new Date(at).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' })
}

/** Names the two ends of a chart: by their days, or by their times where they are of one day. */
export function endWords(first: string, last: string): readonly [string, string] {
  if (dayWords(first) !== dayWords(last)) return [dayWords(first), dayWords(last)]
  const time = (at: string) => `${at.slice(11, 16)} UTC`
  return [`${dayWords(first)}, ${time(first)}`, time(last)]
}
