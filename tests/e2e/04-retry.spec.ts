import { type BrowserContext, expect, type Page } from '@playwright/test'
import { test } from './fixtures.ts'
import { app, control, expectAccessible, expectNoSidewaysScroll, signIn, synchronize } from './steps.ts'

/** Three contacts that the CRM refuses among many: explained, healed, and sent again. */
test.describe.configure({ mode: 'serial' })

interface Contact {
  readonly key: number
  readonly name: string
}

let poisoned: readonly Contact[] = []
let failedRun = ''

async function pairedContacts(page: Page, count: number): Promise<Contact[]> {
  await page.goto(`${app().url}/mapping?type=contact&status=active`)
  const contacts: Contact[] = []
  for (let index = 1; index <= count; index += 1) {
    const cells = page.getByRole('row').nth(index).getByRole('cell')
    contacts.push({ name: (await cells.nth(0).innerText()).trim(), key: Number(await cells.nth(1).innerText()) })
  }
  return contacts
}

async function edit(contacts: readonly Contact[], fields: (contact: Contact) => Record<string, string>): Promise<void> {
  const sandbox = await control()
  for (const contact of contacts) {
    await sandbox.act({ action: 'edit', side: 'erp', type: 'contact', key: contact.key, fields: fields(contact) })
  }
}

/** Presses the button, waits for the end of the run it leads to, and answers how many records that run wrote. */
async function pressAndFollow(page: Page, name: string | RegExp): Promise<number> {
  await (await control()).clearJournal()
  const before = new URL(page.url()).pathname
  await page.getByRole('button', { name }).click()
  await page.waitForURL((url) => /^\/sync\/[0-9a-f-]{36}$/.test(url.pathname) && url.pathname !== before)
  await expect(page.getByText(/^(Sync ended|How it went)$/)).toBeVisible({ timeout: 60_000 })
  return (await (await control()).journal({ wrote: true })).length
}

test('the errors of a run are grouped by cause, with who can fix it and what to do (§11)', async ({ page }) => {
  const contacts = await pairedContacts(page, 5)
  poisoned = contacts.slice(0, 3)
  const bad = new Set(poisoned.map(({ key }) => key))
  await edit(contacts, ({ key }) => ({ Title: `Principal ${key}`, Country: 'USA', State: bad.has(key) ? 'ZZ' : 'NY' }))
  expect(await synchronize(page)).toContain('Completed with errors')
  const link = page.getByRole('table', { name: /last ten runs/i }).getByRole('link')
  failedRun = (await link.first().getAttribute('href')) ?? ''
  await page.goto(`${app().url}${failedRun}?tab=errors`)
  const group = page.getByRole('article').filter({ hasText: 'A value refers to something Vantagepoint does not have' })
  await expect(group).toContainText('3 errors')
  await expect(group).toContainText('CW-1115')
  await expect(group).toContainText('Whoever enters the record in Ajera or Vantagepoint')
  await expect(group).toContainText('Add the code or record in Vantagepoint, or correct the value in Ajera.')
  await expect(group.getByRole('link', { name: /^Open the record/ })).toHaveCount(3)
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 800 })
  await expectNoSidewaysScroll(page)
})

test('one record, then all of its cause, are sent again when they are healed, and nothing else is (§6.5)', async ({
  page,
}) => {
  await edit(poisoned, () => ({ State: 'NY' }))
  await page.goto(`${app().url}${failedRun}?tab=errors`)
  expect(await pressAndFollow(page, `Retry ${poisoned[0]?.name}`)).toBe(1)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Retry')
  await expect(page.getByText('1 considered').first()).toBeVisible()

  await page.goto(`${app().url}${failedRun}?tab=errors`)
  expect(await pressAndFollow(page, /^Retry 3 records: A value refers/)).toBe(2)
  await expect(page.getByText('3 considered').first()).toBeVisible()
  await page.reload()
  await page.getByRole('link', { name: 'the earlier run' }).click()
  await expect(page).toHaveURL(new RegExp(failedRun))
})

test('a row of the mapping table syncs this one and no other', async ({ page }) => {
  const contacts = await pairedContacts(page, 2)
  await edit(contacts, ({ key }) => ({ Title: `Director ${key}` }))
  await page.getByLabel(`Actions for ${contacts[1]?.name}`).click()
  expect(await pressAndFollow(page, 'Sync this one')).toBe(1)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sync of one record')
  await expectAccessible(page)
  expect(await synchronize(page)).toContain('Sync Completed')
})

test('a viewer sees the errors and no way to send them again, and is refused who tries', async ({ page, browser }) => {
  const email = 'vic@example.com'
  await page.goto(`${app().url}/settings/users`)
  await page.getByLabel('E-mail address').last().fill(email)
  await page.getByRole('button', { name: 'Add user' }).click()
  const note = page.getByRole('status').filter({ hasText: `Password for ${email}` })
  const password = (await note.locator('code, .font-mono').first().innerText()).trim()
  const context: BrowserContext = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const viewer = await context.newPage()
  await signIn(viewer, { email, password })
  await viewer.goto(`${app().url}${failedRun}?tab=errors`)
  await expect(viewer.getByText(/^\d+ records failed\./)).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^Retry/ })).toHaveCount(0)
  await viewer.goto(`${app().url}/mapping?type=contact`)
  await expect(viewer.getByText('Sync this one')).toHaveCount(0)

  // The administrator's page with the viewer's session: what the server says, whoever draws the buttons.
  await page.goto(`${app().url}${failedRun}?tab=errors`)
  await page.context().clearCookies()
  await page.context().addCookies(await context.cookies())
  await page.getByRole('button', { name: /^Retry all \d+ failed records$/ }).click()
  await expect(page.getByText('Your role does not allow this: it needs operator.')).toBeVisible()
  await context.close()
})
