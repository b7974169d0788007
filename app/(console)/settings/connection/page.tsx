import type { Metadata } from 'next'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection, listConnections } from '#lib/store/connections'
import { ORIGIN_WORDS } from '../../_frame/origin-words.ts'
import { SettingsHead } from '../settings-head.tsx'
import { AccessForm } from './access-form.tsx'
import { CurrentConnection } from './current-connection.tsx'
import { OtherConnections } from './other-connections.tsx'
import { SettingsForm } from './settings-form.tsx'

export const metadata: Metadata = { title: 'Connection' }

export default async function ConnectionPage() {
  const user = await requireUser('read')
  const [connection, all] = await Promise.all([currentConnection(), listConnections()])
  const mayChange = may(user.role, 'settings')
  const isGiven = connection?.origin === 'environment'
  const names = { erp: connection?.erpName ?? 'Ajera', crm: connection?.crmName ?? 'Vantagepoint' }
  const others = all.filter((one) => !one.isCurrent && one.origin !== 'environment')
  return (
    <>
      <SettingsHead user={user} current="connection" />
      <div className="flex max-w-[880px] flex-col gap-6">
        <CurrentConnection connection={connection} user={user} />
        {mayChange && !isGiven ? (
          <AccessForm names={names} hints={connection?.origin === 'screen' ? connection.credentialHints : {}} />
        ) : null}
        {connection ? (
          <SettingsForm
            key={connection.id}
            connectionId={connection.id}
            settings={connection.settings}
            names={names}
            locked={lockReason(connection, mayChange)}
            listLagMilliseconds={connection.listLagMilliseconds}
          />
        ) : null}
        {mayChange && !isGiven && others.length > 0 ? (
          <OtherConnections
            connections={others.map(({ id, name, origin, erpName, crmName }) => {
              return { id, name, origin, pair: `${ORIGIN_WORDS[origin]}: ${erpName} to ${crmName}` }
            })}
          />
        ) : null}
      </div>
    </>
  )
}

function lockReason(connection: ConnectionView, mayChange: boolean): string | null {
  if (connection.origin === 'environment') return 'Given by the variables CROSSWALK_… where Crosswalk is started.'
  return mayChange ? null : 'Only an administrator can change these.'
}
