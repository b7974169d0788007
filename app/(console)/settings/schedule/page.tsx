import type { Metadata } from 'next'
import { Note } from '#app/_ui/error-note.tsx'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findDriftPercent } from '#lib/store/drift'
import { findSchedule, listOtherScheduled } from '#lib/store/schedules'
import { NoConnection } from '../../no-connection.tsx'
import { SettingsHead } from '../settings-head.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import { MOST_LINES } from './schema.ts'
import { startValues } from './start-values.ts'
import { startsView } from './starts-view.ts'

export const metadata: Metadata = { title: 'Schedule' }

export default async function SchedulePage() {
  const user = await requireUser('read')
  const connection = await currentConnection()
  const mayChange = may(user.role, 'settings')
  if (!connection)
    return <NoConnection heading="Schedule" title="When syncs start by themselves belongs here" maySetUp={mayChange} />
  return (
    <>
      <SettingsHead user={user} current="schedule" />
      <Schedule connection={connection} locked={mayChange ? null : 'Only an administrator can change the schedule.'} />
    </>
  )
}

async function Schedule({ connection, locked }: { connection: ConnectionView; locked: string | null }) {
  const [schedule, driftPercent, others] = await Promise.all([
    findSchedule(connection.id),
    findDriftPercent(connection.id),
    listOtherScheduled(connection.id),
  ])
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const values = startValues(schedule, {
    timeZone: own,
    options: {
      mapUnsynced: false,
      whenNoMatch: connection.settings.noMatchPolicy,
      includeClosed: false,
      allBatches: true,
      preview: false,
    },
    driftPercent,
  })
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), values.timeZone ?? own])
  return (
    <div className="flex flex-col gap-4">
      {others.length > 0 ? (
        <Note title={`Other connections start by themselves too: ${others.join(', ')}.`}>
          Make one of them current under Settings, Connection, to see its schedule.
        </Note>
      ) : null}
      <ScheduleForm
        key={connection.id}
        connectionId={connection.id}
        start={values}
        starts={schedule ? startsView(schedule, new Date()) : null}
        timeZones={[...zones]}
        names={{ erp: connection.erpName, crm: connection.crmName }}
        mostLines={MOST_LINES}
        locked={locked}
      />
    </div>
  )
}
