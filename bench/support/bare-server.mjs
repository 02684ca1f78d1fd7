// The least that a Node HTTP server does for a POST: reads the body and answers with as many bytes as the path says (/180).
// Prints its address, and ends with its standard input.
import { createServer } from "node:http";

const answers = new Map();
const server = createServer({ noDelay: true }, (request, response) => {
  request.on("data", () => {});
  request.on("end", () => {
    const body = answerOf(request.url);
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  });
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on("end", () => process.exit()).resume();

function answerOf(url) {
  if (!answers.has(url)) answers.set(url, "1".repeat(Number(url.slice(1))));
  return answers.get(url);
}
