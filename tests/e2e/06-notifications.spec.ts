import { expect } from '@playwright/test'
import { test } from './fixtures.ts'
import { app, control, expectAccessible, expectNoSidewaysScroll, synchronize } from './steps.ts'

/** Notifications as an administrator meets them: set up, tried, refused, told of on the overview; without JavaScript too. */
test.describe.configure({ mode: 'serial' })

const PAGE = '/settings/notifications'

test('a channel that cannot work is refused at its fields, with everything that was entered still there', async ({
  page,
}) => {
  await page.goto(`${app().url}${PAGE}`)
  await page.getByLabel('Kind').selectOption('webhook')
  await page.getByLabel('Address', { exact: true }).fill('https://10.0.0.5/hook')
  await page.getByRole('checkbox', { name: 'Records failed' }).uncheck()
  await page.getByRole('radio', { name: 'Once a day' }).check()
  await page.getByRole('button', { name: 'Add channel' }).click()
  await expect(page.getByText('it is a private or reserved address')).toBeVisible()
  await expect(page.getByLabel('Kind')).toHaveValue('webhook')
  await expect(page.getByLabel('Address', { exact: true })).toHaveValue('https://10.0.0.5/hook')
  await expect(page.getByRole('checkbox', { name: 'Records failed' })).not.toBeChecked()
  await expect(page.getByRole('radio', { name: 'Once a day' })).toBeChecked()
})

test('the secret of a webhook is shown once, and a new one can be made', async ({ page }) => {
  await page.goto(`${app().url}${PAGE}`)
  await page.getByLabel('Kind').selectOption('webhook')
  await page.getByLabel('Address', { exact: true }).fill('https://hooks.invalid/crosswalk')
  await page.getByRole('button', { name: 'Add channel' }).click()
  const secret = page.getByText(/^whsec_/)
  const first = await secret.innerText()
  await page.reload()
  await expect(secret).toHaveCount(0)
  await page.getByText('Change https://hooks.invalid/crosswalk').click()
  await page.getByRole('button', { name: 'New secret: https://hooks.invalid/crosswalk' }).click()
  await expect(secret).toBeVisible()
  expect(await secret.innerText()).not.toBe(first)
})

test('a test tells what became of it, and the history keeps it', async ({ page }) => {
  await page.goto(`${app().url}${PAGE}`)
  await page.getByRole('button', { name: 'Test https://hooks.invalid/crosswalk' }).click()
  await expect(page.locator('#channels').getByText(/^The receiver could not be reached/)).toBeVisible()
  const newest = page.getByRole('table', { name: 'Messages, newest first' }).getByRole('row').nth(1)
  await expect(newest).toContainText('Crosswalk: this is a test')
  await expect(newest).toContainText('Failed')
})

test('the password of the mail server is never shown again, and is not kept for another server', async ({ page }) => {
  await page.goto(`${app().url}${PAGE}`)
  await page.getByLabel('Server', { exact: true }).fill('smtp.invalid')
  await page.getByLabel('User name').fill('crosswalk')
  await page.getByLabel('Password').fill('an orchard of lanterns')
  await page.getByLabel('Sender').fill('crosswalk@example.com')
  await page.getByRole('button', { name: 'Save mail server' }).click()
  await expect(page.getByText('ends in ••ns')).toBeVisible()
  expect(await page.content()).not.toContain('orchard of lanterns')
  await page.getByLabel('Server', { exact: true }).fill('smtp.elsewhere.invalid')
  await page.getByRole('button', { name: 'Save mail server' }).click()
  await expect(page.getByText(/enter the password again/)).toBeVisible()
  await expect(page.getByLabel('Server', { exact: true })).toHaveValue('smtp.elsewhere.invalid')
})

test('a sync that fails stands on the overview until a good one', async ({ page }) => {
  await (await control()).setFaults({ erp: { deniedMethods: ['GetClients'] } })
  await synchronize(page)
  await page.goto(`${app().url}/`)
  const alerts = page.getByRole('region', { name: 'What is wrong just now' })
  await expect(alerts).toContainText('A sync failed')
  await page.setViewportSize({ width: 360, height: 800 })
  await expectNoSidewaysScroll(page)
  await page.goto(`${app().url}${PAGE}`)
  await expect(page.getByRole('region', { name: 'Open alerts' })).toContainText('GetClients')
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
  await (await control()).setFaults({ erp: { deniedMethods: [] } })
  await synchronize(page)
  await page.goto(`${app().url}/`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  // Records that the sandbox makes fail may stay.
  await expect(page.getByText('A sync failed', { exact: true })).toBeHidden()
})

test('all of it works without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: `${app().dataDir}/signed-in.json`,
  })
  const page = await context.newPage()
  await page.goto(`${app().url}${PAGE}`)
  await page.getByLabel('Address', { exact: true }).fill('ops@example.com')
  await page.getByRole('button', { name: 'Add channel' }).click()
  await expect(page.getByText('ops@example.com was added.')).toBeVisible()
  await page.goto(`${app().url}${PAGE}`)
  await page.getByRole('button', { name: 'Switch off ops@example.com' }).click()
  await expect(page.getByText('Switched off. What waited is not sent.')).toBeVisible()
  await page.goto(`${app().url}${PAGE}`)
  await page.getByText('Change ops@example.com').click()
  await page.getByRole('button', { name: 'Remove: ops@example.com' }).click()
  await page.goto(`${app().url}${PAGE}`)
  await expect(page.locator('#channels')).not.toContainText('ops@example.com')
  await context.close()
})
