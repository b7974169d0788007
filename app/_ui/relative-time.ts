const STEPS = [
  { limit: 60, size: 1, unit: 's' },
  { limit: 3600, size: 60, unit: 'min' },
  { limit: 86_400, size: 3600, unit: 'h' },
  { limit: 30 * 86_400, size: 86_400, unit: 'd' },
] as const

/** "just now", "3 min ago", "in 2 h"; from thirty days on the date itself (UTC on the server, which knows no zone). */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 10) return 'just now'
  const step = STEPS.find(({ limit }) => distance < limit)
  if (!step) return at.toLocaleDateString('en-US', { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
  const amount = `${Math.floor(distance / step.size)} ${step.unit}`
  return seconds > 0 ? `${amount} ago` : `in ${amount}`
}
