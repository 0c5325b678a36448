/** "Meine Daten": contact person, an address for invoices, another own address and its undo. */
import { expect, test, type Person } from '../support/journey';
import { press, reach, type } from '../support/keyboard';
import { PASSWORD } from '../support/portal';

const OLD = 'aylin@baeckerei-oeztuerk.example';
const NEW = 'aylin@oeztuerk.example';
const BILLS = 'rechnungen@steuerbuero.example';

/** Opens the link of the newest mail to an address in the demo mailbox. */
async function openMail({ page, say }: Person, email: string, subject: string): Promise<void> {
  await page.goto('/demo/mails');
  const mail = page.getByRole('article').filter({ hasText: email }).filter({ hasText: subject }).first();
  await mail.getByRole('link', { name: say('mail.open_link') }).first().click();
}

test('a customer keeps the data of his account, has an address confirmed and changes his own', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await customer.open('nav.account');
  await expect(page.getByRole('heading', { level: 1, name: say('nav.account') })).toBeVisible();
  await expect(page.getByRole('region', { name: say('account.kept') })).toContainText('104233');
  await customer.inspect();

  await test.step('the contact person is kept', async () => {
    const part = page.getByRole('region', { name: say('account.contact'), exact: true });
    await part.getByLabel(say('account.contact_name')).fill('');
    await part.getByLabel(say('account.phone')).fill('ruf mich an');
    await part.getByRole('button', { name: say('account.save_contact') }).click();
    await expect(part.getByText(say('refusal.missing'))).toBeVisible();
    await part.getByLabel(say('account.contact_name')).fill('Emine Öztürk');
    await part.getByRole('button', { name: say('account.save_contact') }).click();
    await expect(part.getByText(say('refusal.not_a_phone_number'))).toBeVisible();
    await part.getByLabel(say('account.phone')).fill('030 12345-67');
    await part.getByRole('button', { name: say('account.save_contact') }).click();
    await expect(page.getByText(say('account.contact_saved'))).toBeVisible();
    await page.reload();
    await expect(part.getByLabel(say('account.contact_name'))).toHaveValue('Emine Öztürk');
  });

  const billing = page.getByRole('region', { name: say('account.billing'), exact: true });
  await test.step('an address for invoices waits until its reader confirms it', async () => {
    await billing.getByLabel(say('account.billing_email')).fill(BILLS);
    await billing.getByRole('button', { name: say('account.billing_add') }).click();
    await expect(billing.getByRole('listitem').filter({ hasText: BILLS })).toContainText(say('account.waits'));
    await customer.inspect();

    const reader = await arrive('de');
    await openMail(reader, BILLS, 'Bitte bestätigen Sie');
    await expect(reader.page.getByRole('heading', { level: 1, name: say('account.confirm_title') })).toBeVisible();
    await reader.inspect();
    await reader.page.getByRole('button', { name: say('account.confirm') }).click();
    await expect(reader.page.getByRole('heading', { level: 1, name: say('account.confirmed_title') })).toBeVisible();
    await reader.inspect();
    await reader.page.reload();
    await expect(reader.page.getByRole('heading', { level: 1, name: say('link.invalid_title') })).toBeVisible();

    await page.reload();
    await expect(billing.getByRole('listitem').filter({ hasText: BILLS })).toContainText(say('account.counts'));
  });

  await test.step('the own address changes once the new mailbox confirms it', async () => {
    const own = page.getByRole('region', { name: say('account.own_email'), exact: true });
    await own.getByLabel(say('account.new_email')).fill(NEW);
    await own.getByRole('button', { name: say('account.change_email') }).click();
    await expect(own.getByRole('listitem').filter({ hasText: NEW })).toContainText(say('account.waits'));
    await expect(own.getByRole('listitem').filter({ hasText: OLD })).toContainText(say('account.counts'));
    await openMail(customer, NEW, 'Bitte bestätigen Sie');
    await page.getByRole('button', { name: say('account.confirm') }).click();
    await expect(page.getByText(say('account.confirmed_email', { email: NEW }))).toBeVisible();
    await page.goto('/account');
    await expect(own.getByRole('listitem').filter({ hasText: NEW })).toContainText(say('account.counts'));
    await expect(own.getByRole('listitem')).toHaveCount(1);
  });

  await test.step('the old mailbox takes it back, and the session ends', async () => {
    const victim = await arrive('de');
    await openMail(victim, OLD, 'Ihre E-Mail-Adresse wurde geändert');
    await expect(victim.page.getByRole('heading', { level: 1, name: say('account.undo_title') })).toBeVisible();
    await victim.inspect();
    await victim.page.getByRole('button', { name: say('account.undo') }).click();
    await expect(victim.page.getByText(say('account.undone_email', { email: OLD }))).toBeVisible();
    await page.goto('/account');
    await expect(page).toHaveURL(/sign-in/);
    await page.getByLabel(say('sign_in.name')).fill(NEW);
    await page.getByLabel(say('sign_in.password'), { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(page.getByText(say('refusal.wrong_credentials'))).toBeVisible();
  });
});

test('a customer changes his address and his zone by the keyboard alone, on a phone', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/sign-in');
  await type(page, page.getByLabel(say('sign_in.name')), '104233');
  await type(page, page.getByLabel(say('sign_in.password'), { exact: true }), PASSWORD);
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: say('frame.more') }));
  await press(page, page.getByRole('link', { name: say('nav.account') }));
  await expect(page.getByRole('heading', { level: 1, name: say('nav.account') })).toBeFocused();

  await type(page, page.getByLabel(say('account.contact_name')), 'Emine Öztürk');
  await press(page, page.getByRole('button', { name: say('account.save_contact') }));
  await expect(page.getByText(say('account.contact_saved'))).toBeVisible();

  await type(page, page.getByLabel(say('account.billing_email')), BILLS);
  await press(page, page.getByRole('button', { name: say('account.billing_add') }));
  const bills = page.getByRole('listitem').filter({ hasText: BILLS });
  await expect(bills).toContainText(say('account.waits'));
  await press(page, bills.getByRole('button', { name: say('account.remove') }));
  await expect(bills).toHaveCount(0);

  await reach(page, page.getByLabel(say('account.zone'), { exact: true }));
  await page.keyboard.type('America/Lima');
  await press(page, page.getByRole('button', { name: say('account.save_preferences') }));
  await expect(page.getByText(say('account.preferences_saved'))).toBeVisible();
  const zone = await customer.ask<{ viewer: { timeZone: string } }>('{ viewer { timeZone } }');
  expect(zone.data?.viewer.timeZone).toBe('America/Lima');

  await type(page, page.getByLabel(say('account.new_email')), NEW);
  await press(page, page.getByRole('button', { name: say('account.change_email') }));
  await expect(page.getByRole('listitem').filter({ hasText: NEW })).toContainText(say('account.waits'));
  await openMail(customer, NEW, 'Bitte bestätigen Sie');
  await press(page, page.getByRole('button', { name: say('account.confirm') }));
  await expect(page.getByRole('heading', { level: 1, name: say('account.confirmed_title') })).toBeVisible();
});
