/** The page Sicherheit: a new password, signed-in devices, sign-ins; and what a signed-out browser keeps. */
import { expect, test } from '../support/journey';
import { PASSWORD } from '../support/portal';

const NEW_PASSWORD = 'Neun-Tore-27';

test('somebody changes the password, and his other browser is out [D05, D06]', async ({ arrive }) => {
  test.setTimeout(180_000);
  const one = await arrive('de');
  const two = await arrive('de');
  const { page, say } = one;
  await one.signIn('105120');
  await two.signIn('105120');

  await test.step('both browsers are in the list, this one first', async () => {
    await one.open('nav.security');
    const devices = page.getByRole('region', { name: say('security.sessions') }).getByRole('listitem');
    await expect(devices).toHaveCount(2);
    await expect(devices.first()).toContainText(say('security.this_device'));
    await expect(page.getByRole('button', { name: say('security.end_others') })).toBeVisible();
    await one.inspect();
  });

  await test.step('a common password is refused at its field', async () => {
    await page.getByRole('button', { name: say('security.change_password') }).click();
    await page.getByLabel(say('security.current_password'), { exact: true }).fill(PASSWORD);
    await page.locator('#new-password').fill('Passwort1!');
    await page.getByLabel(say('register.repeat')).fill('Passwort1!');
    await page.getByRole('button', { name: say('security.change_password') }).click();
    await expect(page.getByText(say('refusal.common_password'))).toBeVisible();
    await one.inspect({ schemes: ['light'] });
  });

  await test.step('another one is taken, and the other browser is signed out', async () => {
    await page.locator('#new-password').fill(NEW_PASSWORD);
    await page.getByLabel(say('register.repeat')).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: say('security.change_password') }).click();
    await expect(page.getByText(say('security.password_done')).first()).toBeVisible();
    const devices = page.getByRole('region', { name: say('security.sessions') }).getByRole('listitem');
    await expect(devices).toHaveCount(1);
    const { data } = await two.ask<{ viewer: object | null }>('{ viewer { id } }');
    expect(data?.viewer).toBeNull();
  });

  await test.step('the sign-ins are listed, with the one that was refused', async () => {
    await two.page.goto('/sign-in');
    await two.page.getByLabel(say('sign_in.name')).fill('105120');
    await two.page.getByLabel(say('sign_in.password'), { exact: true }).fill(PASSWORD);
    await two.page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(two.page.getByText(say('refusal.wrong_credentials'))).toBeVisible();
    await page.reload();
    const history = page.getByRole('region', { name: say('security.history') });
    await expect(history.getByRole('row').nth(1)).toContainText(say('security.wrong_password'));
    await expect(history.getByRole('row').nth(2)).toContainText(say('security.signed_in'));
  });

  await test.step('the new password opens the portal, and this browser ends the other one alone', async () => {
    await two.signIn('105120', NEW_PASSWORD);
    await page.reload();
    const devices = page.getByRole('region', { name: say('security.sessions') }).getByRole('listitem');
    await expect(devices).toHaveCount(2);
    await devices.nth(1).getByRole('button', { name: say('security.end') }).click();
    await expect(devices).toHaveCount(1);
    const { data } = await two.ask<{ viewer: object | null }>('{ viewer { id } }');
    expect(data?.viewer).toBeNull();
  });
});

test('a browser that signed out keeps nothing of the person [D08]', async ({ arrive }) => {
  const somebody = await arrive('de');
  const { page, say } = somebody;
  await somebody.signIn('104233');
  await somebody.open('nav.invoices');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const inside = page.url();
  await page.locator('.avatar[popovertarget]').click();
  await page.getByRole('button', { name: say('frame.sign_out') }).click();
  await expect(page).toHaveURL(/sign-in/);
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage).filter((key) => !['keyhaus-language', 'keyhaus-theme'].includes(key)),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
  }));
  expect(kept).toEqual({ local: [], session: [], databases: 0, caches: 0, cookies: '' });
  expect((await page.context().cookies()).filter(({ value }) => value !== '')).toEqual([]);
  await page.goBack();
  await expect(page.getByLabel(say('sign_in.password'), { exact: true })).toBeVisible();
  await page.goto(inside);
  await expect(page.getByLabel(say('sign_in.password'), { exact: true })).toBeVisible();
});

test('the password field takes what is pasted, shows it when asked, and tells password managers what it is [A12]', async ({
  arrive,
}) => {
  const { page, say } = await arrive('de');
  await page.goto('/sign-in');
  const name = page.getByLabel(say('sign_in.name'));
  const password = page.getByLabel(say('sign_in.password'), { exact: true });
  await expect(name).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await expect(password).toHaveAttribute('type', 'password');
  await name.fill('Sieben-Wege-26');
  await name.press('ControlOrMeta+a');
  await name.press('ControlOrMeta+c');
  await password.focus();
  await password.press('ControlOrMeta+v');
  await expect(password).toHaveValue('Sieben-Wege-26');
  await page.getByRole('button', { name: say('ui.show') }).click();
  await expect(password).toHaveAttribute('type', 'text');
});
