import { compareErpKeys } from './keys.ts'

/** What the order of sending looks at. `modifiedAt`: ISO 8601 UTC by the ERP's clock. */
export interface DueRecord {
  readonly modifiedAt: string | null
  readonly erpKey: string
}

/**
 * Order of sending: oldest change first, then ERP key by number (sync-rules §5.3). A record whose change has no stamp
 * comes first, since nothing says that it is newer than the others.
 */
export function compareDue(a: DueRecord, b: DueRecord): number {
  return instant(a.modifiedAt) - instant(b.modifiedAt) || compareErpKeys(a.erpKey, b.erpKey)
}

// Stamps come with and without fractions of a second, so their texts do not sort; the smallest integer keeps the subtraction finite.
function instant(stamp: string | null): number {
  const milliseconds = stamp === null ? Number.NaN : Date.parse(stamp)
  return Number.isNaN(milliseconds) ? Number.MIN_SAFE_INTEGER : milliseconds
}
