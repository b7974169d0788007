import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { test as adminTest } from './fixtures.ts'
import { ADMIN, app, control, expectAccessible, synchronize } from './steps.ts'

/** A stranger's first quarter of an hour, in order: each step goes on where the one before it ended. */
test.describe.configure({ mode: 'serial' })

test('the printed link creates the first administrator and works once', async ({ page, browser }) => {
  await page.goto(app().setupUrl)
  await expectAccessible(page)
  await page.getByLabel('Your name').fill(ADMIN.name)
  await page.getByLabel('E-mail address').fill(ADMIN.email)
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await expect(page.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('E-mail address')).toHaveValue(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.waitForURL('**/sync')
  await expect(page.getByRole('heading', { name: 'Synchronize', level: 1 })).toBeVisible()
  await page.context().storageState({ path: `${app().dataDir}/signed-in.json` })

  const stranger = await browser.newPage()
  await stranger.goto(app().setupUrl)
  await expect(stranger.getByLabel('Your name')).toHaveCount(0)
  await stranger.close()
})

adminTest(
  'a first sync shows life within a second, pairs, sends one batch and says how often to run again',
  async ({ page }) => {
    await page.goto(`${app().url}/sync`)
    const pressed = Date.now()
    await page.getByRole('button', { name: 'Synchronize', exact: true }).click()
    await expect(page.getByText('Sync in progress')).toBeVisible()
    await expect(page.getByRole('progressbar').first()).toBeVisible()
    const shown = Date.now() - pressed
    test.info().annotations.push({ type: 'first progress', description: `${shown} ms` })
    expect(shown).toBeLessThan(3000)
    await expectAccessible(page)
    await expect(page.getByText('Sync in progress')).toBeHidden({ timeout: 100_000 })
    const took = Date.now() - pressed
    test.info().annotations.push({ type: 'first run', description: `${took} ms` })
    expect(took).toBeLessThan(60_000)
    await page.goto(`${app().url}/sync`)
    await expect(
      page
        .getByText(/The sync contained more than 500 projects\. Please re-run the manual or auto sync 3 more times/)
        .first(),
    ).toBeVisible()
    const { crm } = await (await control()).counters()
    expect(crm.maxInFlight).toBeLessThanOrEqual(4)
  },
)

adminTest('the run page adds up and explains its records', async ({ page }) => {
  await page.goto(`${app().url}/sync`)
  await page
    .getByRole('table', { name: /last ten runs/i })
    .getByRole('link')
    .first()
    .click()
  await page.waitForURL(/\/sync\/[0-9a-f-]{36}/)
  await expect(page.getByText(/3,020 considered/).first()).toBeVisible()
  await expectAccessible(page)
  for (const tab of ['Errors', 'Log', 'API calls', 'Settings used', 'Records']) {
    await page
      .getByRole('link', { name: new RegExp(`^${tab}`) })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
})

adminTest('keep going drains the backlog in one run, and a further run writes nothing at all', async ({ page }) => {
  expect(await synchronize(page, { keepGoing: true })).toContain('Sync Completed')
  const sandbox = await control()
  await sandbox.clearJournal()
  expect(await synchronize(page)).toContain('Sync Completed')
  const { erp, crm } = await sandbox.counters()
  expect({ erp: erp.writes, crm: crm.writes }).toEqual({ erp: 0, crm: 0 })
})

adminTest('a pair can be looked up, unpaired and paired again by hand', async ({ page }) => {
  await page.goto(`${app().url}/mapping?type=client`)
  await expect(page.getByRole('heading', { name: 'CRM mapping table' })).toBeVisible()
  const row = page.getByRole('row').nth(1)
  const name = (await row.getByRole('cell').nth(0).innerText()).trim()
  const key = (await row.getByRole('cell').nth(1).innerText()).trim()
  await page.getByPlaceholder(/Name, key or id/).fill(name)
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByLabel(`Actions for ${name}`).click()
  await page.getByText('Unpair…').click()
  await page
    .getByRole('button', { name: /^Unpair/ })
    .last()
    .click()
  await expect(page.getByText(/Removed/).first()).toBeVisible()
  await expectAccessible(page)

  await page.goto(`${app().url}/mapping/pair?type=client&key=${key}`)
  await page
    .getByRole('button', { name: /^Pair / })
    .first()
    .click()
  await expect(page.getByText(/is paired with/).first()).toBeVisible()
  await page.goto(`${app().url}/mapping?type=client&q=${encodeURIComponent(name)}&status=active`)
  await expect(page.getByRole('row').nth(1)).toContainText('By hand')
})

adminTest('the log is filtered, opened and exported as it is filtered', async ({ page }) => {
  await page.goto(`${app().url}/log`)
  await page.getByRole('link', { name: 'Warnings', exact: true }).click()
  await expect(page).toHaveURL(/severity=warning/)
  await expect(page.getByRole('row').nth(1)).toContainText('Warning')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export JSON' }).click()
  const path = await (await downloading).path()
  const lines: { severity: string }[] = JSON.parse(await readFile(path, 'utf8'))
  expect(lines.length).toBeGreaterThan(20)
  expect(new Set(lines.map((line) => line.severity))).toEqual(new Set(['warning']))
})
