// Sends an operation to the server of this page, with the session's cookie or a token from the headers tab.

/** Posts one operation and gives the server's answer, refusals included. */
export async function fetcher(operation, { headers } = {}) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: {
      accept: "application/graphql-response+json, application/json",
      ...headers,
      "content-type": "application/json",
      "x-keyhaus-csrf": "1",
    },
    body: JSON.stringify(operation),
  });
  return response.json();
}
