// The graph in a thread of its own, so that the page goes on and a question that runs away can be stopped.
import start, { Store } from "./web.js";

/** Return the bytes of the graph; some hosts unpack the file themselves. */
const graph = async () => {
  const answer = await fetch(new URL("graph.trig.gz", import.meta.url));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
};

const ready = (async () => {
  const [bytes] = await Promise.all([graph(), start()]);
  const store = new Store();
  store.load(bytes, { format: "application/trig", lenient: true, no_transaction: true });
  return store;
})();
ready.then(() => postMessage({ ready: true }), (fault) => postMessage({ failed: String(fault?.message ?? fault) }));

onmessage = async ({ data: { id, query, format } }) => {
  try {
    postMessage({ id, answer: (await ready).query(query, { results_format: format }) });
  } catch (fault) {
    postMessage({ id, fault: String(fault?.message ?? fault) });
  }
};
