"""How the provider's pages look: the colours and shapes of LISA's own pages."""

import base64
import hashlib
from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --background: light-dark(#f7f7f5, #121416);
  --foreground: light-dark(#1c1e21, #ececea);
  --card: light-dark(#ffffff, #1a1d20);
  --muted-foreground: light-dark(#565b63, #a9afb7);
  --primary: light-dark(#0f5f6b, #7accd8);
  --primary-foreground: light-dark(#ffffff, #05262b);
  --destructive: light-dark(#b3261e, #ff8f85);
  --input: light-dark(#868b92, #757d86);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--background);
  color: var(--foreground);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
main {
  display: flex;
  flex-direction: column;
  justify-content: center;
  gap: 1.25rem;
  max-width: 26rem;
  min-height: 100dvh;
  margin: 0 auto;
  padding: 1.5rem;
}
p, h1 { margin: 0; }
h1 { font-size: 1.5rem; font-weight: 600; }
form { display: flex; flex-direction: column; gap: 1rem; }
label { display: flex; flex-direction: column; gap: 0.25rem; font-weight: 500; }
input {
  min-height: 2.75rem;
  padding: 0 0.75rem;
  border: 1px solid var(--input);
  border-radius: 0.5rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
button, .button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.75rem;
  padding: 0 1rem;
  border: 0;
  border-radius: 0.5rem;
  background: var(--primary);
  color: var(--primary-foreground);
  font: inherit;
  font-weight: 500;
  text-decoration: none;
  cursor: pointer;
}
:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px; }
.brand { font-size: 1.125rem; font-weight: 700; letter-spacing: -0.025em; }
.hint { color: var(--muted-foreground); font-size: 0.875rem; }
.failure { color: var(--destructive); font-weight: 500; }
.failure:empty { display: none; }
"""

STYLE_SOURCE: Final = (
    "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"
)
