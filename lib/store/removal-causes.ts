import type { AfterRemoval } from '#lib/sync/eligibility'

/** Why a pair ended, as `crm_mapping.removed_cause` keeps it and people read it. */

export const UNPAIRED_BY_HAND = 'Unpaired by hand.'
export const NEVER_BY_HAND = 'Unpaired by hand, never to be matched again.'

/** Found by a sync. A record whose last pair ended so is not created again by itself (docs/decisions/0010). */
export const GONE_IN_CRM = 'The CRM no longer has the record.'

/** What the last pair of an unpaired record means for its creation; `undefined`: it never had one. */
export function afterRemovalOf(
  last: { readonly removedCause: string | null; readonly createAgainAt: Date | null } | undefined,
): AfterRemoval {
  if (last?.createAgainAt) return 'create-again'
  return last?.removedCause === GONE_IN_CRM ? 'waits' : null
}
