import { may, type Role } from '#lib/access/roles'
import { shownFieldMap } from '#lib/connection-field-map'
import type { ConnectionView } from '#lib/store/connections'
import type { RecordView } from '#lib/store/views-record'
import { listRecordItems } from '#lib/store/views-record-history'
import { Card } from '../../_ui/card.tsx'
import { Note } from '../../_ui/error-note.tsx'
import { oneValue, type Query, type SearchParams } from '../address.ts'
import { IgnoredNote } from '../ignored-note.tsx'
import { DoneNote } from '../mapping/done-note.tsx'
import { readNotice } from '../mapping/notice.ts'
import { RemovedCard } from '../mapping/pair/removed-card.tsx'
import { ConflictCard } from './conflict-card.tsx'
import { FIELD_FACETS, FieldTable } from './field-table.tsx'
import { HistoryCard } from './history-card.tsx'
import { PairsCard } from './pairs-card.tsx'
import { RecordFacts } from './record-facts.tsx'
import { RecordHead } from './record-head.tsx'
import { WhyCard } from './why-card.tsx'

const HISTORY_SIZE = 10

export interface RecordScreenProps {
  connection: ConnectionView
  record: RecordView
  role: Role
  params: SearchParams
  /** This page with other parameters. */
  href: (query: Query) => string
}

/** Everything about one record: why it did or did not sync, both sides field by field, its history. */
export async function RecordScreen({ connection, record, role, params, href }: RecordScreenProps) {
  const names = { erp: connection.erpName, crm: connection.crmName }
  const canPair = may(role, 'pair')
  const { type, erpKey, crmId, conflicts } = record
  const [fieldMap, page] = await Promise.all([
    shownFieldMap(connection.id),
    listRecordItems(
      { connectionId: connection.id, type, erpKey: erpKey ?? '', crmId },
      { size: HISTORY_SIZE, after: oneValue(params, 'after'), before: oneValue(params, 'before') },
    ),
  ])
  const wanted = oneValue(params, 'show')
  const facet = FIELD_FACETS.find((one) => one === wanted) ?? 'all'
  const show = facet === 'all' ? null : facet
  const notice = readNotice(params)
  const [last] = record.pastPairs
  return (
    <>
      <RecordHead record={record} names={names} canPair={canPair} canRun={may(role, 'run')} here={href({})} />
      <IgnoredNote
        ignored={wanted !== null && wanted !== facet ? [`fields “${wanted.slice(0, 40)}”`] : []}
        badPlace={page.badPlace}
      />
      {notice === null ? null : (
        <DoneNote notice={notice} record={record} crmName={names.crm} undoTo={canPair ? href({}) : null} />
      )}
      <div className="flex flex-col gap-5">
        <WhyCard record={record} names={names} />
        {canPair && record.pair === null && last?.removedAt ? (
          <RemovedCard type={type} last={{ ...last, removedAt: last.removedAt }} names={names} returnTo={href({})} />
        ) : null}
        {conflicts.length === 0 ? null : (
          <Card
            id="conflicts"
            title="Changed on both sides"
            context="A decision writes nothing by itself: the next sync carries it out in both systems."
          >
            <ul className="flex flex-col gap-6">
              {conflicts.map((conflict) => (
                <li key={conflict.id}>
                  <ConflictCard
                    type={type}
                    conflict={conflict}
                    entry={fieldMap[type].find((entry) => entry.crm === conflict.field)}
                    names={names}
                    reading={record}
                    canSettle={canPair}
                    returnTo={href({})}
                  />
                </li>
              ))}
            </ul>
          </Card>
        )}
        <section aria-labelledby="fields-title" className="flex flex-col gap-3">
          <h2 id="fields-title" className="text-base">
            {record.pair === null ? 'Fields' : 'Side by side'}
          </h2>
          {record.pair !== null && record.description === null ? (
            <Note title="What the next sync would do is known after the next one.">
              Until then it is not known which fields {names.crm} lets the sync write.
            </Note>
          ) : null}
          <FieldTable
            record={record}
            entries={fieldMap[type]}
            names={names}
            facet={facet}
            facetHref={(one) => href({ show: one === 'all' ? null : one })}
            returnTo={href({ show })}
            canPin={canPair}
          />
        </section>
        <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <HistoryCard
            type={type}
            erpKey={erpKey}
            page={page}
            fieldMap={fieldMap}
            names={names}
            olderHref={page.next && `${href({ show, after: page.next })}#history`}
            newerHref={page.previous && `${href({ show, before: page.previous })}#history`}
          />
          <div className="flex min-w-0 flex-col gap-5">
            <PairsCard record={record} names={names} />
            <RecordFacts record={record} names={names} />
          </div>
        </div>
      </div>
    </>
  )
}
