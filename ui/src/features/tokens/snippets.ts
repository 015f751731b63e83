/** What to type to use a token, for the planes it is let into. */
export interface Snippets {
  curl: string | null;
  openai: string | null;
}

export function snippetsFor(token: string, scopes: string[], apiBase: string): Snippets {
  const isFor = (plane: string) => scopes.length === 0 || scopes.includes(plane);
  return {
    curl: isFor("control") ? curl(token, apiBase) : null,
    openai: isFor("inference") ? openai(token, new URL("/v1", apiBase).href) : null,
  };
}

const curl = (token: string, apiBase: string) =>
  `curl -H "Authorization: Bearer ${token}" \\\n  ${apiBase}/me`;

const openai = (token: string, address: string) =>
  [
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url="${address}", api_key="${token}")`,
    "print(client.models.list())",
  ].join("\n");
