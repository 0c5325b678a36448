/** Orders: order, change and cancel with the office's answer and the mails; a contract cancelled by its button. */
import { expect, test, type Person } from '../support/journey';
import { press, type } from '../support/keyboard';

const STAFF = 'j.reimann@lindwerk.example';
const BAKERY = 'aylin@baeckerei-oeztuerk.example';
const HOUSEHOLD = 'p.schaefer@mieter.example';

/** Shows that the demo mailbox has a mail to an address with this subject and these words. */
async function expectMail({ page }: Person, email: string, subject: RegExp, ...words: string[]): Promise<void> {
  await page.goto('/demo/mails');
  const mail = page.getByRole('article').filter({ hasText: email }).filter({ hasText: subject }).first();
  await expect(mail).toBeVisible();
  for (const word of words) await expect(mail).toContainText(word);
}

/** The office answers the order of this id with a reason; without one it is asked for one. */
async function answer({ page, say }: Person, order: string, button: string, reason: string): Promise<void> {
  await page.goto(`/office/orders/${order}`);
  await page.getByRole('button', { name: say(button), exact: true }).click();
  await expect(page.getByText(say('refusal.missing'))).toBeVisible();
  await page.getByLabel(say('order.decision_reason')).fill(reason);
  await page.getByRole('button', { name: say(button), exact: true }).click();
  await expect(page.getByRole('button', { name: say(button), exact: true })).toHaveCount(0);
}

/** The id in the address of an order's page. */
async function orderOf({ page }: Person): Promise<string> {
  await expect(page).toHaveURL(/\/orders\/[0-9a-f-]{36}$/);
  return page.url().split('/').pop() ?? '';
}

test('a customer orders a product once with two clicks, and the office confirms it', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.goto('/orders/new');
  await page.getByRole('radio', { name: /^Mail-Archiv/ }).check();
  const button = page.getByRole('button', { name: 'zahlungspflichtig bestellen', exact: true });
  await expect(button).toBeVisible();
  const summary = page.getByRole('region', { name: say('order.summary') });
  await expect(summary).toContainText('12,00');
  await expect(summary).toContainText('14,28');
  await customer.inspect();
  await button.dblclick();
  const order = await orderOf(customer);
  await expect(page.locator('.page-head .badge')).toHaveText(say('order.placed'));
  await customer.inspect();
  await expectMail(customer, BAKERY, /Eingangsbestätigung: Bestellung/, 'Mail-Archiv');
  await page.goto('/orders');
  await expect(page.getByRole('row').filter({ hasText: 'Mail-Archiv' })).toHaveCount(1);

  const staff = await arrive('de');
  await staff.signIn(STAFF);
  await staff.page.goto(`/office/orders/${order}`);
  await staff.inspect();
  await answer(staff, order, 'order.confirm', 'Postfächer sind eingerichtet');
  await expectMail(customer, BAKERY, /Bestätigt: Bestellung/, 'Postfächer sind eingerichtet');
  await page.goto(`/orders/${order}`);
  await expect(page.getByText('Postfächer sind eingerichtet')).toBeVisible();
});

test('a change shows both prices and is refused with a reason', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104871');
  await page.goto('/products');
  await page.getByRole('link', { name: 'Internet Zuhause 100' }).click();
  await page.getByRole('link', { name: say('order.change_or_add') }).click();
  await page.getByRole('radio', { name: /^Internet Zuhause 300/ }).check();
  const summary = page.getByRole('region', { name: say('order.summary') });
  await expect(summary).toContainText('39,90');
  await expect(summary).toContainText('49,90');
  await expect(summary.getByText(say('order.from'), { exact: true })).toBeVisible();
  await customer.inspect();
  await page.getByRole('button', { name: 'zahlungspflichtig bestellen', exact: true }).click();
  const order = await orderOf(customer);

  const staff = await arrive('en');
  await staff.signIn(STAFF);
  await answer(staff, order, 'order.reject', 'In Ihrer Straße fehlt noch die Leitung');
  await expectMail(customer, HOUSEHOLD, /Abgelehnt: Bestellung/, 'In Ihrer Straße fehlt noch die Leitung');
  await page.goto('/products');
  await expect(page.getByRole('row').filter({ hasText: 'Internet Zuhause 100' })).toBeVisible();
});

test('a cancellation is taken back, made again and confirmed', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  const cancel = async (): Promise<string> => {
    await page.goto('/products');
    await page.getByRole('link', { name: 'Hosting Pro' }).click();
    await page.getByRole('link', { name: say('order.cancel_title') }).click();
    await expect(page.getByText(/Der Vertrag endet mit dem \d/)).toBeVisible();
    await customer.inspect({ schemes: ['light'] });
    await page.getByRole('button', { name: 'jetzt kündigen', exact: true }).click();
    return orderOf(customer);
  };
  await cancel();
  await page.getByRole('button', { name: say('order.withdraw'), exact: true }).click();
  await expect(page.locator('.page-head .badge')).toHaveText(say('order.withdrawn'));
  const order = await cancel();
  await expectMail(customer, BAKERY, /Eingangsbestätigung: Kündigung/, 'Hosting Pro');

  const staff = await arrive('de');
  await staff.signIn(STAFF);
  await answer(staff, order, 'order.confirm', 'Wir bedauern Ihre Entscheidung');
  await expectMail(customer, BAKERY, /Bestätigt: Kündigung/);
  await page.goto('/products');
  await expect(page.getByRole('row').filter({ hasText: 'Hosting Pro' })).toContainText(say('product.cancelled'));
});

test('a contract is cancelled by its button without signing in, on a phone, by keyboard alone', async ({ arrive }) => {
  const somebody = await arrive('en');
  const { page, say } = somebody;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/sign-in');
  await press(page, page.getByRole('link', { name: say('legal.cancel'), exact: true }));
  await expect(page.getByRole('heading', { level: 1, name: say('legal.cancel') })).toBeVisible();
  await press(page, page.getByRole('button', { name: say('ui.next') }));
  await expect(page.getByText(say('refusal.missing')).first()).toBeVisible();
  await type(page, page.getByLabel(say('legal.name')), 'Petra Schäfer');
  await type(page, page.getByLabel(say('legal.identification')), '104871');
  await type(page, page.getByLabel(say('legal.contract'), { exact: true }), 'V-31877');
  await type(page, page.getByLabel(say('user.email')), 'petra@mieter.example');
  await somebody.inspect();
  await press(page, page.getByRole('button', { name: say('ui.next') }));
  await expect(page.getByText('V-31877')).toBeVisible();
  await somebody.inspect();
  await press(page, page.getByRole('button', { name: say('legal.cancel_now'), exact: true }));
  await expect(page.getByRole('heading', { level: 1, name: say('legal.received') })).toBeVisible();
  await somebody.inspect();
  await expectMail(somebody, 'petra@mieter.example', /cancellation/, 'Petra Schäfer', 'V-31877');

  const staff = await arrive('de');
  await staff.signIn(STAFF);
  await staff.page.goto('/office/orders?unmatched=1');
  await staff.page.getByRole('link', { name: staff.say('order.cancellation') }).first().click();
  await expect(staff.page.getByText('petra@mieter.example')).toBeVisible();
  await staff.inspect();
  await staff.page.getByLabel(staff.say('office.number')).fill('104871');
  await staff.page.getByLabel(staff.say('product.contract_number')).fill('V-99999');
  await staff.page.getByRole('button', { name: staff.say('order.assign') }).click();
  await expect(staff.page.getByRole('alert')).toBeVisible();
  await staff.page.getByLabel(staff.say('product.contract_number')).fill('V-31877');
  await staff.page.getByRole('button', { name: staff.say('order.assign') }).click();
  await expect(staff.page.getByText('Petra Schäfer · 104871')).toBeVisible();
  await staff.page.getByLabel(staff.say('order.decision_reason')).fill('Wir bestätigen die Kündigung');
  await press(staff.page, staff.page.getByRole('button', { name: staff.say('order.confirm'), exact: true }));
  await expect(staff.page.getByRole('button', { name: staff.say('order.confirm'), exact: true })).toHaveCount(0);

  await somebody.signIn('104871');
  await page.goto('/products');
  await expect(page.getByRole('row').filter({ hasText: 'V-31877' }).or(page.getByRole('row').filter({ hasText: 'Internet' }))).toContainText(say('product.cancelled'));
});

test('a withdrawal from a contract is declared without signing in', async ({ arrive }) => {
  const somebody = await arrive('de');
  const { page, say } = somebody;
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Vertrag widerrufen', exact: true }).click();
  await page.getByLabel(say('legal.name')).fill('Jan Unbekannt');
  await page.getByLabel(say('legal.identification')).fill('999999');
  await page.getByLabel(say('legal.contract'), { exact: true }).fill('Internet');
  await page.getByLabel(say('user.email')).fill('jan@niemand.example');
  await page.getByRole('button', { name: say('ui.next') }).click();
  await somebody.inspect();
  await page.getByRole('button', { name: say('legal.withdraw_now'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('legal.received') })).toBeVisible();
  await expectMail(somebody, 'jan@niemand.example', /Widerruf/, 'Jan Unbekannt');
});
