/** The help: found, read in both languages, and the way from an answer to the place and back. */
import { expect, test } from '../support/journey';
import { press, reach, type } from '../support/keyboard';
import { PASSWORD } from '../support/portal';

const NEW_PASSWORD = 'Neun-Tore-27';

test('somebody who is signed out asks how to change the password, and changes it', async ({ arrive }) => {
  test.setTimeout(180_000);
  const somebody = await arrive('de');
  const { page, say } = somebody;

  await test.step('the foot of the sign-in page leads to the answers of that page', async () => {
    await page.goto('/sign-in');
    await page.locator('.entrance-foot').getByRole('link', { name: say('help.title') }).click();
    await expect(page.getByRole('heading', { level: 2, name: say('help.of_page') })).toBeVisible();
    await expect(page.getByText('Wie melde ich mich an?')).toBeVisible();
    await somebody.inspect();
  });

  await test.step('a search without umlauts finds the answer first', async () => {
    await page.getByLabel(say('help.search')).fill('passwort aendern');
    await expect(page.locator('main ul a').first()).toHaveText('Wie ändere ich mein Passwort?');
    await expect(page).toHaveURL(/q=passwort/);
    await page.reload();
    await expect(page.getByLabel(say('help.search'))).toHaveValue('passwort aendern');
    await somebody.inspect();
    await page.getByLabel(say('help.search')).fill('xyzzy');
    await expect(page.getByText(say('help.none_text'))).toBeVisible();
    await somebody.inspect({ schemes: ['light'] });
    await page.getByLabel(say('help.search')).fill('Kennwort ändern');
  });

  await test.step('the answer leads to the page, by way of signing in', async () => {
    await page.getByRole('link', { name: 'Wie ändere ich mein Passwort?' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wie ändere ich mein Passwort?');
    await somebody.inspect();
    await page.getByRole('link', { name: say('help.there') }).click();
    await expect(page).toHaveURL(/sign-in\?to=/);
    await page.getByLabel(say('sign_in.name')).fill('105120');
    await page.getByLabel(say('sign_in.password'), { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(page).toHaveURL(/\/security$/);
  });

  await test.step('the password is changed as the answer says', async () => {
    await page.getByRole('button', { name: say('security.change_password') }).click();
    await page.getByLabel(say('security.current_password'), { exact: true }).fill(PASSWORD);
    await page.locator('#new-password').fill(NEW_PASSWORD);
    await page.getByLabel(say('register.repeat')).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: say('security.change_password') }).click();
    await expect(page.getByText(say('security.password_done')).first()).toBeVisible();
  });

  await test.step('the page leads back to its answers', async () => {
    await page.locator('.page-head').getByRole('link', { name: say('help.title') }).click();
    await expect(page).toHaveURL(/help\?place=/);
    await page.getByText('Wie ändere ich mein Passwort?').click();
    await expect(page.getByText('Geben Sie das bisherige Passwort ein')).toBeVisible();
  });
});

test('the help is read in English, by keyboard, on a phone', async ({ arrive }) => {
  const somebody = await arrive('en');
  const { page, say } = somebody;
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/help');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('help.title'));
  await type(page, page.getByLabel(say('help.search')), 'second factor');
  await press(page, page.getByRole('link', { name: 'How do I set up the second factor?' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How do I set up the second factor?');
  await reach(page, page.getByRole('link', { name: say('help.there') }));
  await somebody.inspect();
  await page.goto('/help/no-such-answer');
  await expect(page.getByText(say('help.gone'))).toBeVisible();
  await somebody.inspect({ schemes: ['light'] });
});

test('every page of the customer has its answers, and every answer its page', async ({ arrive }) => {
  test.setTimeout(180_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  const answer = await customer.ask<{ helpArticles: { place: string; title: string }[] }>(
    '{ helpArticles(language: DE) { place title } }',
  );
  const articles = answer.data?.helpArticles ?? [];
  const ofDealers = ['/imports', '/read-rights'];
  for (const place of new Set(articles.map((article) => article.place))) {
    await page.goto(`/help?place=${place}`);
    const titles = articles.filter((article) => article.place === place).map((article) => article.title);
    await expect(page.locator('main summary')).toHaveText(titles);
    if (ofDealers.includes(place)) continue;
    await page.goto(place);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 }).first()).not.toHaveText(say('failed.not_found_title'));
  }
});
