/** The exchange: staff takes files in after a rehearsal, sees what is wrong in each row, and gets all as a file. */
import { readFile } from 'node:fs/promises';
import { expect, test, type Person } from '../support/journey';

const STAFF = 'j.reimann@lindwerk.example';

/** Puts a file to be checked. */
async function check({ page, say }: Person, subject: string, name: string, text: string): Promise<void> {
  await page.getByLabel(say('exchange.subject'), { exact: true }).selectOption({ label: say(`exchange.${subject}`) });
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
  await page.getByLabel(say('exchange.file'), { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: say('office.check'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('office.preview') })).toBeVisible();
}

/** What the button for a form gives. */
async function got({ page }: Person, form: string): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: form, exact: true }).click();
  const file = await coming;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('staff takes decisions of the back end in after a rehearsal, and gets all orders as a file', async ({ arrive }) => {
  test.setTimeout(180_000);
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  interface Orders {
    officeOrders: { nodes: { order: { number: string } }[] };
  }
  const waiting = '{ officeOrders(filter: { state: PLACED, isMatched: true }) { nodes { order { number } } } }';
  const found = await staff.ask<Orders>(waiting);
  const number = found.data?.officeOrders.nodes[0]?.order.number ?? '';
  expect(number).toMatch(/^B-/);
  await staff.open('nav.exchange');
  const report = page.getByRole('region', { name: say('office.preview') });
  const row = (text: string) => report.getByRole('row').filter({ hasText: text });

  await test.step('the rehearsal names row, column and fault, and does nothing', async () => {
    const text = `number;state;decision_reason\n${number};CONFIRMED;Leitung geprüft\nB-0;CONFIRMED;ja\n${number};DONE;ja\n`;
    await check(staff, 'orders', 'orders.csv', text);
    await expect(row(number).filter({ hasText: 'decision_reason' })).toContainText(say('office.changed'));
    await expect(row('B-0')).toContainText(`kind: ${say('exchange.missing')}`);
    await expect(row(number).filter({ hasText: say('office.refused') })).toContainText(`number: ${say('exchange.duplicate')}`);
    await staff.inspect();
    const still = await staff.ask<Orders>(waiting);
    expect(still.data?.officeOrders.nodes).toHaveLength(1);
  });

  await test.step('the good rows are taken', async () => {
    await page.getByRole('button', { name: say('exchange.take_one') }).click();
    await expect(page.getByRole('heading', { name: say('exchange.done') })).toBeVisible();
    const decided = await staff.ask<Orders>(waiting);
    expect(decided.data?.officeOrders.nodes).toHaveLength(0);
  });

  await test.step('all orders come as a file that changes nothing', async () => {
    const file = await got(staff, 'CSV');
    expect(file.name).toBe('orders.csv');
    expect(file.text.split('\r\n').find((line) => line.startsWith(number))).toContain(',CONFIRMED,');
    await check(staff, 'orders', 'again.csv', file.text);
    await expect(page.getByRole('button', { name: say('exchange.take_many', { count: '0' }) })).toBeDisabled();
  });
});

test('a price that moves while somebody orders is shown with the old one and asked again', async ({ arrive }) => {
  test.setTimeout(180_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.goto('/orders/new');
  await page.getByRole('radio', { name: /^Mail-Archiv/ }).check();
  const summary = page.getByRole('region', { name: say('order.summary') });
  await expect(summary).toContainText('14,28');

  const staff = await arrive('en');
  await staff.signIn(STAFF);
  await staff.page.setViewportSize({ width: 360, height: 800 });
  await staff.page.goto('/office/exchange');
  await staff.page
    .getByLabel(staff.say('exchange.subject'), { exact: true })
    .selectOption({ label: staff.say('exchange.products') });
  const catalogue = JSON.parse((await got(staff, 'JSON')).text) as { code: string; name_de: string }[];
  const code = catalogue.find((product) => product.name_de === 'Mail-Archiv')?.code ?? '';
  const change = JSON.stringify([{ code, price: '20.00', tax_rate: '7' }, { code: 'x y', price: '1' }]);
  await check(staff, 'products', 'price.json', change);
  const report = staff.page.getByRole('region', { name: staff.say('office.preview') });
  await expect(report.getByRole('row').filter({ hasText: code })).toContainText('price, tax_rate');
  await expect(report.getByRole('row').filter({ hasText: 'x y' })).toContainText(staff.say('exchange.not_a_code'));
  await staff.inspect();
  await staff.page.getByRole('button', { name: staff.say('exchange.take_one') }).click();
  await expect(staff.page.getByRole('heading', { name: staff.say('exchange.done') })).toBeVisible();

  await page.getByRole('button', { name: say('order.button'), exact: true }).click();
  const moved = page.getByRole('status').filter({ hasText: say('order.moved') });
  await expect(moved).toContainText('14,28');
  await expect(moved).toContainText('21,40');
  await customer.inspect();
  await page.getByRole('button', { name: say('order.button'), exact: true }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('main')).toContainText('21,40');
});
