/** Invoices as a customer reads them: found, opened, paid, kept, and fetched by a program. */
import { readFile } from 'node:fs/promises';
import { expect, request } from '@playwright/test';
import { test } from '../support/journey';
import { press } from '../support/keyboard';

test('a customer finds an invoice, pays by its code, and keeps its files', async ({ arrive }) => {
  test.setTimeout(120_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const saved = async (link: ReturnType<typeof page.getByRole>) => {
    const waiting = page.waitForEvent('download');
    await link.click();
    const download = await waiting;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };

  await page.goto('/invoices');
  const rows = page.getByRole('row').filter({ has: page.getByRole('rowheader') });
  await expect(rows.first()).toBeVisible();
  await expect(page.getByText('2.520,07')).toBeVisible();
  await expect(page.getByText('12.699,38')).toBeVisible();
  await customer.inspect();

  await page.getByLabel(say('invoice.product'), { exact: true }).selectOption({ label: 'Internet Business 500 (Markt 4, Oberhausen)' });
  await expect(page).toHaveURL(/product=/);
  await expect(rows).toHaveCount(15);
  await page.getByRole('searchbox').fill('GU-');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText(say('invoice.kind_credit_note'));
  await page.getByRole('searchbox').fill('nirgends');
  await expect(page.getByText(say('invoice.none_found'))).toBeVisible();
  await page.getByRole('button', { name: say('invoice.clear') }).first().click();
  await expect(rows).toHaveCount(15);

  const csv = await saved(page.getByRole('link', { name: say('invoice.list_csv') }));
  expect(csv.name).toBe('Rechnungen.csv');
  expect(csv.bytes.toString()).toMatch(/^Nummer,Datum,Fällig,/);

  await rows.nth(0).getByRole('checkbox').check();
  await rows.nth(1).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: say('ui.selection') });
  await customer.inspect();
  const zip = await saved(bar.getByRole('link', { name: say('invoice.as_zip') }));
  expect([zip.name, zip.bytes.subarray(0, 2).toString()]).toEqual(['Rechnungen.zip', 'PK']);

  await page.getByLabel(say('invoice.state'), { exact: true }).selectOption('due');
  await expect(page).toHaveURL(/state=due/);
  await expect(bar).toHaveCount(0);
  await rows.first().getByRole('rowheader').getByRole('link').click();
  const pay = page.getByRole('region', { name: say('invoice.pay') });
  await expect(pay.getByRole('img', { name: say('invoice.giro_alt') })).toBeVisible();
  await pay.getByRole('button', { name: /IBAN/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^DE\d{20}$/);
  await customer.inspect();
  const files = page.getByRole('region', { name: say('invoice.files') });
  const original = await saved(files.getByRole('link', { name: say('invoice.original') }));
  expect(original.bytes.length).toBeGreaterThan(1000);
  const second = await saved(files.getByRole('link').nth(1));
  expect(second.name).toMatch(/\.(pdf|xml)$/);
});

test('a program reads the feed with a token that a customer makes', async ({ arrive, portal }) => {
  test.setTimeout(120_000);
  const customer = await arrive('en');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/invoices');
  await press(page, page.getByRole('link', { name: say('invoice.feed') }));
  await expect(page.getByRole('heading', { level: 1, name: say('invoice.feed') })).toBeVisible();
  await expect(page.getByText(`${portal.origin}/feeds/invoices.json`)).toBeVisible();
  await customer.inspect();
  await page.getByRole('link', { name: say('invoice.feed_token_way') }).click();
  const part = page.getByRole('region', { name: say('token.title') });
  await part.getByRole('button', { name: say('token.create') }).click();
  const dialog = page.getByRole('dialog', { name: say('token.create') });
  await dialog.getByLabel(say('token.name')).fill('Books');
  await dialog.getByLabel(say('member.see_invoices')).check();
  await dialog.getByRole('button', { name: say('token.create') }).click();
  const token = (await dialog.locator('#token-secret').textContent()) ?? '';

  const program = await request.newContext({ baseURL: portal.origin, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  const feed = await program.get('/feeds/invoices.json?language=EN');
  expect(feed.status()).toBe(200);
  const { items } = (await feed.json()) as { items: { attachments: { url: string }[] }[] };
  expect(items.length).toBeGreaterThan(0);
  for (const { url } of items[0]?.attachments ?? []) expect((await program.get(url)).status()).toBe(200);
  const again = await program.get('/feeds/invoices.json?language=EN', { headers: { 'if-none-match': feed.headers()['etag'] ?? '' } });
  expect(again.status()).toBe(304);
  expect((await program.get('/feeds/invoices.atom')).headers()['content-type']).toContain('application/atom+xml');
  await program.dispose();
  const nobody = await request.newContext({ baseURL: portal.origin });
  expect((await nobody.get('/feeds/invoices.json')).status()).toBe(401);
  await nobody.dispose();
});
