import { PLAN_KINDS, type PlanFilter } from '#lib/store/plan-filter'
import type { PlanTally } from '#lib/store/views-plan'
import { displayText } from '#lib/sync/display-text'
import { FacetLink, FilterChip } from '../../../../_ui/chip.tsx'
import { FilterForm } from '../../../../_ui/filter-form.tsx'
import { SearchField } from '../../../../_ui/search-field.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../../../record-types.ts'
import type { SideNames } from '../../_run/run-words.ts'
import { kindWords } from './kind-words.ts'
import { matching } from './plan-tally.ts'
import { filterQuery, type PlanSearch, planHref } from './search-params.ts'

/** What the plan's table shows: by what is done, record type, tick and text. */
export function PlanFilters({
  planId,
  search,
  tally,
  all,
  names,
}: {
  planId: string
  search: PlanSearch
  /** Counts of what holds the text that is sought. */
  tally: readonly PlanTally[]
  /** Counts of the whole plan: which ways to narrow it there are. */
  all: readonly PlanTally[]
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
        {PLAN_KINDS.filter((kind) => all.some((part) => part.kind === kind)).map((kind) =>
          facet(kindWords(kind, names).label, { kind }, { ...filter, kind }, filter.kind === kind),
        )}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2.5">
        <ul aria-label="Record type" className="flex flex-wrap gap-1.5">
          {facet('All types', { type: null }, { ...filter, type: null }, filter.type === null)}
          {SHOWN_TYPES.filter((type) => all.some((part) => part.type === type)).map((type) =>
            facet(TYPE_PLURAL[type], { type }, { ...filter, type }, filter.type === type),
          )}
        </ul>
        <FilterForm
          label="Find a record of this plan"
          action={`/sync/preview/${planId}`}
          kept={{ ...filterQuery(filter), q: null }}
          verb="Search"
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
      <ul aria-label="Ticked or not" className="flex flex-wrap gap-1.5">
        {facet('Ticked or not', { ticks: null }, { ...filter, included: null }, filter.included === null)}
        {facet('Ticked', { ticks: 'ticked' }, { ...filter, included: true }, filter.included === true)}
        {facet('Unticked', { ticks: 'unticked' }, { ...filter, included: false }, filter.included === false)}
        {filter.text === null ? null : (
          <li>
            <FilterChip label={`Name or key: ${displayText(filter.text, 40)}`} removeHref={href({ q: null })} />
          </li>
        )}
      </ul>
    </div>
  )
}
