/** Why a pair ended, as `crm_mapping.removed_cause` keeps it and people read it. */

export const UNPAIRED_BY_HAND = 'Unpaired by hand.'
export const NEVER_BY_HAND = 'Unpaired by hand, never to be matched again.'

/** Found by a sync. A record whose last pair ended so is not created again by itself (docs/decisions/0010). */
export const GONE_IN_CRM = 'The CRM no longer has the record.'
