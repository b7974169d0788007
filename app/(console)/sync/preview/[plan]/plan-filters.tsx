import { PLAN_KINDS, type PlanFilter } from '#lib/store/plan-filter'
import type { PlanTally } from '#lib/store/views-plan'
import { displayText } from '#lib/sync/display-text'
import { FacetLink, FilterChip } from '../../../../_ui/chip.tsx'
import { FilterForm } from '../../../../_ui/filter-form.tsx'
import { SearchField } from '../../../../_ui/search-field.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../../../record-types.ts'
import type { SideNames } from '../../_run/run-words.ts'
import { kindWords } from './kind-words.ts'
import { filterQuery, type PlanSearch, planHref } from './search-params.ts'

/** How many items pass type, kind and tick of a filter; its text aside. */
export function matching(tally: readonly PlanTally[], filter: Omit<PlanFilter, 'text'>): number {
  return tally
    .filter((part) => filter.type === null || part.type === filter.type)
    .filter((part) => filter.kind === null || part.kind === filter.kind)
    .filter((part) => filter.included === null || part.included === filter.included)
    .reduce((sum, part) => sum + part.count, 0)
}

/** What the plan's table shows: by what is done, record type, tick and text. */
export function PlanFilters({
  planId,
  search,
  tally,
  names,
}: {
  planId: string
  search: PlanSearch
  tally: readonly PlanTally[]
  names: SideNames
}) {
  const { filter } = search
  const href = (changes: Parameters<typeof planHref>[2]) => planHref(planId, search, changes)
  const facet = (label: string, changes: Parameters<typeof planHref>[2], narrowed: PlanFilter, current: boolean) => (
    <li key={label}>
      <FacetLink label={label} href={href(changes)} current={current} count={matching(tally, narrowed)} />
    </li>
  )
  return (
    <div className="flex flex-col gap-2.5">
      <ul aria-label="What is done" className="flex flex-wrap gap-1.5">
        {facet('Everything', { kind: null }, { ...filter, kind: null }, filter.kind === null)}
        {PLAN_KINDS.filter((kind) => tally.some((part) => part.kind === kind)).map((kind) =>
          facet(kindWords(kind, names).label, { kind }, { ...filter, kind }, filter.kind === kind),
        )}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2.5">
        <ul aria-label="Record type" className="flex flex-wrap gap-1.5">
          {facet('All types', { type: null }, { ...filter, type: null }, filter.type === null)}
          {SHOWN_TYPES.filter((type) => tally.some((part) => part.type === type)).map((type) =>
            facet(TYPE_PLURAL[type], { type }, { ...filter, type }, filter.type === type),
          )}
        </ul>
        <FilterForm
          label="Find a record of this plan"
          action={`/sync/preview/${planId}`}
          kept={{ ...filterQuery(filter), q: null }}
          className="flex min-w-0 items-center gap-2"
        >
          <SearchField
            key={filter.text}
            name="q"
            label="Find a record of this plan by name or key"
            placeholder="Name or key"
            defaultValue={filter.text ?? ''}
            maxLength={200}
            className="w-full sm:w-64"
          />
        </FilterForm>
      </div>
      {filter.included !== null || filter.text !== null ? (
        <div className="flex flex-wrap gap-1.5">
          {filter.included === null ? null : (
            <FilterChip label={filter.included ? 'Ticked only' : 'Unticked only'} removeHref={href({ ticks: null })} />
          )}
          {filter.text === null ? null : (
            <FilterChip label={`Name or key: ${displayText(filter.text, 40)}`} removeHref={href({ q: null })} />
          )}
        </div>
      ) : null}
    </div>
  )
}
