import type { ProblemAction } from '#lib/sync/problem'
import type { RecordType } from '#lib/sync/records'
import { address } from './address.ts'
import { pageOfRecord } from './records/record-href.ts'

/** What a problem is about, as far as the screen that shows it knows. */
export interface ProblemPlace {
  readonly runId?: string | null
  readonly type?: RecordType | null
  readonly erpKey?: string | null
  readonly crmId?: string | null
}

export interface ProblemLink {
  readonly label: string
  readonly href: string
}

/**
 * Where the fix of a problem is made: the button that a screen shows beside it. `null` where there is no such place, as
 * for a fix in one of the two systems, or for sending again, which is a form and no link.
 */
export function problemLink(action: ProblemAction | null, place: ProblemPlace): ProblemLink | null {
  const { type = null, runId = null } = place
  switch (action) {
    case null:
    case 'retry':
      return null
    case 'start-again':
      return { label: 'Synchronize again', href: '/sync' }
    case 'preview-again':
      return { label: 'Make a new preview', href: '/sync' }
    case 'open-connection':
      return { label: 'Open the connection', href: '/settings/connection' }
    case 'set-default-template':
      return { label: 'Set a default template', href: '/settings/connection' }
    case 'open-field-map':
      return { label: 'Open the field map', href: address('/settings/field-map', { type }) }
    case 'open-record':
      return inRecord('Open the record', place)
    case 'review-mapping':
      return { label: 'Review the mapping', href: address('/mapping', { type, status: 'review' }) }
    case 'settle-conflict':
      return (
        inRecord('Settle the conflict', place) ?? {
          label: 'See the conflicts',
          href: address('/mapping', { type, status: 'conflict' }),
        }
      )
    case 'restore-mapping':
      return (
        inRecord('Restore the mapping', place) ?? {
          label: 'See the removed mappings',
          href: address('/mapping', { type, status: 'removed' }),
        }
      )
    case 'allow-removal':
      return runId === null ? null : { label: 'Allow the removal once', href: `/sync/${runId}#allow-removal` }
  }
}

function inRecord(label: string, place: ProblemPlace): ProblemLink | null {
  const href = pageOfRecord(place)
  return href === null ? null : { label, href }
}
