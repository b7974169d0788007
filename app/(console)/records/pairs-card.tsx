import { Link2, Link2Off } from 'lucide-react'
import type { RecordPair } from '#lib/store/record-pairs'
import type { RecordView } from '#lib/store/views-record'
import { displayText } from '#lib/sync/display-text'
import type { SideNames } from '#lib/sync/messages'
import { Card } from '../../_ui/card.tsx'
import { Time } from '../../_ui/time.tsx'
import { MATCHED_BY_WORDS, personWords, removedWords } from '../mapping/mapping-words.ts'

export interface PairsCardProps {
  record: RecordView
  names: SideNames
}

/** The pairs this record is and was in, with who made and who ended them, and why. */
export function PairsCard({ record, names }: PairsCardProps) {
  const { pair, pastPairs } = record
  const pairs = pair === null ? pastPairs : [pair, ...pastPairs]
  return (
    <Card id="pairs" title="Pairs" context="Who paired this record with what. Removed pairs stay, with their cause.">
      {pairs.length === 0 ? (
        <p className="text-ink-muted">It has never been paired.</p>
      ) : (
        <ol className="flex flex-col gap-4">
          {pairs.map((one) => (
            <li key={one.id} className="flex items-start gap-2.5">
              {one.removedAt === null ? (
                <Link2 aria-hidden size={16} className="mt-0.5 shrink-0 text-ok" />
              ) : (
                <Link2Off aria-hidden size={16} className="mt-0.5 shrink-0 text-ink-muted" />
              )}
              <div className="min-w-0">
                <PairEvents pair={one} names={names} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function PairEvents({ pair, names }: { pair: RecordPair; names: SideNames }) {
  return (
    <>
      <p className="font-medium wrap-anywhere">
        {displayText(pair.crmName, 200)}{' '}
        <span className="font-mono text-xs font-normal text-ink-muted">{displayText(pair.crmId)}</span>
      </p>
      <p className="text-sm text-ink-muted text-pretty">
        {pairedWords(pair, names)} <Time at={pair.createdAt} />
      </p>
      {pair.removedAt === null ? null : (
        <p className="text-sm text-ink-muted text-pretty wrap-anywhere">
          Removed by {personWords(displayText(pair.removedBy ?? 'sync'))} <Time at={pair.removedAt} />:{' '}
          {removedWords(pair.removedCause, names)}
          {pair.createAgainAt === null ? '' : ' The next run creates it again.'}
        </p>
      )}
    </>
  )
}

function pairedWords({ matchedBy, createdBy }: RecordPair, { crm }: SideNames): string {
  const by = personWords(displayText(createdBy))
  if (matchedBy === 'created') return `Created in ${crm} and paired`
  if (matchedBy === 'adopted') return `Found in ${crm} after its answer was lost, and paired`
  return matchedBy === 'person' ? `Paired by ${by}` : `Paired by ${MATCHED_BY_WORDS.name.toLowerCase()} by ${by}`
}
