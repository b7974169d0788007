import { Link2 } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '#app/_ui/badge.tsx'
import { LinkButton, TextLink } from '#app/_ui/link-button.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { ReviewItem } from '#lib/store/views-pairing'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import type { CrmDescription } from '#lib/sync/ports'
import { address } from '../address.ts'
import { TYPE_PLURAL } from '../record-types.ts'
import { recordHref } from '../records/record-href.ts'
import { CandidateGrid } from './candidate-grid.tsx'
import { ConflictReview } from './conflict-review.tsx'
import { STATUS_WORDS } from './mapping-words.ts'
import { ReviewKeys } from './review-keys.tsx'

export interface ReviewListProps {
  items: readonly ReviewItem[]
  connection: ConnectionView
  fieldMap: FieldMap
  /** What fields may hold; `null` before the first run has asked the CRM. */
  description: CrmDescription | null
  here: string
  canPair: boolean
}

/** What matching left to a person: each record with its candidates, why it was left, and one click to decide. */
export function ReviewList({ items, ...rest }: ReviewListProps) {
  if (items.length === 0) return null
  return (
    <ReviewKeys shown={items.map((item) => `${item.row.erpKey} ${item.row.candidateIds.length}`).join(' ')}>
      <ul className="flex flex-col gap-4">
        {items.map((item) => (
          <li key={`${item.row.status} ${item.row.erpKey}`}>
            {item.row.status === 'conflict' ? (
              <ConflictReview item={item} {...rest} />
            ) : (
              <ReviewCard item={item} {...rest} />
            )}
          </li>
        ))}
      </ul>
    </ReviewKeys>
  )
}

function ReviewCard({
  item,
  connection,
  fieldMap,
  here,
  canPair,
}: Omit<ReviewListProps, 'items'> & { item: ReviewItem }) {
  const { row, subject, candidates, areLookAlikes } = item
  const name = displayText(row.erpName, 200)
  const headingId = `review-${row.type}-${row.erpKey}`
  const { label, tone } = STATUS_WORDS[row.status]
  return (
    <article
      aria-labelledby={headingId}
      tabIndex={-1}
      data-review-item
      className="rounded-card border border-line bg-surface focus:outline-2 focus:outline-offset-2 focus:outline-focus"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h2 id={headingId} className="text-base wrap-anywhere">
              <Link href={recordHref(row.type, row.erpKey)} prefetch={false} className="rounded-[3px] hover:underline">
                {name === '' ? 'No name' : name}
              </Link>
            </h2>
            <Badge tone={tone}>{label}</Badge>
          </div>
          <p className="pt-0.5 text-sm text-ink-muted text-pretty">
            {why(item, connection)} Found <Time at={row.since} />.
          </p>
        </div>
        {canPair ? (
          <LinkButton
            size="small"
            icon={Link2}
            prefetch={false}
            href={address('/mapping/pair', { type: row.type, key: row.erpKey })}
            aria-label={`Find another record for ${name}`}
          >
            Find another
          </LinkButton>
        ) : null}
      </div>
      <div className="border-t border-line px-4 py-4">
        {subject === null ? (
          <p className="text-sm text-ink-muted">
            {connection.erpName} no longer has this record. The next run takes it off this list.
          </p>
        ) : (
          <CandidateGrid
            fieldMap={fieldMap}
            type={row.type}
            subject={subject}
            candidates={candidates}
            connection={connection}
            returnTo={here}
            canPair={canPair}
            canRefuse={!areLookAlikes}
          />
        )}
        {row.candidateIds.length > candidates.length && candidates.length > 0 ? (
          <p className="pt-3 text-sm text-ink-muted">
            {row.candidateIds.length - candidates.length} more have this name.{' '}
            <TextLink
              prefetch={false}
              href={address('/mapping/pair', { type: row.type, key: row.erpKey, q: row.erpName })}
            >
              Search them
            </TextLink>
          </p>
        ) : null}
      </div>
    </article>
  )
}

function why({ row, candidates, areLookAlikes }: ReviewItem, { erpName, crmName }: ConnectionView): string {
  const types = TYPE_PLURAL[row.type].toLowerCase()
  if (row.status === 'suggested') {
    return `${crmName} wants a record of this name created, but ${erpName} has one that is paired with another. If the new one is meant, pair these instead.`
  }
  if (!areLookAlikes) {
    const rivals = row.rivalKeys.filter((key) => key !== row.erpKey)
    const others = rivals.length === 0 ? '' : ` ${erpName} has this name too under ${rivals.slice(0, 5).join(', ')}.`
    const count = row.candidateIds.length
    const fits =
      count === 1 ? `1 record in ${crmName} has this name.` : `${count} ${types} in ${crmName} have this name.`
    return `${fits}${others} Nothing was paired, because only you can tell which belongs to which.`
  }
  return candidates.length === 0
    ? `No unpaired record in ${crmName} has this name or one like it.`
    : `No unpaired record in ${crmName} has this name. These are the closest.`
}
