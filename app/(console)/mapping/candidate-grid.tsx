import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '#app/_ui/badge.tsx'
import { classNames } from '#app/_ui/class-names.ts'
import { CopyText } from '#app/_ui/copy-text.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { PairingCandidate, PairingSubject } from '#lib/store/views-pairing'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'
import { address } from '../address.ts'
import { type ComparedField, comparedFields } from './compared-fields.ts'
import { PairButtons } from './pair-buttons.tsx'

export interface CandidateGridProps {
  fieldMap: FieldMap
  type: RecordType
  subject: PairingSubject
  candidates: readonly PairingCandidate[]
  connection: ConnectionView
  returnTo: string
  canPair: boolean
  /** Which mark a candidate gets: it is one that matching named, or only resembles. */
  canRefuse: boolean
}

/** The record and its candidates side by side, with what tells them apart. */
export function CandidateGrid(props: CandidateGridProps) {
  const { fieldMap, type, subject, candidates, connection } = props
  const fields = comparedFields(fieldMap, type, subject.fields, candidates)
  return (
    <div
      className={classNames(
        'grid gap-3',
        candidates.length > 2
          ? 'md:grid-cols-[minmax(0,1fr)_minmax(0,3fr)]'
          : 'md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]',
      )}
    >
      <Half side={connection.erpName} name={subject.name} id={subject.erpKey} own>
        <FieldList fields={fields} pick={(field) => ({ value: field.erp, isSame: false })} />
      </Half>
      <div
        className={classNames(
          'grid gap-3',
          candidates.length > 2 ? 'grid-cols-[repeat(auto-fill,minmax(min(100%,216px),1fr))]' : 'sm:grid-cols-2',
        )}
      >
        {candidates.map((candidate, index) => (
          <Half
            key={candidate.crmId}
            side={connection.crmName}
            name={candidate.longName ?? candidate.name}
            id={candidate.crmId}
          >
            <FieldList fields={fields} pick={(field) => field.crm[index] ?? { value: null, isSame: false }} />
            <Choice {...props} candidate={candidate} />
          </Half>
        ))}
      </div>
    </div>
  )
}

function Choice({
  candidate,
  type,
  subject,
  connection,
  returnTo,
  canPair,
  canRefuse,
}: CandidateGridProps & { candidate: PairingCandidate }) {
  if (candidate.pairedWith?.erpKey === subject.erpKey) {
    return (
      <p>
        <Badge tone="ok">Paired with it now</Badge>
      </p>
    )
  }
  if (candidate.pairedWith !== null) {
    const { erpKey, erpName } = candidate.pairedWith
    return (
      <p className="text-sm text-ink-muted text-pretty">
        Already paired with {displayText(erpName, 80)} ({displayText(erpKey)}) in {connection.erpName}.
      </p>
    )
  }
  if (!canPair) return null
  return (
    <>
      {candidate.isNever ? (
        <p className="text-sm text-ink-muted text-pretty">
          Marked as never to be matched. Pairing them takes that back.
        </p>
      ) : null}
      {subject.pairedWith === null ? null : (
        <LinkButton
          size="small"
          variant="primary"
          prefetch={false}
          className="self-start"
          data-review="pair"
          href={address('/mapping/pair', { type, key: subject.erpKey, instead: candidate.crmId })}
          aria-label={`Pair ${displayText(subject.name, 80)} with ${displayText(candidate.name, 80)} (${displayText(candidate.crmId)}) instead`}
        >
          Pair these instead…
        </LinkButton>
      )}
      <PairButtons
        canPair={subject.pairedWith === null}
        type={type}
        erpKey={subject.erpKey}
        erpName={displayText(subject.name, 80)}
        crmId={candidate.crmId}
        crmName={displayText(candidate.name, 80)}
        returnTo={returnTo}
        canRefuse={canRefuse && !candidate.isNever}
      />
    </>
  )
}

function Half({
  side,
  name,
  id,
  own = false,
  children,
}: {
  side: string
  name: string
  id: string
  own?: boolean
  children: ReactNode
}) {
  return (
    <div
      className={classNames(
        'flex min-w-0 flex-col gap-3 rounded-control border px-3.5 py-3',
        own ? 'border-line bg-canvas md:sticky md:top-4 md:self-start' : 'border-line bg-surface',
      )}
    >
      <div className="min-w-0">
        <p className="text-xs text-ink-muted">{side}</p>
        <p className="font-medium text-pretty wrap-anywhere">{displayText(name, 300)}</p>
        <CopyText text={displayText(id)} label={`${side} id`} />
      </div>
      {children}
    </div>
  )
}

function FieldList({
  fields,
  pick,
}: {
  fields: readonly ComparedField[]
  pick: (field: ComparedField) => { value: string | null; isSame: boolean }
}) {
  if (fields.length === 0) return null
  return (
    <dl className="flex flex-1 flex-col gap-1 text-sm">
      {fields.map((field) => {
        const { value, isSame } = pick(field)
        return (
          <div key={field.label} className="flex min-w-0 flex-wrap items-baseline justify-between gap-x-3">
            <dt className="shrink-0 text-ink-muted">{field.label}</dt>
            <dd className="tabular ms-auto flex min-w-0 items-center gap-1 text-end wrap-anywhere">
              {value ?? <span className="text-ink-muted">—</span>}
              {isSame ? (
                <>
                  <Check aria-hidden size={13} className="shrink-0 text-ok" />
                  <span className="sr-only">the same</span>
                </>
              ) : null}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
