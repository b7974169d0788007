import { History } from 'lucide-react'
import type { KeysetPage } from '#lib/store/keyset'
import type { RecordItemView } from '#lib/store/views-record-history'
import type { FieldMap } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { Badge } from '../../_ui/badge.tsx'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { LinkButton, TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'
import { address } from '../address.ts'
import { FieldChanges } from '../sync/_run/field-changes.tsx'
import { runTitle } from '../sync/_run/run-words.ts'
import { itemOutcomeWords } from '../sync/[run]/item-words.ts'

export interface HistoryCardProps {
  type: RecordType
  erpKey: string | null
  page: KeysetPage<RecordItemView>
  fieldMap: FieldMap
  names: SideNames
  olderHref: string | null
  newerHref: string | null
}

/** What each run did with the record, newest first, field by field. */
export function HistoryCard({ type, erpKey, page, fieldMap, names, olderHref, newerHref }: HistoryCardProps) {
  return (
    <Card
      id="history"
      title="Runs and changes"
      context="Runs that had something to do with this record. In all others nothing had to be written."
      flush
      footer={
        olderHref === null && newerHref === null ? undefined : (
          <nav aria-label="Pages of the history" className="flex gap-2">
            {newerHref === null ? null : (
              <LinkButton size="small" href={newerHref} scroll={false}>
                Newer
              </LinkButton>
            )}
            {olderHref === null ? null : (
              <LinkButton size="small" href={olderHref} scroll={false}>
                Older
              </LinkButton>
            )}
          </nav>
        )
      }
    >
      {page.rows.length === 0 ? (
        <EmptyState icon={History} title="No run has written this record yet">
          What a run creates, sends or takes for it will be listed here, with the old and the new value of each field.
        </EmptyState>
      ) : (
        <ol className="divide-y divide-line">
          {page.rows.map((item) => (
            <li key={item.id} className="px-4 py-3 sm:px-5">
              <Item item={item} {...{ type, erpKey, fieldMap, names }} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Item({
  item,
  type,
  erpKey,
  fieldMap,
  names,
}: Pick<HistoryCardProps, 'type' | 'erpKey' | 'fieldMap' | 'names'> & { item: RecordItemView }) {
  const { label, tone } = itemOutcomeWords(item.outcome)
  const side = item.direction === 'to_crm' ? names.crm : names.erp
  return (
    <article className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Badge tone={tone}>{label}</Badge>
        <span className="text-sm text-ink-muted">in {side}</span>
        <span className="text-sm">
          <Time at={item.at} />
        </span>
        <span className="text-sm text-ink-muted sm:ms-auto">
          <TextLink href={`/sync/${item.runId}`} prefetch={false}>
            {runTitle({ ...item, kind: item.runKind })}
          </TextLink>
          {' · '}
          <TextLink href={address('/log', { run: item.runId, type, key: erpKey })} prefetch={false}>
            log lines
          </TextLink>
        </span>
      </div>
      {item.message === null ? null : (
        <p className="text-pretty wrap-anywhere">
          {item.message}
          {item.problemCode ? (
            <span className="ps-1.5 font-mono text-xs text-ink-muted">{item.problemCode}</span>
          ) : null}
        </p>
      )}
      {item.outcome === 'failed' ? null : <FieldChanges {...{ fieldMap, type, names }} changes={item.changes} />}
    </article>
  )
}
