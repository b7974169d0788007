import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page } from '@playwright/test'
import { test } from './fixtures.ts'
import { picturesWanted, takeAll } from './pictures.ts'
import { ADMIN, app, control, expectAccessible, expectNoSidewaysScroll } from './steps.ts'

/** What is looked at before it is written, what is written then and nothing else, and the way back. */
test.describe.configure({ mode: 'serial' })

interface Contact {
  readonly name: string
  readonly key: string
  readonly crmId: string
}

let contacts: readonly Contact[] = []
let plan = ''
let applied = ''

const at = (index: number): Contact => contacts[index] as Contact
const rowOf = (page: Page, { name }: Contact) => page.getByRole('row').filter({ hasText: name })

async function pairedContacts(page: Page, count: number): Promise<Contact[]> {
  await page.goto(`${app().url}/mapping?type=contact&status=active`)
  const found: Contact[] = []
  for (let index = 1; index <= count; index += 1) {
    const texts = await page.getByRole('row').nth(index).getByRole('cell').allInnerTexts()
    const [name = '', key = '', , crmId = ''] = texts.map((text) => text.trim())
    found.push({ name, key, crmId })
  }
  return found
}

async function editErp({ key }: Contact, fields: Record<string, string>): Promise<void> {
  await (await control()).act({ action: 'edit', side: 'erp', type: 'contact', key: Number(key), fields })
}

async function editCrm({ crmId }: Contact, fields: Record<string, string>): Promise<void> {
  await (await control()).act({ action: 'edit', side: 'crm', type: 'contact', key: crmId, fields })
}

/** Which records were written since the journal was cleared, one line for each call. */
async function written(): Promise<string[]> {
  return (await (await control()).journal({ wrote: true })).map(({ name }) => name).sort()
}

/** Wide in the light theme, narrow in the dark one: what differs by theme does not differ by width too. */
async function expectGoodInBothThemes(page: Page): Promise<void> {
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 900 })
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function picture(browser: Browser, name: string, path: string, part?: string): Promise<void> {
  if (picturesWanted()) await takeAll(browser, name, path, { part })
}

test('a preview writes nothing and shows each change field by field, old and new, with its reason (§13.16)', async ({
  page,
  browser,
}) => {
  contacts = await pairedContacts(page, 6)
  for (const contact of contacts) await editErp(contact, { Title: `Planned ${contact.key}` })
  await editErp(at(0), { Title: `Planned ${at(0).key}`, Fax: '(206) 555-0199' })
  await (await control()).clearJournal()
  await page.goto(`${app().url}/sync`)
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByText('Preview in progress')).toBeVisible()
  await page.getByRole('link', { name: 'Open the plan' }).first().click({ timeout: 60_000 })
  await page.waitForURL('**/sync/preview/**')
  plan = new URL(page.url()).pathname
  expect(await written()).toEqual([])

  await page.getByRole('link', { name: /^Contacts/ }).click()
  await expect(page).toHaveURL(/type=contact/)
  await expect(page.getByRole('checkbox')).toHaveCount(contacts.length)
  const one = rowOf(page, at(1))
  await expect(one).toContainText('Update Vantagepoint')
  await expect(one.locator('del')).toHaveText(/./)
  await expect(one).toContainText(`Planned ${at(1).key}`)
  await expect(one).toContainText('changed in Ajera')
  const two = rowOf(page, at(0))
  await two.getByText(/^2 fields: /).click()
  await expect(two.getByRole('listitem')).toHaveCount(2)
  await expectGoodInBothThemes(page)
  await picture(browser, 'plan', `${plan}?type=contact`)
})

test('a plan is filtered, unticked and exported as it is filtered', async ({ page }) => {
  await page.goto(`${app().url}${plan}`)
  await page.getByRole('button', { name: /^Untick all/ }).click()
  await expect(page.getByRole('button', { name: 'Apply 0 changes' })).toBeDisabled()
  await page.getByRole('link', { name: /^Contacts/ }).click()
  await page.getByRole('button', { name: `Tick the ${contacts.length} shown`, exact: true }).click()
  await expect(page.getByRole('link', { name: `Apply ${contacts.length} changes` })).toBeVisible()
  await page.getByRole('checkbox', { name: new RegExp(`${at(5).name}$`) }).click()
  await expect(page.getByRole('link', { name: `Apply ${contacts.length - 1} changes` })).toBeVisible()

  await page.getByRole('link', { name: /^Ticked 5/ }).click()
  await expect(page).toHaveURL(/ticks=ticked/)
  await expect(rowOf(page, at(5))).toHaveCount(0)
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export CSV' }).click()
  const [head = '', ...lines] = (await readFile(await (await downloading).path(), 'utf8')).trim().split(/\r?\n/)
  expect(head).toContain('erpKey')
  expect(new Set(lines.map((line) => line.split(',')[3]))).toEqual(new Set(contacts.slice(0, 5).map(({ key }) => key)))

  await page.getByPlaceholder('Name or key').fill('nobody of this name')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText('No record of this plan passes the filter')).toBeVisible()
  await expectAccessible(page)
})

test('applying writes exactly what is ticked; what was edited meanwhile stays as it is and is named', async ({
  page,
  browser,
}) => {
  await editCrm(at(0), { Title: 'Edited meanwhile' })
  await (await control()).clearJournal()
  await page.goto(`${app().url}${plan}`)
  await page.getByRole('link', { name: 'Apply 5 changes' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Update Vantagepoint')
  await dialog.getByRole('button', { name: 'Apply 5 changes' }).click()
  await page.waitForURL(/\/sync\/[0-9a-f-]{36}$/)
  applied = new URL(page.url()).pathname
  await expect(page.getByText(/^(Sync ended|How it went)$/)).toBeVisible({ timeout: 60_000 })
  expect(await written()).toEqual(
    contacts
      .slice(1, 5)
      .map(({ crmId }) => `PUT /contact/${crmId}`)
      .sort(),
  )
  await page.goto(`${app().url}${applied}?tab=errors`)
  const stale = page.getByRole('article').filter({ hasText: 'CW-1502' })
  await expect(stale).toContainText(at(0).name)
  await expectAccessible(page)
  await picture(browser, 'run-errors', `${applied}?tab=errors`, 'Details')
  await page.goto(`${app().url}${plan}`)
  await expect(page.getByText('This plan was applied.')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Apply/ })).toHaveCount(0)
})

test('an undo puts the values back, keeps what was changed since, and says which is which (§12)', async ({
  page,
  browser,
}) => {
  await editCrm(at(1), { Title: 'Changed since' })
  await page.goto(`${app().url}${applied}`)
  await page.getByRole('link', { name: 'Undo' }).click()
  await expect(page.getByText(/4 records get back what the run replaced/)).toBeVisible()
  await expectAccessible(page)
  await picture(browser, 'undo-question', `${applied}?undo=ask`)
  await page.getByLabel('Reason').fill('These titles were not meant to change')
  await page.getByRole('button', { name: 'Undo this run' }).click()
  await page.waitForURL((url) => /^\/sync\/[0-9a-f-]{36}$/.test(url.pathname) && url.pathname !== applied)
  await expect(page.getByText(/^(Undo ended|How it went)$/)).toBeVisible({ timeout: 60_000 })
  const undo = new URL(page.url()).pathname
  await page.goto(`${app().url}${undo}`)
  await expect(page.getByText('Undo completed: 3 records put back, 1 kept in part or whole, 0 failed.')).toBeVisible()
  for (const facet of ['Put back 3', 'Kept 1', 'Failed 0']) {
    await expect(page.getByRole('link', { name: facet })).toBeVisible()
  }
  await page.getByRole('link', { name: 'Kept 1' }).click()
  await expect(rowOf(page, at(1))).toContainText('Title: kept.')
  await expectGoodInBothThemes(page)
  await picture(browser, 'undo', undo, 'Details')
})

test('a run that is paused sends nothing until it is resumed; one that waits for the CRM goes on with Try now', async ({
  page,
}) => {
  const sandbox = await control()
  await page.goto(`${app().url}/settings/connection`)
  await page.getByLabel('If both sides changed a shared field').selectOption('ask')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('status').filter({ hasText: /saved/i })).toBeVisible()
  await editErp(at(2), { Title: 'Said by Ajera' })
  await editCrm(at(2), { Title: 'Said by Vantagepoint' })
  await sandbox.act({ action: 'delete', side: 'crm', type: 'contact', key: at(3).crmId })
  await sandbox.act({ action: 'advance', days: 3 })
  await sandbox.setFaults({ crm: { latencyMs: 30 } })
  await page.goto(`${app().url}/sync`)
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click()
  await page.locator('#current-run').getByRole('link', { name: 'Open run' }).click()
  await expect(page.getByText('Sending projects to Vantagepoint').first()).toBeVisible({ timeout: 60_000 })
  const held = page.getByText(`Paused by ${ADMIN.email}`, { exact: true })
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(held).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Send projects' })).toContainText('held here')
  await sandbox.clearJournal()
  await expectAccessible(page)
  await page.reload()
  await expect(held).toBeVisible()
  expect(await written()).toEqual([])

  await sandbox.setFaults({ crm: { latencyMs: 0, unavailable: 1_000_000 } })
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/it answered with status 503/).first()).toBeVisible()
  await expectAccessible(page)
  expect(await written()).toEqual([])
  await sandbox.setFaults({ crm: { unavailable: 0 } })
  await page.getByRole('button', { name: 'Try now' }).click()
  await expect(page.getByText(/^(Sync ended|How it went)$/)).toBeVisible({ timeout: 60_000 })
  expect(await written()).not.toEqual([])
  await page.reload()
  await expect(page.getByText('Sync Completed').first()).toBeVisible()
})

test('what both sides changed waits for a person, and a pair whose record is gone is kept as removed', async ({
  page,
}) => {
  await page.goto(`${app().url}/mapping?type=contact&status=conflict`)
  const conflict = page.getByRole('article').filter({ hasText: at(2).name })
  await expect(conflict).toContainText('Said by Ajera')
  await expect(conflict).toContainText('Said by Vantagepoint')
  await expectGoodInBothThemes(page)
  await conflict.getByRole('button', { name: 'Take this one: the Title of Vantagepoint' }).click()
  await expect(page.getByText('Decided').first()).toBeVisible()

  await page.goto(`${app().url}/mapping?type=contact&status=removed`)
  await expect(rowOf(page, at(3))).toContainText('Vantagepoint no longer has the record')
  await expectGoodInBothThemes(page)
  await rowOf(page, at(3))
    .getByRole('link', { name: at(3).name })
    .click()
  await expect(page.getByRole('button', { name: 'Restore the pair' })).toBeVisible()
  await expectGoodInBothThemes(page)
})
