/** Products: a contract is found among all of them, with its dates, and the list goes along as a file. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expect, test } from '../support/journey';
import { press, reach, type } from '../support/keyboard';

/** What a download holds. */
async function text(page: Page, start: () => Promise<void>): Promise<{ file: Download; text: string }> {
  const coming = page.waitForEvent('download');
  await start();
  const file = await coming;
  return { file, text: await readFile(await file.path(), 'utf8') };
}

test('a customer narrows his products, reads the dates of one and takes them along', async ({ arrive }) => {
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await customer.open('nav.products');
  const table = page.getByRole('table', { name: say('product.caption') });
  const names = table.getByRole('rowheader');
  await expect(names).toHaveCount(6);
  await customer.inspect();

  await test.step('a part of a name, in any case, finds it; the address says so', async () => {
    await page.getByRole('searchbox').fill('HOSTING');
    await expect(names).toHaveText([/Hosting Pro/]);
    await expect(page).toHaveURL(/[?&]text=HOSTING/);
    await page.getByRole('searchbox').fill('gibt es nicht');
    await expect(page.getByText(say('product.none_found'))).toBeVisible();
    await customer.inspect();
    await page.getByRole('searchbox').fill('');
    await expect(names).toHaveCount(6);
  });

  await test.step('what is over stays in the list and is found by its state', async () => {
    await page.getByLabel(say('product.state'), { exact: true }).selectOption({ label: say('product.ended') });
    await expect(names).toHaveText([/Internet Business 250/]);
    await page.reload();
    await expect(names).toHaveText([/Internet Business 250/]);
    const { file, text: lines } = await text(page, () => page.getByRole('link', { name: say('product.as_csv') }).click());
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    expect(lines.trim().split('\r\n')).toHaveLength(2);
    expect(lines).toContain('Internet Business 250');
    expect(lines).not.toContain('Hosting Pro');
  });

  await test.step('the order is turned round', async () => {
    await page.getByLabel(say('product.state'), { exact: true }).selectOption({ label: say('product.all') });
    const ordered = page.getByLabel(say('product.order'), { exact: true });
    await ordered.selectOption({ label: say('product.order_number') });
    await expect(names).toHaveCount(6);
    const up = await names.allTextContents();
    await ordered.selectOption({ label: say('product.order_number_last') });
    await expect(names).toHaveText([...up].reverse());
  });

  await test.step('a product has a page with its dates, for the calendar too', async () => {
    await page.getByRole('link', { name: 'Hosting Pro' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Hosting Pro' })).toBeVisible();
    const term = page.getByRole('region', { name: say('product.term') });
    await expect(term).toContainText('28.02.2027');
    const { text: calendar } = await text(page, () => page.getByRole('link', { name: say('product.calendar') }).click());
    expect(calendar).toContain('BEGIN:VCALENDAR');
    expect(calendar).toContain('DTSTART;VALUE=DATE:20270228');
    await customer.inspect();
    await page.goBack();
    await expect(page).toHaveURL(/order=number-last/);
    await expect(names).toHaveCount(6);
  });

  await test.step('the contract of somebody else is not there', async () => {
    interface Contracts {
      contracts: { nodes: { id: string }[] };
    }
    const other = await arrive('de');
    await other.signIn('104871');
    const foreign = await other.ask<Contracts>('{ contracts { nodes { id } } }');
    const id = foreign.data?.contracts.nodes[0]?.id ?? '';
    expect(id).not.toBe('');
    await page.goto(`/products/${id}`);
    await expect(page.getByRole('heading', { level: 2, name: say('failed.not_found_title') })).toBeVisible();
  });
});

test('products are searched on a phone, by keyboard alone', async ({ arrive }) => {
  const customer = await arrive('en');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/products');
  await type(page, page.getByRole('searchbox'), 'v-');
  await expect(page.getByRole('link', { name: 'Hosting Pro' })).toBeVisible();
  await type(page, page.getByRole('searchbox'), 'mail');
  await expect(page.getByRole('link', { name: 'Hosting Pro' })).toHaveCount(0);
  const states = page.getByLabel(say('product.state'), { exact: true });
  await reach(page, states);
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/state=active/);
  await expect(page.getByText(say('product.none_found'))).toBeVisible();
  await reach(page, states);
  await page.keyboard.press('ArrowUp');
  await press(page, page.getByRole('link', { name: 'Mail archive' }));
  await expect(page.getByRole('heading', { level: 1, name: 'Mail archive' })).toBeVisible();
  await customer.inspect();
});
