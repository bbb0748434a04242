// Serves the built page and a model on loopback as a sensor would: with its content security policy,
// an ETag, and the answers that a page must bear (401, 503, none).
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES = { "/": ["index.html", "text/html; charset=utf-8"], "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"] };

// Fields may be changed while it runs: view (what /api/v1/view answers), token, status, files (further
// paths: {body, type, policy}). `asked` holds every request that came.
export async function serve(folder) {
  const state = { view: null, token: null, status: 200, files: {}, asked: [], revision: 0 };
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://sensor");
    state.asked.push({ path: pathname, tag: request.headers["if-none-match"] ?? null });
    const send = (status, type, body, more = {}) => {
      response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer", ...more });
      response.end(body);
    };
    const json = (status, value, more) => send(status, "application/json", JSON.stringify(value), more);
    if (FILES[pathname]) {
      const [name, type] = FILES[pathname];
      send(200, type, fs.readFileSync(path.join(folder, name)));
    } else if (state.files[pathname]) {
      const { body, type, policy } = state.files[pathname];
      send(200, type, body, policy ? { "Content-Security-Policy": policy } : {});
    } else if (pathname === "/api/v1/view") {
      const tag = `"${state.revision}"`;
      if (state.token !== null && request.headers.authorization !== `Bearer ${state.token}`) json(401, { error: "a token is needed" });
      else if (state.status !== 200) json(state.status, { error: "nothing is published yet: the first period ends in 40 s" });
      else if (request.headers["if-none-match"] === tag) send(304, "application/json", "", { ETag: tag });
      else json(200, state.view, { ETag: tag });
    } else {
      json(404, { error: "no such path" });
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return {
    state,
    url: `http://127.0.0.1:${port}/`,
    // Ends every connection too, as a sensor that stops.
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
    again: () => new Promise((done) => server.listen(port, "127.0.0.1", done)),
  };
}
