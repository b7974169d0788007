/** What cancelling does and does not do (sync-rules §10.5). */
export const CANCEL_EXPLANATION =
  'The sync stops at its next record. What was sent until then stays in place and in the log; the rest is due again in the next sync.'
