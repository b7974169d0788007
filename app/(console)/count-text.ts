import type { CappedCount } from '#lib/store/keyset'

/** `1,204`, or `10,000+` where counting stopped. */
export function countText(count: CappedCount): string {
  return `${count.value.toLocaleString('en-US')}${count.isCapped ? '+' : ''}`
}
