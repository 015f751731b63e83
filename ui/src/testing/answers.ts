/** What servers in memory are asked, and how they answer. */
export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: each route knows the shape of its own body
  body: any;
  bearer: string;
  signal: AbortSignal;
}

export type Route = [
  method: string,
  path: RegExp,
  answer: (sent: Sent, id: string) => Response | Promise<Response>,
];

export const json = (body: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

export const nothing = (status = 204) => new Response(null, { status });

export const refusal = (status: number, message: string, next_step = "") =>
  json({ error: { code: "some_code", message, next_step, request_id: "req_7" } }, status);

export function page<Row>(rows: Row[], query: URLSearchParams): Response {
  const from = Number(query.get("cursor") || 0);
  const to = from + Number(query.get("limit"));
  return json({ items: rows.slice(from, to), next_cursor: to < rows.length ? String(to) : "" });
}

/** Files are sent as they are, all else is JSON. */
export async function bodyOf(request: Request): Promise<Sent["body"]> {
  if (request.method === "PUT" && request.url.includes("/put/")) return request.blob();
  const said = await request.text();
  return request.url.includes("/sets/file?") ? said : JSON.parse(said || "{}");
}
