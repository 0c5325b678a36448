/** The office: what waits on the start page, and one box that finds a customer by whatever is at hand. */
import { expect, test } from '../support/journey';
import { reach } from '../support/keyboard';
import { setUp } from '../support/second-factor';

const STAFF = 'j.reimann@lindwerk.example';

test('staff sees what waits, and finds a customer by each of the things at hand', async ({ arrive }) => {
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await expect(page.getByRole('heading', { name: say('desk.waits') })).toBeVisible();
  await expect(page.getByRole('link', { name: say('desk.unsent_access') })).toBeVisible();
  await staff.inspect();
  await page.getByRole('link', { name: say('desk.orders') }).click();
  await expect(page).toHaveURL(/\/office\/orders\?state=placed$/);

  const box = page.getByRole('combobox', { name: say('desk.search') });
  const list = page.getByRole('listbox', { name: say('desk.hits') });
  for (const [typed, kind, seen] of [
    ['104233', 'desk.kind_customer', 'Bäckerei Öztürk GmbH'],
    ['ozturk', 'desk.kind_customer', 'Bäckerei Öztürk GmbH'],
    ['aylin@', 'desk.kind_email', 'aylin@baeckerei-oeztuerk.example'],
    ['re-20', 'desk.kind_invoice', 'RE-20'],
    ['7634', 'desk.kind_device', 'Haustechnik Brandt & Söhne KG'],
  ] as const) {
    await box.fill(typed);
    await expect(list.getByRole('group', { name: say(kind) }).getByRole('option').first()).toContainText(seen);
  }
  await staff.inspect();
  await box.fill('niemand heißt so');
  await expect(list.getByText(say('desk.none'))).toBeVisible();
  await box.fill('öztürk');
  await list.getByRole('option').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bäckerei Öztürk GmbH' })).toBeVisible();
  await expect(box).toHaveValue('');
});

test('a customer is found on a phone, by keyboard alone', async ({ arrive }) => {
  const staff = await arrive('en');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/log');
  const box = page.getByRole('combobox', { name: say('desk.search') });
  await expect(box).toBeVisible();
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await page.keyboard.type('schäfer');
  const list = page.getByRole('listbox', { name: say('desk.hits') });
  await expect(list.getByRole('option')).toHaveCount(1);
  await staff.inspect();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('ArrowDown');
  await expect(list.getByRole('option', { selected: true })).toContainText('104871');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Petra Schäfer' })).toBeVisible();
  await reach(page, box);
});

test('staff takes off a second factor with a reason, which the customer reads in his log', async ({ arrive }) => {
  const customer = await arrive('de');
  await customer.signIn('104233');
  await setUp(customer);

  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await page.getByRole('combobox', { name: say('desk.search') }).fill('104233');
  await page.getByRole('listbox', { name: say('desk.hits') }).getByRole('option').first().click();
  const people = page.getByRole('region', { name: say('office.people') });
  await expect(people).toContainText(say('office.with_factor'));
  await staff.inspect();
  await people.getByRole('button', { name: new RegExp(say('second_factor.reset')) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: say('second_factor.reset'), exact: true }).click();
  await expect(dialog.getByText(say('refusal.missing'))).toBeVisible();
  await dialog.getByLabel(say('office.reason')).fill('Telefon verloren, Ausweis gezeigt');
  await staff.inspect();
  await dialog.getByRole('button', { name: say('second_factor.reset'), exact: true }).click();
  await expect(people).toContainText(say('office.without_factor'));

  await customer.signIn('104233');
  await customer.page.goto('/log');
  await expect(customer.page.getByText('Telefon verloren, Ausweis gezeigt')).toBeVisible();
  await customer.page.goto('/demo/mails');
  await expect(customer.page.getByRole('article').filter({ hasText: 'Zwei-Faktor-Anmeldung zurückgesetzt' }).first()).toBeVisible();
});
