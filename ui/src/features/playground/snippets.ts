/** The same call for a shell and for Python; the token comes from the environment. */
export interface Snippets {
  curl: string;
  openai: string;
}

type Body = Record<string, unknown> & { model: string };

export function chatSnippets(base: string, body: Body): Snippets {
  return {
    curl: curl(`${base}/chat/completions`, { ...body, stream: true }, "-N "),
    openai: python(
      base,
      [
        `stream = client.chat.completions.create(${argumentsOf({ ...body, stream: true })})`,
        "for chunk in stream:",
        "    for choice in chunk.choices:",
        '        print(choice.delta.content or "", end="", flush=True)',
      ].join("\n"),
    ),
  };
}

export function embeddingSnippets(base: string, body: Body): Snippets {
  return {
    curl: curl(`${base}/embeddings`, body),
    openai: python(
      base,
      [
        `answer = client.embeddings.create(${argumentsOf(body)})`,
        "print(len(answer.data[0].embedding))",
      ].join("\n"),
    ),
  };
}

function curl(address: string, body: Body, options = ""): string {
  return [
    `curl ${options}${quoted(address)} \\`,
    '  -H "Authorization: Bearer $LISA_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join("\n");
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

function python(base: string, call: string): string {
  return [
    "import os",
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url=${literal(base)}, api_key=os.environ["LISA_TOKEN"])`,
    call,
  ].join("\n");
}

function argumentsOf(body: Body): string {
  const lines = Object.entries(body).map(([name, value]) => `    ${name}=${literal(value)},`);
  return `\n${lines.join("\n")}\n`;
}

/** Texts, numbers and what is made of them look the same in Python; truth doesn't. */
const literal = (value: unknown) => (value === true ? "True" : JSON.stringify(value));
