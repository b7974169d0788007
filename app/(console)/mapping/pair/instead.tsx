import { Card } from '#app/_ui/card.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { PairingCandidate, PairingSubject } from '#lib/store/views-pairing'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'
import { address } from '../../address.ts'
import { recordHref } from '../../records/record-href.ts'
import { CandidateGrid } from '../candidate-grid.tsx'
import { RelinkForm } from '../relink-form.tsx'

export interface InsteadProps {
  connection: ConnectionView
  type: RecordType
  subject: PairingSubject
  fieldMap: FieldMap
  /** The present partner and the one that may take its place. */
  present: PairingCandidate
  other: PairingCandidate
}

/** A pair and the one that may take its place, side by side, and the question. */
export function Instead({ connection, type, subject, fieldMap, present, other }: InsteadProps) {
  return (
    <div className="flex flex-col gap-5">
      <CandidateGrid
        type={type}
        subject={subject}
        candidates={[present, other]}
        connection={connection}
        fieldMap={fieldMap}
        returnTo={address('/mapping/pair', { type, key: subject.erpKey })}
        canPair={false}
        canRefuse={false}
      />
      <div className="max-w-[640px]">
        <Card id="instead" title={`Pair it with ${nameOf(other)} instead?`}>
          <RelinkForm
            type={type}
            erpKey={subject.erpKey}
            crmId={other.crmId}
            insteadOf={present.crmId}
            newName={nameOf(other)}
            oldName={nameOf(present)}
            returnTo={recordHref(type, subject.erpKey)}
            cancelHref={address('/mapping', { type, status: 'suggested' })}
          />
        </Card>
      </div>
    </div>
  )
}

function nameOf({ name, longName, crmId }: PairingCandidate): string {
  return `${displayText(longName ?? name, 80)} (${displayText(crmId)})`
}
