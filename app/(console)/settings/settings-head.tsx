import { may } from '#lib/access/roles'
import type { SessionUser } from '#lib/access/session'
import { PageHead } from '../../_ui/page-head.tsx'
import { Tabs } from '../../_ui/tabs.tsx'

const FOR_ADMINISTRATORS = ['/settings/notifications', '/settings/users']

type SettingsPage = 'connection' | 'field-map' | 'schedule' | 'notifications' | 'users'

/** The head of every settings page, with the pages this person may open. */
export function SettingsHead({ user, current }: { user: SessionUser; current: SettingsPage }) {
  const tabs = [
    { label: 'Connection', href: '/settings/connection', current: current === 'connection' },
    { label: 'Field map', href: '/settings/field-map', current: current === 'field-map' },
    { label: 'Schedule', href: '/settings/schedule', current: current === 'schedule' },
    { label: 'Notifications', href: '/settings/notifications', current: current === 'notifications' },
    { label: 'Users', href: '/settings/users', current: current === 'users' },
  ]
  return (
    <>
      <PageHead title="Settings" context="Which systems are kept in step, how, and who may do what here." />
      <div className="pb-6">
        <Tabs
          label="Settings"
          tabs={may(user.role, 'users') ? tabs : tabs.filter(({ href }) => !FOR_ADMINISTRATORS.includes(href))}
        />
      </div>
    </>
  )
}
