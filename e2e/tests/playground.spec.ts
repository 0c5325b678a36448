/** A developer explores the API: the playground comes whole from the binary, under the page's policy. */
import { expect, test } from '../support/journey';

test('a developer reads the schema and runs the products query', async ({ arrive, portal }) => {
  const developer = await arrive('de');
  const { page } = developer;
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(portal.origin) && !request.url().startsWith('blob:')) foreign.push(request.url());
  });

  await developer.signIn('104233');
  await page.goto('/playground/');

  await test.step('the schema is documented beside the editor', async () => {
    const documentation = page.locator('.graphiql-doc-explorer');
    await documentation.getByText('Query', { exact: true }).click();
    await documentation.getByText('products', { exact: true }).click();
    await expect(documentation.getByText("The provider's catalogue, by code. Everybody who is signed in sees it.")).toBeVisible();
  });

  // The editor takes its colours when it starts, so each scheme is a start of its own.
  for (const colorScheme of ['light', 'dark'] as const) {
    await test.step(`the query that stands there answers, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await page.getByRole('button', { name: /Execute query/ }).click();
      const answer = page.locator('.result-window');
      await expect(answer).toContainText('"products"');
      await expect(answer).toContainText('HOST-PRO');
      await expect(answer).not.toContainText('errors');
      await developer.inspect({ schemes: [colorScheme], fits: false });
    });
  }

  expect(foreign).toEqual([]);
});
