// Runs npm's `oidc-provider`, which knows nothing of LISA, on a free loopback port.
//
// It writes `{"issuer": "..."}` as its first line. Each line on stdin makes it sign with a new key
// from then on; the former ones stay published. It ends with stdin.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import { Provider } from "oidc-provider";

const AUDIENCES = { "urn:lisa": "lisa", "urn:other": "other" };
const GROUPS = { alice: ["staff", "research"], root: ["staff", "admins"], guest: [] };
const CLIENT = {
  client_id: "lisa-ui",
  token_endpoint_auth_method: "none",
  redirect_uris: ["http://127.0.0.1/callback"],
  grant_types: ["authorization_code", "refresh_token"],
  application_type: "native",
};

const keys = [];

function addKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ format: "jwk" });
  keys.unshift({ ...key, kid: randomUUID(), alg: "RS256", use: "sig" });
}

function server(resource) {
  return {
    scope: "chat",
    audience: AUDIENCES[resource],
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}

function provider(issuer) {
  return new Provider(issuer, {
    clients: [CLIENT],
    jwks: { keys },
    cookies: { keys: [randomUUID()] },
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => server(resource),
        useGrantedResource: () => true,
      },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context, token) => ({ groups: GROUPS[token.accountId] }),
    ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
  });
}

let answer;
const listening = createServer((request, response) => answer(request, response));
listening.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${listening.address().port}`;
  const renew = () => {
    addKey();
    answer = provider(issuer).callback();
  };
  renew();
  console.log(JSON.stringify({ issuer }));
  const told = createInterface({ input: process.stdin });
  told.on("line", () => {
    renew();
    console.log(JSON.stringify({ kid: keys[0].kid }));
  });
  told.on("close", () => process.exit(0));
});
