/** Customers whom the provider brings in: imported, sent their access in a wave, and signed in by the mail's link. */
import { expect, test, type Person } from '../support/journey';
import { press, reach } from '../support/keyboard';
import type { Locator } from '@playwright/test';

const STAFF = 'j.reimann@lindwerk.example';
const NEW_PASSWORD = 'Sieben-Wege-26';

const FILE = [
  'Kundennummer;Name;E-Mail;Ort;Sprache',
  '700100;Café Sommer;post@cafe-sommer.example;Oberhausen;de',
  '700101;Ohne Adresse GbR;;Essen;de',
  '700102;Falsch;falsch@;Essen;de',
].join('\r\n');

/** The row of a customer. */
function row(person: Person, number: string): Locator {
  return person.page.getByRole('row').filter({ hasText: number });
}

test('a file is imported, a wave sent, and a customer signs in by the link', async ({ arrive }) => {
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await staff.open('nav.customers');
  await expect(page.getByRole('heading', { level: 1, name: say('nav.customers') })).toBeVisible();
  await expect(row(staff, '103870')).toContainText(say('office.prepared'));
  await staff.inspect();

  await page.getByRole('link', { name: say('office.import') }).click();
  const file = { name: 'kunden.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE, 'latin1') };
  await page.getByLabel(say('office.file'), { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: say('office.check') }).click();
  await expect(page.getByText('2 neu, 0 geändert, 0 unverändert, 1 abgelehnt')).toBeVisible();
  await expect(row(staff, '700102')).toContainText(`${say('office.email')}: ${say('refusal.not_an_email')}`);
  await staff.inspect();
  await page.getByRole('button', { name: '2 Kunden übernehmen' }).click();
  await expect(page.getByRole('heading', { name: say('office.taken') })).toBeVisible();

  await page.goto('/customers?text=7001&state=prepared');
  await expect(page.getByText('2 Kunden', { exact: true })).toBeVisible();
  await page.getByRole('checkbox', { name: say('office.select_this_page') }).check();
  await expect(page.getByText(say('office.selected', { count: '2', total: '2' }))).toBeVisible();
  await page.getByRole('button', { name: say('office.send') }).click();
  const dialog = page.getByRole('dialog', { name: say('office.send_title') });
  await expect(dialog.getByText('1 Kunde bekommt eine E-Mail')).toBeVisible();
  await expect(dialog.getByText('1 weitere')).toBeVisible();
  await staff.inspect();
  await dialog.getByRole('button', { name: say('office.send_one') }).click();
  await expect(dialog).toBeHidden();
  await page.goto('/customers?text=700100');
  await expect(row(staff, '700100')).toContainText(say('office.mailed'));

  const customer = await arrive('de');
  await customer.page.goto('/demo/mails');
  const mail = customer.page.getByRole('article').filter({ hasText: 'post@cafe-sommer.example' }).first();
  await expect(mail).toContainText('Kundennummer 700100');
  await mail.getByRole('link', { name: customer.say('mail.open_link') }).click();
  await expect(customer.page.getByRole('heading', { level: 1, name: customer.say('user.first_title') })).toBeVisible();
  await customer.page.locator('input[autocomplete="new-password"]').first().fill(NEW_PASSWORD);
  const repeated = customer.page.locator('input[autocomplete="new-password"]').nth(1);
  if (await repeated.isVisible()) await repeated.fill(NEW_PASSWORD);
  await customer.page.getByRole('button', { name: customer.say('user.choose_submit') }).click();
  await expect(customer.page.getByRole('navigation', { name: customer.say('frame.main') })).toBeVisible();

  await page.reload();
  await expect(row(staff, '700100')).toContainText(say('office.activated'));
  await expect(page.getByRole('img', { name: '1 aktiviert, 0 offen, 0 unzustellbar' })).toBeVisible();
  const again = await arrive('de');
  await again.signIn('700100', NEW_PASSWORD);
});

test('a customer is made and sent his access on a phone, by keyboard alone', async ({ arrive }) => {
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/customers');
  await reach(page, page.getByRole('link', { name: say('office.create') }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('office.create') })).toBeVisible();
  for (const [label, text] of [
    ['office.number', '700200'],
    ['office.name', 'Werkstatt Nord'],
    ['office.email', 'werkstatt@nord.example'],
  ] as const) {
    await reach(page, page.getByLabel(say(label), { exact: label !== 'office.email' }));
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Werkstatt Nord' })).toBeVisible();
  await staff.inspect();
  await page.setViewportSize({ width: 360, height: 800 });
  await reach(page, page.getByRole('button', { name: say('office.resend') }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.facts .badge')).toHaveText(say('office.mailed'));
});

test('customers are imported and a wave is sent on a phone, by keyboard alone', async ({ arrive }) => {
  const staff = await arrive('en');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/customers');
  await press(page, page.getByRole('link', { name: say('office.import') }));
  const field = page.getByLabel(say('office.file'), { exact: true });
  await reach(page, field);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE, 'utf8') });
  await press(page, page.getByRole('button', { name: say('office.check') }));
  await press(page, page.getByRole('button', { name: say('office.take_many', { count: '2' }) }));
  await expect(page.getByRole('heading', { name: say('office.taken') })).toBeVisible();

  await page.goto('/customers?text=700100&state=prepared');
  await reach(page, page.getByRole('checkbox', { name: say('office.select_one', { name: 'Café Sommer' }) }));
  await page.keyboard.press('Space');
  await press(page, page.getByRole('button', { name: say('office.send') }));
  const dialog = page.getByRole('dialog', { name: say('office.send_title') });
  await expect(dialog.getByText(say('office.reach_one'))).toBeVisible();
  await press(page, dialog.getByRole('button', { name: say('office.send_one') }));
  await expect(dialog).toBeHidden();
  await page.goto('/customers?text=700100');
  await expect(row(staff, '700100')).toContainText(say('office.mailed'));
});
