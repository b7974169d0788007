import Link from 'next/link'
import { Badge } from '#app/_ui/badge.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { ReviewItem } from '#lib/store/views-pairing'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import type { CrmDescription } from '#lib/sync/ports'
import { ConflictCard } from '../records/conflict-card.tsx'
import { recordHref } from '../records/record-href.ts'
import { STATUS_WORDS } from './mapping-words.ts'

export interface ConflictReviewProps {
  item: ReviewItem
  connection: ConnectionView
  fieldMap: FieldMap
  description: CrmDescription | null
  here: string
  canPair: boolean
}

/** Names of other records are on the record's own page; here a reference is shown by its key. */
const NO_NAMES = { erp: new Map<string, string>(), crm: new Map<string, string>() }

/** A pair of which fields wait for a person, each with both values and the base. */
export function ConflictReview({ item, connection, fieldMap, description, here, canPair }: ConflictReviewProps) {
  const { row, conflicts } = item
  const name = displayText(row.erpName, 200)
  const headingId = `review-${row.type}-${row.erpKey}`
  const { label, tone } = STATUS_WORDS.conflict
  return (
    <article
      aria-labelledby={headingId}
      tabIndex={-1}
      data-review-item
      className="rounded-card border border-line bg-surface focus:outline-2 focus:outline-offset-2 focus:outline-focus"
    >
      <div className="px-4 pt-3.5 pb-3">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h2 id={headingId} className="text-base wrap-anywhere">
            <Link href={recordHref(row.type, row.erpKey)} prefetch={false} className="rounded-[3px] hover:underline">
              {name === '' ? 'No name' : name}
            </Link>
          </h2>
          <Badge tone={tone}>{label}</Badge>
          <span className="font-mono text-xs text-ink-muted">
            {displayText(row.erpKey)} → {displayText(row.crmId ?? '')}
          </span>
        </div>
        <p className="pt-0.5 text-sm text-ink-muted text-pretty">
          Changed in {connection.erpName} and in {connection.crmName} since the last sync. A decision is carried out by
          the next one.
        </p>
      </div>
      <ul className="flex flex-col gap-6 border-t border-line px-4 py-4">
        {conflicts.map((conflict) => (
          <li key={conflict.id}>
            <ConflictCard
              type={row.type}
              conflict={conflict}
              entry={fieldMap[row.type].find((entry) => entry.crm === conflict.field)}
              names={{ erp: connection.erpName, crm: connection.crmName }}
              reading={{ references: NO_NAMES, description }}
              canSettle={canPair}
              returnTo={here}
            />
          </li>
        ))}
      </ul>
    </article>
  )
}
