// After the last test: stops the server that the setup has started.

export default async function teardown() {
  await globalThis.eventcoreTestServer?.stop();
}
