import { History, SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import { Card } from '#app/_ui/card.tsx'
import { CopyText } from '#app/_ui/copy-text.tsx'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { FilterForm } from '#app/_ui/filter-form.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { PageHead } from '#app/_ui/page-head.tsx'
import { SearchField } from '#app/_ui/search-field.tsx'
import { TableFrame } from '#app/_ui/table.tsx'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { shownFieldMap } from '#lib/connection-field-map'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findRecordPairs } from '#lib/store/record-pairs'
import { searchTextSchema } from '#lib/store/search-text'
import {
  findCandidates,
  findLookAlikes,
  findPairingSubject,
  type PairingCandidate,
  type PairingSubject,
  searchUnpaired,
} from '#lib/store/views-pairing'
import { findRecordView } from '#lib/store/views-record'
import { displayText } from '#lib/sync/display-text'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { address, namedValue, oneValue, type SearchParams } from '../../address.ts'
import { IgnoredNote } from '../../ignored-note.tsx'
import { TYPE_PLURAL, TYPE_SINGULAR } from '../../record-types.ts'
import { CandidateGrid } from '../candidate-grid.tsx'
import { DoneNote } from '../done-note.tsx'
import { readNotice } from '../notice.ts'
import { UnpairForm } from '../unpair-form.tsx'
import { Instead } from './instead.tsx'
import { RemovedCard } from './removed-card.tsx'

export const metadata: Metadata = { title: 'Pair by hand' }

const SHOWN = 12

/** One record: its pair with the way to end it, or what it may be paired with. Works without JavaScript. */
export default async function PairPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('read')
  const params = await searchParams
  const type = RECORD_TYPES.find((each) => each === oneValue(params, 'type')) ?? null
  const erpKey = oneValue(params, 'key')
  const connection = await currentConnection()
  const isReadable = type !== null && erpKey !== null && !erpKey.includes('\u0000')
  const subject = connection !== null && isReadable ? await findPairingSubject(connection.id, type, erpKey) : null
  if (connection === null || type === null || subject === null) return <UnknownRecord type={type} />
  const notice = readNotice(params)
  const fieldMap = await shownFieldMap(connection.id)
  const canPair = may(user.role, 'pair')
  const names = { erp: connection.erpName, crm: connection.crmName }
  const [last] =
    subject.pairedWith === null ? await findRecordPairs(connection.id, type, { erpKey: subject.erpKey }) : []
  const list = address('/mapping', { type })
  const here = address('/mapping/pair', { type, key: erpKey, q: oneValue(params, 'q') })
  const instead = canPair ? await findInstead(connection.id, type, subject, oneValue(params, 'instead')) : null
  return (
    <>
      <PageHead
        trail={[
          { label: 'Mapping', href: '/mapping' },
          { label: TYPE_PLURAL[type], href: list },
        ]}
        title={displayText(subject.name, 200) || 'No name'}
        context={
          <>
            {TYPE_SINGULAR[type]} <CopyText text={displayText(subject.erpKey)} label={`${connection.erpName} key`} /> in{' '}
            {connection.erpName}
          </>
        }
        actions={
          <LinkButton icon={History} href={address('/log', { type, key: subject.erpKey })}>
            History in the log
          </LinkButton>
        }
      />
      {notice === null ? null : (
        <DoneNote
          notice={notice}
          record={await findRecordView(connection, type, { erpKey: subject.erpKey }, fieldMap[type])}
          crmName={connection.crmName}
          undoTo={canPair ? here : null}
        />
      )}
      {canPair && last?.removedAt ? (
        <RemovedCard type={type} last={{ ...last, removedAt: last.removedAt }} names={names} returnTo={here} />
      ) : null}
      {instead !== null ? (
        <Instead connection={connection} type={type} subject={subject} fieldMap={fieldMap} {...instead} />
      ) : subject.pairedWith === null ? (
        <Search
          connection={connection}
          type={type}
          subject={subject}
          typed={oneValue(params, 'q')}
          returnTo={here}
          canPair={canPair}
        />
      ) : (
        <Pair
          connection={connection}
          type={type}
          subject={subject}
          pairedWith={subject.pairedWith}
          returnTo={here}
          canPair={canPair}
        />
      )}
    </>
  )
}

/** The present partner and the unpaired record that is to take its place, where there are such two. */
async function findInstead(
  connectionId: string,
  type: RecordType,
  { erpKey, pairedWith }: PairingSubject,
  crmId: string | null,
): Promise<{ present: PairingCandidate; other: PairingCandidate } | null> {
  if (pairedWith === null || crmId === null || crmId.includes('\u0000')) return null
  const [present, other] = await findCandidates(connectionId, type, erpKey, [pairedWith.crmId, crmId])
  return present && other && other.pairedWith === null ? { present, other } : null
}

interface RecordProps {
  connection: ConnectionView
  type: RecordType
  subject: PairingSubject
  returnTo: string
  canPair: boolean
}

function Pair({
  connection,
  type,
  subject,
  pairedWith,
  returnTo,
  canPair,
}: RecordProps & { pairedWith: { crmId: string; crmName: string } }) {
  return (
    <div className="flex max-w-[640px] flex-col gap-4">
      <Card id="pair" title={`Paired in ${connection.crmName}`}>
        <p className="font-medium wrap-anywhere">{displayText(pairedWith.crmName, 300)}</p>
        <CopyText text={displayText(pairedWith.crmId)} label={`${connection.crmName} id`} />
      </Card>
      {canPair ? (
        <Card id="unpair" title="Unpair these two">
          <UnpairForm type={type} erpKey={subject.erpKey} returnTo={returnTo} />
        </Card>
      ) : null}
    </div>
  )
}

async function Search({ connection, type, subject, typed, returnTo, canPair }: RecordProps & { typed: string | null }) {
  const text = typed === null ? null : (searchTextSchema.safeParse(typed).data ?? null)
  const want = { erpKey: subject.erpKey, limit: SHOWN }
  const candidates =
    text === null
      ? await findLookAlikes(connection.id, type, { ...want, name: subject.name })
      : await searchUnpaired(connection.id, type, { ...want, text })
  return (
    <>
      <IgnoredNote ignored={typed !== null && text === null ? [namedValue('search', typed)] : []} badPlace={false} />
      <FilterForm
        label={`Search unpaired ${TYPE_PLURAL[type].toLowerCase()} in ${connection.crmName}`}
        action="/mapping/pair"
        verb="Search"
        kept={{ type, key: subject.erpKey }}
        className="flex max-w-[640px] items-center gap-2 pb-5"
      >
        <SearchField
          key={text ?? ''}
          name="q"
          label={`Name or id of an unpaired record in ${connection.crmName}`}
          placeholder={`Name or id in ${connection.crmName}`}
          defaultValue={text ?? ''}
          maxLength={200}
          className="flex-1"
        />
      </FilterForm>
      <h2 className="pb-3 text-base">{resultWords(text, candidates, connection)}</h2>
      {candidates.length === 0 ? (
        <NoCandidates type={type} crmName={connection.crmName} />
      ) : (
        <CandidateGrid
          fieldMap={await shownFieldMap(connection.id)}
          type={type}
          subject={subject}
          candidates={candidates}
          connection={connection}
          returnTo={returnTo}
          canPair={canPair}
          canRefuse
        />
      )}
    </>
  )
}

function resultWords(
  text: string | null,
  candidates: readonly PairingCandidate[],
  { crmName }: ConnectionView,
): string {
  if (text === null) return `Closest names in ${crmName}`
  const shown = displayText(text, 60)
  if (candidates.length >= SHOWN) return `The first ${SHOWN} unpaired records with “${shown}”`
  return `Unpaired records in ${crmName} with “${shown}”`
}

function NoCandidates({ type, crmName }: { type: RecordType; crmName: string }) {
  return (
    <TableFrame>
      <EmptyState icon={SearchX} title={`Nothing of that name is unpaired in ${crmName}`}>
        Search for a part of the name or for the id. {TYPE_PLURAL[type]} that have a pair are not offered; unpair them
        first. What was added to {crmName} since the last run is known only after the next.
      </EmptyState>
    </TableFrame>
  )
}

function UnknownRecord({ type }: { type: RecordType | null }) {
  return (
    <>
      <PageHead title="Pair by hand" trail={[{ label: 'Mapping', href: '/mapping' }]} />
      <TableFrame>
        <EmptyState
          icon={SearchX}
          title="This record is not known here"
          action={<LinkButton href={address('/mapping', { type })}>Back to the mapping table</LinkButton>}
        >
          The link may be from another connection, or the record is gone. Run a sync so that new records are read.
        </EmptyState>
      </TableFrame>
    </>
  )
}
