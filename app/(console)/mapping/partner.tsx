import Link from 'next/link'
import { Clip } from '#app/_ui/table.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { MappingRow } from '#lib/store/views-mapping'
import { displayText } from '#lib/sync/display-text'
import { recordHref } from '../records/record-href.ts'
import type { SideNames } from '../sync/_run/run-words.ts'
import { personWords, removedWords } from './mapping-words.ts'

/** The other half of a row, and what became of earlier ones. */
export function Partner({ row, names }: { row: MappingRow; names: SideNames }) {
  if (row.crmName === null) {
    const count = row.candidateIds.length
    if (count === 0) return <span className="text-ink-muted">None of this name</span>
    return <span className="text-ink-muted">{count === 1 ? '1 candidate' : `${count} candidates`}</span>
  }
  return (
    <span className="block min-w-0">
      <Clip>{displayText(row.crmName, 400)}</Clip>
      {row.removedAt === null ? null : <Removed row={row} removedAt={row.removedAt} names={names} />}
      {row.hadPairs ? (
        <Link
          href={`${recordHref(row.type, row.erpKey)}#pairs`}
          prefetch={false}
          className="rounded-[3px] text-xs text-ink-muted underline decoration-line-strong underline-offset-2 hover:text-ink"
        >
          Had another pair before
        </Link>
      ) : null}
    </span>
  )
}

function Removed({ row, removedAt, names }: { row: MappingRow; removedAt: string; names: SideNames }) {
  const cause = removedWords(row.removedCause, names)
  return (
    <span className="block text-xs whitespace-normal text-ink-muted text-pretty wrap-anywhere">
      Removed <Time at={removedAt} /> by {personWords(displayText(row.by))}: {cause}
      {row.afterRemoval === 'waits' ? ' It is not created again by itself.' : ''}
      {row.afterRemoval === 'create-again' ? ' The next run creates it again.' : ''}
    </span>
  )
}
