import { expect, test } from '@playwright/test'
import { test as adminTest } from './fixtures.ts'
import { ADMIN, app, expectAccessible, expectNoSidewaysScroll } from './steps.ts'

/** Every page, in both themes and at the narrowest width, for everybody who may see it and nobody else. */

const PAGES = [
  '/',
  '/sync',
  '/mapping',
  '/mapping?type=contact&status=review',
  '/records/project/5304',
  '/log',
  '/settings/connection',
  '/settings/field-map',
  '/settings/notifications',
  '/settings/schedule',
  '/settings/users',
  '/reconciliation',
]

for (const colorScheme of ['light', 'dark'] as const) {
  adminTest(`every page is accessible in the ${colorScheme} theme and fits into 360 px`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, storageState: `${app().dataDir}/signed-in.json` })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (line) => line.type() === 'error' && complaints.push(`${page.url()}: ${line.text()}`))
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    for (const path of PAGES) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(`${app().url}${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectAccessible(page)
      await page.setViewportSize({ width: 360, height: 800 })
      await expectNoSidewaysScroll(page)
      // What a narrow window changes is the same in both themes.
      if (colorScheme === 'light') await expectAccessible(page)
    }
    expect(complaints).toEqual([])
    await context.close()
  })
}

adminTest('a run that does not exist, and a page that does not exist, say so', async ({ page }) => {
  for (const path of ['/sync/not-a-run', '/sync/01a205e2-6627-7555-bd37-00e28f4bb74e', '/nowhere']) {
    const response = await page.goto(`${app().url}${path}`)
    expect(response?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('body')).not.toContainText(/\bat .*\.(ts|js):\d+/)
  }
})

adminTest('filters that make no sense are left aside with a note, never a crash', async ({ page }) => {
  for (const path of ['/log?severity=loud&from=yesterday', '/mapping?type=spaceship&sort=%00&after=abc']) {
    const response = await page.goto(`${app().url}${path}`)
    expect(response?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
})

adminTest('a connection with a wrong address or password says what is wrong and is not saved', async ({ page }) => {
  await page.goto(`${app().url}/settings/connection`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('body')).not.toContainText('sandbox-')
})

test('nobody sees a page, starts a sync or reads an export without signing in', async ({ page, request }) => {
  for (const path of PAGES) {
    await page.goto(`${app().url}${path}`)
    await expect(page).toHaveURL(/\/sign-in/)
  }
  for (const path of [
    '/log/export?format=csv',
    '/mapping/export?format=csv',
    '/api/live/01a205e2-6627-7555-bd37-00e28f4bb74e',
  ]) {
    const answer = await request.get(`${app().url}${path}`, { maxRedirects: 0 })
    expect([401, 403, 307, 303]).toContain(answer.status())
  }
})

test('a wrong password and an unknown account look the same, and signing out ends the session at once', async ({
  page,
  browser,
}) => {
  for (const who of [
    { email: ADMIN.email, password: 'not the password at all' },
    { email: 'nobody@example.com', password: 'not the password at all' },
  ]) {
    await page.goto(`${app().url}/sign-in`)
    await page.getByLabel('E-mail address').fill(who.email)
    await page.getByLabel('Password').fill(who.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('This e-mail address and password do not fit together.')).toBeVisible()
    await expect(page.getByLabel('E-mail address')).toHaveValue(who.email)
  }
  await page.getByLabel('E-mail address').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  const stolen = await browser.newContext({ storageState: await page.context().storageState() })
  await page
    .getByRole('button', { name: /sign out/i })
    .first()
    .click()
  await page.waitForURL(/\/sign-in/)
  const thief = await stolen.newPage()
  await thief.goto(`${app().url}/log`)
  await expect(thief).toHaveURL(/\/sign-in/)
  await stolen.close()
})

test('every answer carries the security headers', async ({ request }) => {
  const headers = (await request.get(`${app().url}/sign-in`)).headers()
  expect(headers['content-security-policy']).toMatch(/script-src [^;]*'nonce-/)
  expect(headers['content-security-policy']).toContain("object-src 'none'")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBe('same-origin')
})
