import { expect, type Page } from '@playwright/test'
import { test } from './fixtures.ts'
import { ADMIN, app, expectAccessible, expectNoSidewaysScroll, signIn } from './steps.ts'

/** The field map as an administrator meets it: looked at, tried, edited, refused, put back; without JavaScript too. */
test.describe.configure({ mode: 'serial' })

const MAP = '/settings/field-map'
const row = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Field map' }).getByRole('row').filter({ hasText: name })

test('every entry stands beside the values of a real record, and another record can be chosen', async ({ page }) => {
  await page.goto(`${app().url}${MAP}`)
  const status = row(page, 'Value map, 7 values')
  await expect(status.getByRole('cell').nth(4)).toHaveText(/^[AID]$/)
  await expect(page.getByRole('row').nth(1)).toContainText('required')
  await page.getByPlaceholder('Field or form').fill('paired employee')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('row')).toHaveCount(4)

  const tried = page.getByText('Tried on').locator('..')
  const before = await tried.innerText()
  await page.getByPlaceholder(/Another record/).fill('School')
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await page.getByRole('list', { name: 'Records found' }).getByRole('link').last().click()
  await expect(page).toHaveURL(/record=\d+/)
  await expect(tried).not.toHaveText(before)
  await expect(page.getByRole('row')).toHaveCount(4)
})

test('an entry that cannot work is refused at its fields, with everything that was entered still there', async ({
  page,
}) => {
  await page.goto(`${app().url}${MAP}`)
  await page.getByRole('link', { name: 'Add an entry' }).click()
  await page.getByLabel('Field in Ajera').fill('ProjectTypeDescription')
  await page.getByLabel('Field in Vantagepoint').fill('CustNowhere')
  await page.getByRole('radio', { name: 'Shared' }).check()
  await page.getByRole('button', { name: 'Add entry' }).click()
  await expect(page.getByText('Vantagepoint has no field CustNowhere')).toBeVisible()
  await expect(page.getByText('Ajera takes no change of Project type')).toBeVisible()
  await expect(page.getByLabel('Field in Vantagepoint')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Field in Ajera')).toHaveValue('ProjectTypeDescription')
  await expect(page.getByRole('radio', { name: 'Shared' })).toBeChecked()
  await expectAccessible(page)
  await page.goto(`${app().url}${MAP}?q=CustNowhere`)
  await expect(page.getByText('No entry of this map passes the search')).toBeVisible()
})

test('an entry is tried on both systems before it is saved, then saved under the name its field has', async ({
  page,
}) => {
  await page.goto(`${app().url}${MAP}/entry?type=project`)
  await page.getByLabel('Field in Ajera').fill('billingtype')
  await page.getByLabel('Field in Vantagepoint').fill('custregion')
  await page.getByRole('button', { name: 'Try on this record' }).click()
  await expect(page.getByText('As both systems hold it now.')).toBeVisible()
  const panel = page.getByRole('region', { name: 'On a real record' })
  await expect(panel).toContainText(/TimeAndExpense|FixedFee|PercentComplete|Nonbillable/)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add entry' }).click()
  await expect(page.getByText('Billing type is in the map.')).toBeVisible()
  await expect(row(page, 'CustRegion')).toContainText('BillingType')
  await expect(row(page, 'CustRegion')).toContainText('the next run reads it')
})

test('values that occur and have no row are offered, and a row that is filled in is saved', async ({ page }) => {
  await page.goto(`${app().url}${MAP}/entry?type=client&field=Country`)
  const offered = page.getByLabel(/^Ajera value/)
  await expect(offered.nth(7)).toHaveValue(/./)
  const value = await offered.nth(7).inputValue()
  await page.getByLabel('Vantagepoint value 8').selectOption('Mexico')
  await page.getByRole('button', { name: 'Save entry' }).click()
  await expect(page.getByText('Country is saved.')).toBeVisible()
  await row(page, 'Country').getByText('Name of Country, 8 replaced').click()
  await expect(row(page, 'Country')).toContainText(`${value} → becomes Mexico`.replace(' → becomes', ' →becomes'))
})

test('an entry moves past its neighbour, and what the sync needs cannot be taken out', async ({ page }) => {
  await page.goto(`${app().url}${MAP}`)
  const names = () => page.getByRole('row').getByRole('cell').first().innerText()
  await page.getByRole('button', { name: 'Move Project number down' }).click()
  await expect.poll(names).toContain('Description')
  await page.getByRole('button', { name: 'Move Project number up' }).click()
  await expect.poll(names).toContain('Project number')
  await page.getByRole('link', { name: 'Project number', exact: true }).click()
  await expect(page.getByLabel('What people call it')).toHaveValue('Project number')
  await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(0)
  await expect(page.getByLabel('Field in Vantagepoint')).toHaveCount(0)
})

test('an entry is removed, and setting the map back says what it changes before it does', async ({ page }) => {
  await page.goto(`${app().url}${MAP}/entry?type=client&field=WebSite`)
  await page.getByRole('button', { name: 'Remove Website' }).click()
  await expect(page.getByText('WebSite is out of the map.')).toBeVisible()
  await page.getByRole('link', { name: /Set back to default/ }).click()
  await expect(page.getByText('1 entry comes back')).toBeVisible()
  await expect(page.getByText('1 entry changes')).toBeVisible()
  await expect(page.getByText(/Value map: .* → /)).toBeVisible()
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 800 })
  await expectNoSidewaysScroll(page)
  await page.getByRole('button', { name: 'Set the map for clients back' }).click()
  await expect(page.getByText('The map is set back to the default.')).toBeVisible()
  await page.goto(`${app().url}${MAP}/reset?type=client`)
  await expect(page.getByText('The map for clients is the default')).toBeVisible()
})

test('without JavaScript an entry is added, tried, moved and removed all the same', async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: `${app().dataDir}/signed-in.json`,
  })
  const page = await context.newPage()
  await page.goto(`${app().url}${MAP}/entry?type=project`)
  await page.getByRole('radio', { name: 'A fixed value' }).check()
  await page.getByLabel('The value').fill('North')
  await page.getByLabel('Field in Vantagepoint').fill('CustDeliveryMethod')
  await page.getByLabel('What people call it').fill('Plain')
  await page.getByRole('button', { name: 'Try on this record' }).click()
  await expect(page.getByText('As both systems hold it now.')).toBeVisible()
  await expect(page.getByLabel('The value')).toHaveValue('North')
  await page.getByRole('button', { name: 'Add entry' }).click()
  await expect(page.getByText('Plain is in the map.')).toBeVisible()
  await page.getByRole('button', { name: 'Move Plain up' }).click()
  await page.goto(`${app().url}${MAP}/entry?type=project&field=CustDeliveryMethod`)
  await page.getByRole('button', { name: 'Remove Plain' }).click()
  await expect(page.getByText('CustDeliveryMethod is out of the map.')).toBeVisible()
  await context.close()
})

test('who may only read sees the map and no way to change it', async ({ page, browser }) => {
  await page.goto(`${app().url}/settings/users`)
  await page.getByLabel('E-mail address').fill('vera@example.com')
  await page.getByRole('button', { name: 'Add user' }).click()
  const password = await page.getByRole('status').locator('code').innerText()
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const viewer = await context.newPage()
  await signIn(viewer, { email: 'vera@example.com', password })
  await viewer.goto(`${app().url}${MAP}`)
  await expect(row(viewer, 'Value map, 7 values')).toBeVisible()
  await expect(viewer.getByRole('link', { name: 'Add an entry' })).toHaveCount(0)
  await expect(viewer.getByRole('button', { name: /^Move/ })).toHaveCount(0)
  await expectAccessible(viewer)
  for (const path of [`${MAP}/entry?type=project&field=Status`, `${MAP}/reset?type=project`]) {
    expect((await viewer.goto(`${app().url}${path}`))?.status()).toBe(403)
  }
  await context.close()
  expect(ADMIN.email).not.toBe('vera@example.com')
})

test('the project map is set back, so that what follows starts from the default', async ({ page }) => {
  await page.goto(`${app().url}${MAP}/reset?type=project`)
  await expect(page.getByText('1 entry goes')).toBeVisible()
  await page.getByRole('button', { name: 'Set the map for projects back' }).click()
  await expect(page.getByText('The map is set back to the default.')).toBeVisible()
})
