// The page's side of the local API. Rule: an answer that was read is a Problem; anything else
// after a POST is Unclear, and the same key is sent again rather than a new one.

export class Problem extends Error {
  constructor(document) {
    super(document.title);
    this.code = document.code;
    this.details = document.details || {};
    this.sale = document.sale;
    this.title = document.title;
  }
}

export class Unclear extends Error {}

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Problem(await answer.json().catch(() => ({ code: String(answer.status) })));
  return answer.json();
}

export async function post(path, { key, body, seq } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  if (seq !== undefined) headers["If-Match"] = `"${seq}"`;
  let answer, told;
  try {
    answer = await fetch(path, { method: "POST", headers, body: body && JSON.stringify(body) });
    told = await answer.json();
  } catch (error) {
    throw new Unclear(String(error));
  }
  if ([500, 502, 504].includes(answer.status)) throw new Unclear(told.detail);
  if (!answer.ok) throw new Problem(told);
  return told;
}

// Calls `changed` with each lane and `connected` with true or false as that is known.
export function follow({ changed, connected, refused }) {
  const stream = new EventSource("/v1/events");
  stream.addEventListener("lane", (event) => {
    connected(true);
    changed(JSON.parse(event.data));
  });
  stream.onerror = () => {
    connected(false);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    get("/v1/lane").catch((error) => error instanceof Problem && refused(error));
    setTimeout(() => follow({ changed, connected, refused }), 2000);
  };
}
