/** Coming in for the first time and coming in again: registration, forgotten sign-in details, a link that was used. */
import type { Page } from '@playwright/test';
import { expect, test, type Person } from '../support/journey';
import { press, type } from '../support/keyboard';
import { PASSWORD } from '../support/portal';

const NEW = 'Neun-Wege-26';

/** The newest link that the demo mailbox has for an address, opened in this person's browser. */
async function openMail(person: Person, subject: string): Promise<string> {
  const { page, say } = person;
  await page.goto('/demo/mails');
  const mail = page.getByRole('article').filter({ hasText: subject }).first();
  await expect(mail).toBeVisible();
  const link = await mail.getByRole('link', { name: say('mail.open_link') }).first().getAttribute('href');
  if (link === null) throw new Error('the mail has no link');
  await page.goto(link);
  return link;
}

async function choose(page: Page, person: Person, password: string): Promise<void> {
  await page.getByLabel(person.say('register.password'), { exact: true }).fill(password);
  await page.getByLabel(person.say('register.repeat'), { exact: true }).fill(password);
}

test('somebody registers by himself [F01]', async ({ arrive }) => {
  const person = await arrive('de');
  const { page, say } = person;

  await test.step('he asks for a link, and a wrong address is told at the field', async () => {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: say('sign_in.register') }).click();
    await expect(page.getByRole('heading', { level: 1, name: say('user.register_title') })).toBeVisible();
    await page.getByRole('button', { name: say('user.register_submit') }).click();
    await expect(page.getByText(say('user.missing_email'))).toBeVisible();
    await page.getByLabel(say('user.email')).fill('lena.hauser');
    await page.getByRole('button', { name: say('user.register_submit') }).click();
    await expect(page.getByText(say('refusal.not_an_email'))).toBeVisible();
    await person.inspect();
    await page.getByLabel(say('user.email')).fill('lena.hauser@hauser.example');
    await page.getByRole('button', { name: say('user.register_submit') }).click();
    await expect(page.getByRole('heading', { level: 1, name: say('user.sent_title') })).toBeVisible();
    await person.inspect();
  });

  const link = await test.step('the link leads to a password, ticked off while it is typed', async () => {
    const link = await openMail(person, 'lena.hauser@hauser.example');
    await expect(page.getByRole('heading', { level: 1, name: say('register.title') })).toBeVisible();
    await choose(page, person, 'Password1!');
    await page.getByRole('button', { name: say('register.submit') }).click();
    await expect(page.getByText(say('refusal.common_password'))).toBeVisible();
    await person.inspect();
    return link;
  });

  await test.step('she is signed in, and the link is used up', async () => {
    await choose(page, person, NEW);
    await page.getByRole('button', { name: say('register.submit') }).click();
    await expect(page).toHaveURL('/');
    await person.inspect();
    const other = await arrive('de');
    await other.page.goto(link);
    await expect(other.page.getByRole('heading', { level: 1, name: say('link.invalid_title') })).toBeVisible();
    await other.inspect();
    await other.signIn('lena.hauser@hauser.example', NEW);
  });
});

test('a customer has forgotten his sign-in details [C10]', async ({ arrive }) => {
  const person = await arrive('en');
  const { page, say } = person;

  await test.step('he is told the same for every name', async () => {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: say('sign_in.forgotten') }).click();
    for (const name of ['nobody@nowhere.example', '104233']) {
      await page.goto('/forgotten');
      await page.getByLabel(say('sign_in.name')).fill(name);
      await page.getByRole('button', { name: say('user.forgotten_submit') }).click();
      await expect(page.getByText(say('user.forgotten_done'))).toBeVisible();
    }
    await person.inspect();
  });

  await test.step('the mail has his user name, and its link a new password', async () => {
    await openMail(person, '104233');
    await expect(page.getByRole('heading', { level: 1, name: say('user.choose_title') })).toBeVisible();
    await person.inspect();
    await choose(page, person, NEW);
    await page.getByRole('button', { name: say('user.choose_submit') }).click();
    await expect(page).toHaveURL('/sign-in');
  });

  await test.step('only the new password opens', async () => {
    await page.getByLabel(say('sign_in.name')).fill('104233');
    await page.getByLabel(say('sign_in.password'), { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(page.getByText(say('sign_in.wrong'))).toBeVisible();
    await page.getByLabel(say('sign_in.password'), { exact: true }).fill(NEW);
    await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(page).toHaveURL('/');
  });
});

test('registering and choosing a new password work by the keyboard alone, on a phone', async ({ arrive }) => {
  const person = await arrive('de');
  const { page, say } = person;
  await page.setViewportSize({ width: 360, height: 800 });

  await page.goto('/sign-in');
  await press(page, page.getByRole('link', { name: say('sign_in.register') }));
  await type(page, page.getByLabel(say('user.email')), 'jonas.berg@berg.example');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('user.sent_title') })).toBeVisible();

  await openMail(person, 'jonas.berg@berg.example');
  await type(page, page.getByLabel(say('register.password'), { exact: true }), NEW);
  await type(page, page.getByLabel(say('register.repeat'), { exact: true }), NEW);
  await press(page, page.getByRole('button', { name: say('register.submit') }));
  await expect(page).toHaveURL('/');

  const again = await arrive('de');
  await again.page.setViewportSize({ width: 360, height: 800 });
  await again.page.goto('/sign-in');
  await press(again.page, again.page.getByRole('link', { name: say('sign_in.forgotten') }));
  await type(again.page, again.page.getByLabel(say('sign_in.name')), 'jonas.berg@berg.example');
  await again.page.keyboard.press('Enter');
  await expect(again.page.getByText(say('user.forgotten_done'))).toBeVisible();
  await openMail(again, 'Zugangsdaten');
  await type(again.page, again.page.getByLabel(say('register.password'), { exact: true }), 'Zehn-Tore-26');
  await type(again.page, again.page.getByLabel(say('register.repeat'), { exact: true }), 'Zehn-Tore-26');
  await press(again.page, again.page.getByRole('button', { name: say('user.choose_submit') }));
  await expect(again.page).toHaveURL('/sign-in');
});

test('a wrong code of a letter is told, and a mistyped one at once', async ({ arrive }) => {
  const person = await arrive('de');
  const { page, say } = person;
  await page.goto('/forgotten');
  await page.getByRole('link', { name: say('user.to_letter') }).click();
  await page.getByLabel(say('user.number')).fill('104233');
  await page.getByLabel(say('user.letter_code')).fill('0000-0000-0000-1');
  await page.getByRole('button', { name: say('user.letter_submit') }).click();
  await expect(page.getByText(say('refusal.mistyped'))).toBeVisible();
  await person.inspect();
  await page.getByLabel(say('user.letter_code')).fill('0000-0000-0000-0');
  await page.getByRole('button', { name: say('user.letter_submit') }).click();
  await expect(page.getByText(say('user.wrong_letter_code'))).toBeVisible();
  await expect(page).toHaveURL('/letter');
});
