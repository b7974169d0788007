import { Card } from '#app/_ui/card.tsx'
import { CopyText } from '#app/_ui/copy-text.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { RecordPair } from '#lib/store/record-pairs'
import { afterRemovalOf } from '#lib/store/removal-causes'
import { displayText } from '#lib/sync/display-text'
import type { SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { personWords, removedWords } from '../mapping-words.ts'
import { CreateAgainForm, RestoreForm } from '../restore-form.tsx'

export interface RemovedCardProps {
  type: RecordType
  /** The pair that the record was in last. */
  last: RecordPair & { readonly removedAt: Date }
  names: SideNames
  returnTo: string
}

/** The pair that a record has lost: bring it back, or have the record created again. Works without JavaScript. */
export function RemovedCard({ type, last, names, returnTo }: RemovedCardProps) {
  const form = { type, erpKey: last.erpKey, crmName: names.crm, returnTo }
  return (
    <div className="grid max-w-[1312px] items-start gap-4 pb-6 lg:grid-cols-2">
      <Card
        id="removed"
        title="Removed pair"
        context={
          <>
            Removed <Time at={last.removedAt} /> by {personWords(displayText(last.removedBy ?? 'sync'))}:{' '}
            {removedWords(last.removedCause, names)}
          </>
        }
      >
        <p className="font-medium wrap-anywhere">{displayText(last.crmName, 300)}</p>
        <p className="pb-4">
          <CopyText text={displayText(last.crmId)} label={`${names.crm} id`} />
        </p>
        <RestoreForm {...form} mappingId={last.id} />
      </Card>
      {afterRemovalOf(last) === 'waits' ? (
        <Card
          id="create-again"
          title={`Or a new record in ${names.crm}`}
          context={`What ${names.crm} has lost is not created again by itself.`}
        >
          <CreateAgainForm {...form} />
        </Card>
      ) : null}
    </div>
  )
}
