import { Rows3 } from 'lucide-react'
import { shownFieldMap } from '#lib/connection-field-map'
import { countRunItems, listRunItems, type RunItemFilter, type RunItemTally } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { displayText } from '#lib/sync/display-text'
import { UNDO_GROUPS, undoGroupOf } from '#lib/sync/undo-groups'
import { FacetLink, FilterChip } from '../../../_ui/chip.tsx'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { FilterForm } from '../../../_ui/filter-form.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { Pagination } from '../../../_ui/pagination.tsx'
import { SearchField } from '../../../_ui/search-field.tsx'
import { PAGE_SIZES } from '../../address.ts'
import { IgnoredNote } from '../../ignored-note.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../../record-types.ts'
import { isOpen, isRetryable } from '../_run/run-words.ts'
import { itemOutcomeWords, UNDO_GROUP_WORDS } from './item-words.ts'
import { RecordsTable } from './records-table.tsx'
import { type RunSearch, recordsHref } from './search-params.ts'

/** The records this run had something to do with, filtered and paged by the address. */
export async function RecordsTab({
  run,
  search,
  tally,
  mayRun,
}: {
  run: RunView
  search: RunSearch
  tally: readonly RunItemTally[]
  mayRun: boolean
}) {
  const { filter, size, after, before } = search
  const [page, total, fieldMap] = await Promise.all([
    listRunItems(run.id, filter, { size, after, before }),
    filter.text === null ? matching(tally, filter) : countRunItems(run.id, filter),
    shownFieldMap(run.connectionId),
  ])
  const href = (changes: Parameters<typeof recordsHref>[2]) => recordsHref(run.id, search, changes)
  return (
    <div className="flex flex-col gap-3">
      <IgnoredNote ignored={search.ignored} badPlace={page.badPlace} />
      {tally.length > 0 ? <Filters run={run} search={search} tally={tally} /> : null}
      <RecordsTable
        run={run}
        fieldMap={fieldMap}
        items={page.rows}
        canRetry={mayRun && isRetryable(run)}
        empty={<NoRecords run={run} any={tally.length > 0} />}
      />
      {total > 0 ? (
        <Pagination
          noun="records"
          range={page.rows.length > 0 ? { from: page.position, to: page.position + page.rows.length - 1 } : null}
          total={total}
          previousHref={page.previous ? href({ before: page.previous }) : null}
          nextHref={page.next ? href({ after: page.next }) : null}
          sizes={PAGE_SIZES.map((each) => ({ size: each, href: href({ size: String(each) }), current: each === size }))}
        />
      ) : null}
    </div>
  )
}

function Filters({ run, search, tally }: { run: RunView; search: RunSearch; tally: readonly RunItemTally[] }) {
  const { filter } = search
  const href = (changes: Parameters<typeof recordsHref>[2]) => recordsHref(run.id, search, changes)
  const types = SHOWN_TYPES.filter((type) => tally.some((part) => part.type === type))
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2.5">
        <ul aria-label="Record type" className="flex flex-wrap gap-1.5">
          <li>
            <FacetLink
              label="All types"
              href={href({ type: null })}
              current={filter.type === null}
              count={matching(tally, { ...filter, type: null })}
            />
          </li>
          {types.map((type) => (
            <li key={type}>
              <FacetLink
                label={TYPE_PLURAL[type]}
                href={href({ type })}
                current={filter.type === type}
                count={matching(tally, { ...filter, type })}
              />
            </li>
          ))}
        </ul>
        <FilterForm
          label="Find a record of this run"
          action={`/sync/${run.id}`}
          kept={{ type: filter.type, outcome: filter.outcome, problem: filter.problem, group: filter.group ?? null }}
          verb="Search"
          className="flex min-w-0 items-center gap-2"
        >
          <SearchField
            key={filter.text}
            name="q"
            label="Find a record of this run by name or key"
            placeholder="Name or key"
            defaultValue={filter.text ?? ''}
            maxLength={200}
            className="w-full sm:w-64"
          />
        </FilterForm>
      </div>
      <OutcomeFacets run={run} search={search} tally={tally} />
      {filter.problem !== null || filter.text !== null ? (
        <div className="flex flex-wrap gap-1.5">
          {filter.problem === null ? null : (
            <FilterChip label={`Problem: ${filter.problem}`} removeHref={href({ problem: null })} />
          )}
          {filter.text === null ? null : (
            <FilterChip label={`Name or key: ${displayText(filter.text, 40)}`} removeHref={href({ q: null })} />
          )}
        </div>
      ) : null}
    </div>
  )
}

/** By outcome; the records of an undo by its three groups (sync-rules §12). */
function OutcomeFacets({ run, search, tally }: { run: RunView; search: RunSearch; tally: readonly RunItemTally[] }) {
  const { filter } = search
  const href = (changes: Parameters<typeof recordsHref>[2]) => recordsHref(run.id, search, changes)
  const facets = run.kind === 'undo' ? groupFacets(tally, filter) : outcomeFacets(tally, filter)
  const all = { ...filter, outcome: null, group: null }
  return (
    <ul aria-label="Outcome" className="flex flex-wrap gap-1.5">
      <li>
        <FacetLink
          label={run.kind === 'undo' ? 'All' : 'All outcomes'}
          href={href({ outcome: null, group: null })}
          current={filter.outcome === null && !filter.group}
          count={matching(tally, all)}
        />
      </li>
      {facets.map(({ label, current, change }) => (
        <li key={label}>
          <FacetLink
            label={label}
            href={href(change)}
            current={current}
            count={matching(tally, { ...all, ...change })}
          />
        </li>
      ))}
    </ul>
  )
}

function outcomeFacets(tally: readonly RunItemTally[], filter: RunItemFilter) {
  return [...new Set(tally.map((part) => part.outcome))].map((outcome) => ({
    label: itemOutcomeWords(outcome).label,
    current: filter.outcome === outcome,
    change: { outcome },
  }))
}

/** Each of the three, also where it is empty: that nothing failed is worth a word. Then what is in none of them. */
function groupFacets(tally: readonly RunItemTally[], filter: RunItemFilter) {
  const groups = UNDO_GROUPS.map((group) => ({
    label: UNDO_GROUP_WORDS[group].label,
    current: filter.group === group,
    change: { group, outcome: null },
  }))
  const rest = outcomeFacets(
    tally.filter((part) => undoGroupOf(part) === null),
    filter,
  )
  return [...groups, ...rest.map((facet) => ({ ...facet, change: { ...facet.change, group: null } }))]
}

function NoRecords({ run, any }: { run: RunView; any: boolean }) {
  if (any) {
    return (
      <EmptyState
        icon={Rows3}
        title="No record of this run passes the filter"
        action={<LinkButton href={`/sync/${run.id}`}>Take the filter away</LinkButton>}
      />
    )
  }
  return (
    <EmptyState icon={Rows3} title="Records that had something to do are listed here">
      {isOpen(run.state)
        ? `The run has not come to any yet. Records are planned ${run.kind === 'undo' ? 'when it is known what the run wrote' : 'after both systems were read and matched'}.`
        : 'There were none: records that are unchanged or left alone are only counted.'}
    </EmptyState>
  )
}

/** How many items pass a filter; its text aside. */
function matching(tally: readonly RunItemTally[], filter: RunItemFilter): number {
  return tally
    .filter((part) => filter.type === null || part.type === filter.type)
    .filter((part) => filter.outcome === null || part.outcome === filter.outcome)
    .filter((part) => filter.problem === null || part.problemCode === filter.problem)
    .filter((part) => !filter.group || undoGroupOf(part) === filter.group)
    .reduce((sum, part) => sum + part.count, 0)
}
