import { BellRing } from 'lucide-react'
import type { Metadata } from 'next'
import { requireUser } from '#lib/access/session'
import { listOpenAlerts } from '#lib/store/alerts'
import { listChannels } from '#lib/store/channels'
import { findMailServer } from '#lib/store/mail-server'
import { listMessages } from '#lib/store/views-notifications'
import { ALERT_WORDS } from '#lib/sync/alert-words'
import { ALERT_KINDS } from '#lib/sync/alerts'
import { Card } from '../../../_ui/card.tsx'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { Note } from '../../../_ui/error-note.tsx'
import { OpenAlerts } from '../../_alerts/open-alerts.tsx'
import { oneValue, type SearchParams } from '../../address.ts'
import { IgnoredNote } from '../../ignored-note.tsx'
import { SettingsHead } from '../settings-head.tsx'
import { AddChannelForm } from './add-channel-form.tsx'
import { ChannelRow } from './channel-row.tsx'
import { History } from './history.tsx'
import { MailServerForm } from './mail-server-form.tsx'
import type { KindChoice } from './wanted-fields.tsx'

export const metadata: Metadata = { title: 'Notifications' }

const PAGE_SIZE = 25

const CHOICES: readonly KindChoice[] = ALERT_KINDS.map((kind) => {
  const { label, help } = ALERT_WORDS[kind]
  return { kind, label, help }
})

export default async function NotificationsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('settings')
  const params = await searchParams
  const [alerts, channels, server, history] = await Promise.all([
    listOpenAlerts(),
    listChannels(),
    findMailServer(),
    listMessages({ size: PAGE_SIZE, after: oneValue(params, 'after'), before: oneValue(params, 'before') }),
  ])
  const lacksServer = server === null && channels.some(({ kind, enabled }) => kind === 'email' && enabled)
  return (
    <>
      <SettingsHead user={user} current="notifications" />
      <IgnoredNote ignored={[]} badPlace={history.badPlace} />
      <div className="flex flex-col gap-6">
        <div className="flex max-w-[880px] flex-col gap-6">
          {alerts.length > 0 ? (
            <Card
              id="open-alerts"
              title="Open alerts"
              context="Each was told once; nothing more is sent until it is over."
              flush
            >
              <OpenAlerts alerts={alerts} showConnection />
            </Card>
          ) : null}
          {lacksServer ? (
            <Note tone="warn" title="E-mail cannot be sent yet">
              Enter the mail server below. Until then messages wait, and are given up after about two and a half hours.
            </Note>
          ) : null}
          <Card id="channels" title="Channels" context="Who is told when something breaks, and when it is over." flush>
            {channels.length === 0 ? (
              <EmptyState icon={BellRing} title="Nobody is told yet">
                Add a channel below, and a sync that fails at night is known in the morning.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {channels.map((channel) => (
                  <ChannelRow key={channel.id} channel={channel} choices={CHOICES} />
                ))}
              </ul>
            )}
          </Card>
          <AddChannelForm choices={CHOICES} />
          <MailServerForm server={server} />
        </div>
        <History page={history} />
      </div>
    </>
  )
}
