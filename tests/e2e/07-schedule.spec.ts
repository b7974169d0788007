import { expect } from '@playwright/test'
import { test } from './fixtures.ts'
import { app, control, expectAccessible, expectNoSidewaysScroll, signIn } from './steps.ts'

/** Syncs that start by themselves, and a comparison of both sides, as an administrator meets them. */
test.describe.configure({ mode: 'serial' })

const SCHEDULE = '/settings/schedule'

test('a schedule is tried, refused with everything that was entered, saved, and told where syncs are started', async ({
  page,
}) => {
  await page.goto(`${app().url}${SCHEDULE}`)
  await page.getByRole('checkbox', { name: 'Sync by itself' }).check()
  await page.getByRole('radio', { name: 'On chosen days' }).check()
  await page.getByLabel('Time zone').selectOption('America/New_York')
  await page.getByRole('button', { name: 'Save schedule' }).click()
  await expect(page.getByText('Choose at least one day.')).toBeVisible()
  await expect(page.getByRole('radio', { name: 'On chosen days' })).toBeChecked()
  await expect(page.getByLabel('Time zone')).toHaveValue('America/New_York')
  await expectAccessible(page)

  await page.getByRole('checkbox', { name: 'Monday' }).check()
  await page.getByRole('group', { name: 'Quiet hours' }).getByLabel('From').first().fill('05:00')
  await page.getByRole('group', { name: 'Quiet hours' }).getByLabel('To').first().fill('06:30')
  await page.getByRole('button', { name: 'Show next starts' }).click()
  const starts = page.getByRole('list', { name: 'Next automatic syncs' }).getByRole('listitem')
  await expect(starts).toHaveCount(5)
  await expect(starts.first()).toContainText(/Mon, \w+ \d+, 06:30 E[SD]T/)
  await expect(page.getByText('Not saved')).toBeVisible()

  await page.getByRole('button', { name: 'Save schedule' }).click()
  await expect(page.getByText('Saved. Syncs start by themselves.')).toBeVisible()
  await page.setViewportSize({ width: 360, height: 800 })
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
  for (const path of ['/', '/sync']) {
    await page.goto(`${app().url}${path}`)
    await expect(page.getByText('Next automatic sync:')).toContainText(/Mon, \w+ \d+, 06:30/)
  }
})

test('a comparison finds what was edited, writes nothing, and its repair is one click away', async ({ page }) => {
  await page.goto(`${app().url}/reconciliation`)
  await page.getByRole('button', { name: 'Compare now' }).click()
  await expect(page.getByRole('table', { name: 'Drift by record type' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('Comparison in progress')).toBeHidden({ timeout: 60_000 })

  await (await control()).act({ action: 'advance', days: 1 })
  await (await control()).clearJournal()
  const pressed = Date.now()
  await page.getByRole('button', { name: 'Compare now' }).click()
  await expect(page.getByText('Comparison in progress')).toBeVisible()
  await expect(page.getByText('Comparison in progress')).toBeHidden({ timeout: 60_000 })
  test.info().annotations.push({ type: 'comparison', description: `${Date.now() - pressed} ms` })
  expect((await (await control()).journal()).filter((call) => call.wrote)).toEqual([])
  await expect(page.getByRole('img', { name: /^\d+ comparisons\. First, / })).toBeVisible()
  await expectAccessible(page)
  await page.getByText('Show as a table').click()
  await expect(page.getByRole('table', { name: 'Drift over time' }).getByRole('row')).not.toHaveCount(0)

  await page.getByRole('link', { name: 'Plan the repair' }).click()
  await expect(page.getByRole('link', { name: /^Apply [\d,]+ changes?$/ })).toBeVisible()
})

test('who may only read sees both, and no way to change the schedule or to compare', async ({ page, browser }) => {
  await page.goto(`${app().url}/settings/users`)
  await page.getByLabel('E-mail address').fill('rita@example.com')
  await page.getByRole('button', { name: 'Add user' }).click()
  const password = await page.getByRole('status').locator('code').innerText()
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const viewer = await context.newPage()
  await signIn(viewer, { email: 'rita@example.com', password })
  await viewer.goto(`${app().url}${SCHEDULE}`)
  await expect(viewer.getByText('Only an administrator can change the schedule.')).toBeVisible()
  await expect(viewer.getByRole('checkbox', { name: 'Sync by itself' })).toBeDisabled()
  await expect(viewer.getByRole('button', { name: /Save|Show next|Add/ })).toHaveCount(0)
  await expectAccessible(viewer)
  await viewer.goto(`${app().url}/reconciliation`)
  await expect(viewer.getByRole('table', { name: 'Drift by record type' })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Compare now' })).toHaveCount(0)
  await context.close()
})

test('without JavaScript a schedule is tried and saved all the same', async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: `${app().dataDir}/signed-in.json`,
  })
  const page = await context.newPage()
  await page.goto(`${app().url}${SCHEDULE}`)
  await page.getByRole('radio', { name: 'Every hour' }).check()
  await page.getByLabel('Minutes past the hour').fill('20')
  await page.getByRole('button', { name: 'Show next starts' }).click()
  await expect(page.getByRole('list', { name: 'Next automatic syncs' }).getByRole('listitem')).toHaveCount(5)
  await page.getByRole('checkbox', { name: 'Sync by itself' }).uncheck()
  await page.getByRole('button', { name: 'Save schedule' }).click()
  await expect(page.getByText('Saved. No sync starts by itself.')).toBeVisible()
  await context.close()
})
