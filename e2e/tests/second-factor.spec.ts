/** The second factor: set up, signed in with, lost; and an account that asks for it. */
import { expect, test, type Person } from '../support/journey';
import { reach } from '../support/keyboard';
import { PASSWORD } from '../support/portal';
import { openSecurity, setUp } from '../support/second-factor';
import { CodeApp } from '../support/totp';
import { LANGUAGES } from '../support/words';

/** Gives name and password, and waits for the second step. */
async function firstStep({ page, say }: Person, name: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(say('sign_in.name')).fill(name);
  await page.getByLabel(say('sign_in.password'), { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('second_factor.step_title') })).toBeVisible();
}

for (const language of LANGUAGES) {
  test(`a customer sets it up, signs in with it and with a recovery code, and turns it off, in ${language}`, async ({ arrive }) => {
    test.setTimeout(300_000);
    const customer = await arrive(language);
    const { page, say } = customer;
    await customer.signIn('104233');
    const { app, codes } = await setUp(customer, { isLookedAt: true });
    await customer.inspect();

    await test.step('the password alone opens nothing; a code does', async () => {
      const other = await arrive(language);
      await firstStep(other, '104233');
      const half = await other.ask('{ invoices { totalCount } }');
      expect(half.errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
      await other.page.getByLabel(say('second_factor.code'), { exact: true }).fill('000000');
      await other.page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
      await expect(other.page.getByText(say('refusal.wrong_code'))).toBeVisible();
      await other.inspect();
      await other.page.getByLabel(say('second_factor.code'), { exact: true }).fill(await app.next());
      await other.page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
      await expect(other.page.locator('.avatar[popovertarget]')).toBeVisible();
    });

    await test.step('without the phone a recovery code does, once', async () => {
      const other = await arrive(language);
      await firstStep(other, '104233');
      await other.page.getByRole('button', { name: say('second_factor.use_recovery_code') }).click();
      await other.page.getByLabel(say('second_factor.recovery_code'), { exact: true }).fill(codes[0] ?? '');
      await other.page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
      await expect(other.page.locator('.avatar[popovertarget]')).toBeVisible();
      await openSecurity(other);
      await expect(other.page.getByText(say('second_factor.left', { count: 9 }))).toBeVisible();
    });

    await test.step('it is turned off with a code', async () => {
      await page.getByRole('button', { name: say('second_factor.turn_off') }).click();
      const dialog = page.getByRole('dialog', { name: say('second_factor.off_title') });
      await customer.inspect();
      await dialog.getByLabel(say('second_factor.code'), { exact: true }).fill(await app.next());
      await dialog.getByRole('button', { name: say('second_factor.turn_off') }).click();
      await expect(page.getByRole('button', { name: say('second_factor.set_up'), exact: true })).toBeVisible();
      await page.goto('/demo/mails');
      await expect(page.getByRole('article').first()).toContainText(/Zwei-Faktor-Anmeldung ausgeschaltet|Two-factor sign-in turned off/);
    });
  });
}

test('who has lost it is let in again by the staff', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  await customer.signIn('104871');
  await setUp(customer);
  const { data } = await customer.ask<{ viewer: { id: string } }>('{ viewer { id } }');
  const staff = await arrive('de');
  await staff.signIn('j.reimann@lindwerk.example');
  const reset = 'mutation($input: ResetSecondFactorInput!) { resetSecondFactor(input: $input) { userId } }';
  const answer = await staff.ask(reset, { input: { userId: data?.viewer.id, reason: 'Telefon verloren' } });
  expect(answer.errors).toBeUndefined();
  await customer.page.goto('/products');
  await expect(customer.page).toHaveURL(/sign-in/);
  await customer.signIn('104871');
});

test('it is set up and used by the keyboard alone, on a phone', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('105120');
  await page.setViewportSize({ width: 360, height: 740 });
  await openSecurity(customer);
  await reach(page, page.getByRole('button', { name: say('second_factor.set_up'), exact: true }));
  await page.keyboard.press('Enter');
  const app = new CodeApp(await page.locator('#second-factor-secret').innerText());
  await reach(page, page.getByLabel(say('second_factor.new_code'), { exact: true }));
  await page.keyboard.type(await app.next());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('second_factor.codes_title') })).toBeVisible();
  await reach(page, page.getByRole('checkbox', { name: say('second_factor.kept') }));
  await page.keyboard.press('Space');
  await reach(page, page.getByRole('button', { name: say('second_factor.done'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(say('second_factor.left', { count: 10 }))).toBeVisible();

  const other = await arrive('de');
  await other.page.setViewportSize({ width: 360, height: 740 });
  await other.page.goto('/sign-in');
  await reach(other.page, other.page.getByLabel(say('sign_in.name')));
  await other.page.keyboard.type('105120');
  await reach(other.page, other.page.getByLabel(say('sign_in.password'), { exact: true }));
  await other.page.keyboard.type(PASSWORD);
  await other.page.keyboard.press('Enter');
  await reach(other.page, other.page.getByLabel(say('second_factor.code'), { exact: true }));
  await other.page.keyboard.type(await app.next());
  await other.page.keyboard.press('Enter');
  await expect(other.page.locator('.avatar[popovertarget]')).toBeVisible();
});

test.describe('where dealers and staff need it', () => {
  test.use({ settings: { KEYHAUS_REQUIRE_SECOND_FACTOR: 'true' } });

  test('a dealer sets it up first, and then sees his devices', async ({ arrive }) => {
    test.setTimeout(240_000);
    const dealer = await arrive('de');
    const { page, say } = dealer;
    await dealer.signIn('200014');
    await expect(page.getByRole('heading', { level: 1, name: say('second_factor.needed_title') })).toBeVisible();
    await dealer.inspect();
    const closed = await dealer.ask('{ assignments { totalCount } }');
    expect(closed.errors?.map((error) => error.extensions.code)).toEqual(['SECOND_FACTOR_REQUIRED']);
    await page.getByRole('link', { name: say('second_factor.set_up') }).click();
    await setUp(dealer);
    await dealer.open('nav.devices');
    await expect(page.getByRole('heading', { level: 1, name: say('nav.devices') })).toBeVisible();
  });
});
