import { FacetLink, FilterChip } from '#app/_ui/chip.tsx'
import { FilterForm } from '#app/_ui/filter-form.tsx'
import { SearchField } from '#app/_ui/search-field.tsx'
import { MAPPING_STATUSES, type MappingStatus, REVIEW_STATUSES } from '#lib/store/mapping-filter'
import { type MappingCounts, sumCounts } from '#lib/store/views-mapping'
import { displayText } from '#lib/sync/display-text'
import { countText } from '../count-text.ts'
import { STATUS_WORDS } from './mapping-words.ts'
import { type MappingSearch, mappingHref, sameStatuses } from './search-params.ts'

/** The statuses as links with their counts, and the search. */
export function MappingFilters({ search, counts }: { search: MappingSearch; counts: MappingCounts }) {
  const { query, filter } = search
  const facets: { label: string; statuses: readonly MappingStatus[]; value: string | null }[] = [
    { label: 'All', statuses: [], value: null },
    { label: STATUS_WORDS.active.label, statuses: ['active'], value: 'active' },
    { label: 'To review', statuses: REVIEW_STATUSES, value: 'review' },
    ...REVIEW_STATUSES.filter((status) => counts[status].value > 0).map((status) => ({
      label: STATUS_WORDS[status].label,
      statuses: [status],
      value: status,
    })),
    { label: STATUS_WORDS.removed.label, statuses: ['removed'], value: 'removed' },
  ]
  return (
    <div className="flex flex-col gap-3 py-4">
      <FilterForm
        label="Search the mapping table"
        action="/mapping"
        kept={{ ...query, q: null }}
        verb="Search"
        className="flex min-w-0 max-w-[640px] items-center gap-2"
      >
        <SearchField
          key={filter.text ?? ''}
          name="q"
          label="Search name, key or id of either side"
          placeholder="Name, key or id of either side"
          defaultValue={filter.text ?? ''}
          maxLength={200}
          className="flex-1"
        />
      </FilterForm>
      <div className="flex flex-wrap items-center gap-2">
        {facets.map(({ label, statuses, value }) => (
          <FacetLink
            key={label}
            label={label}
            href={mappingHref(query, { status: value })}
            current={sameStatuses(statuses, filter.statuses)}
            count={countText(sumCounts(counts, statuses.length === 0 ? MAPPING_STATUSES : statuses))}
          />
        ))}
        {filter.text === null ? null : (
          <FilterChip
            label={`Contains: ${displayText(filter.text, 40)}`}
            removeHref={mappingHref(query, { q: null })}
          />
        )}
      </div>
    </div>
  )
}
