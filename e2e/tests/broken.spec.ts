/** What people see when the network or the program fails them. These browsers complain, as they should. */
import { Person, expect, test } from '../support/journey';
import { LANGUAGES, wordsOf } from '../support/words';

for (const language of LANGUAGES) {
  test(`a page that cannot be fetched is fetched again when somebody asks, in ${language}`, async ({ browser, portal }) => {
    const context = await browser.newContext({ baseURL: portal.origin, locale: language });
    const page = await context.newPage();
    const person = new Person(page, wordsOf(language), language);
    const { say } = person;
    await person.signIn('104233');
    await page.route('**/assets/*.wasm', (route) => route.abort());
    await person.open('nav.invoices');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(say('failed.not_fetched'));
    await expect(page.getByRole('heading', { level: 1, name: say('failed.unreachable_title') })).toBeFocused();
    await person.inspect();
    await alert.getByRole('button', { name: say('ui.retry') }).click();
    await expect(alert).toContainText(say('failed.not_fetched'));
    await page.unroute('**/assets/*.wasm');
    await alert.getByRole('button', { name: say('ui.retry') }).click();
    await expect(page.getByRole('heading', { level: 1, name: say('nav.invoices') })).toBeVisible();
    await expect(alert).toHaveCount(0);
    await context.close();
  });

  test(`a program that breaks says so, in ${language}`, async ({ browser, portal }) => {
    const context = await browser.newContext({ baseURL: portal.origin, locale: language });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const person = new Person(page, wordsOf(language), language);
    await person.signIn('104233');
    await page.evaluate(() => {
      // The browser refuses to make the next element, which the program takes for granted.
      const create = Document.prototype.createElement;
      Document.prototype.createElement = function () {
        Document.prototype.createElement = create;
        throw new Error('planned');
      };
    });
    await person.open('nav.products');
    await expect(page.getByRole('alert')).toHaveText(person.say('failed.broken'));
    expect(errors.join('\n')).toContain('panicked at');
    await context.close();
  });
}
